// The page behind "Manage appointment": one request, seen and withdrawn with the token in the address's fragment.

const STATUS_TEXTS = {
  unverified: "Not sent yet",
  pending: "Unconfirmed",
  offered: "Other times offered",
  confirmed: "Confirmed",
  declined: "Declined",
  expired: "Expired",
  withdrawn: "Withdrawn",
  cancelled: "Cancelled",
  replaced: "Replaced",
};

const FORUM_TEXTS = { in_person: "In person", telehealth: "Online" };

const [requestId, token] = location.hash.slice(1).split("/");
const part = (id) => document.getElementById(id);

async function apiAddress() {
  const answer = await fetch("config.json");
  return answer.ok ? (await answer.json()).api : "";
}

async function call(method) {
  const address = `${await apiAddress()}/v1/requests/${encodeURIComponent(requestId)}`;
  const answer = await fetch(address, { method, headers: { authorization: `Bearer ${token}` }, cache: "no-store" });
  const document = await answer.json();
  if (!answer.ok) throw new Error(`${document.title}. ${document.detail}`);
  return document;
}

function inZone(instant, zone, options) {
  return new Intl.DateTimeFormat(navigator.language, { timeZone: zone, ...options }).format(new Date(instant));
}

function session(request) {
  const day = inZone(request.start, request.time_zone, { dateStyle: "full" });
  const hours = [request.start, request.end].map((at) => inZone(at, request.time_zone, { timeStyle: "short" }));
  return `${day}, ${hours.join("–")} (${request.time_zone})`;
}

function deadline(request) {
  return inZone(request.deadline, request.time_zone, { dateStyle: "full", timeStyle: "short" });
}

function facts(request) {
  const open = request.status === "pending";
  const inPerson = request.forum === "in_person";
  return [
    ["Status", STATUS_TEXTS[request.status] ?? request.status],
    ["When", session(request)],
    ["Will be answered by", open && deadline(request)],
    ["With", request.provider.name],
    ["What", `${request.service.name}, ${request.service.duration_minutes} minutes`],
    ["How", FORUM_TEXTS[request.forum]],
    ["Where", inPerson && `${request.location.name}\n${request.location.address}`],
    ["Video call", request.telehealth_url],
    ["Message from the provider", request.reason],
    ["Your note", request.note],
  ].filter(([, value]) => value);
}

function describe([name, value]) {
  const term = document.createElement("dt");
  const text = document.createElement("dd");
  term.textContent = name;
  if (name === "Video call" && value.startsWith("https://")) {
    const link = document.createElement("a");
    link.href = value;
    link.textContent = value;
    text.append(link);
  } else {
    text.textContent = value;
  }
  return [term, text];
}

function show(request, message) {
  part("message").textContent = message;
  part("details").replaceChildren(...facts(request).flatMap(describe));
  part("withdraw").hidden = request.status !== "pending";
  askFirst(false);
}

function askFirst(asking) {
  part("ask").hidden = asking;
  part("sure").hidden = !asking;
}

async function run(method, message) {
  part("message").textContent = "Loading…";
  try {
    show(await call(method), message);
  } catch (error) {
    const known = error instanceof Error && !(error instanceof TypeError) && !(error instanceof SyntaxError);
    part("message").textContent = known ? error.message : "This could not be loaded. Check your connection and try again.";
  }
}

part("ask").addEventListener("click", () => {
  askFirst(true);
  part("yes").focus();
});
part("no").addEventListener("click", () => {
  askFirst(false);
  part("ask").focus();
});
part("yes").addEventListener("click", () => run("DELETE", "Your request is withdrawn."));
window.addEventListener("hashchange", () => location.reload());

if (token) {
  run("GET", "");
} else {
  part("message").textContent = "Open the link exactly as it stands in the mail.";
}
