import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { START, api, atDetails, directory, element, found, opened } from "./element.js";

let scene;
const { randomUUID } = crypto;
const { any } = AbortSignal;
const { resolvedOptions } = Intl.DateTimeFormat.prototype;

before(async () => (scene = await opened()));
after(() => scene.close());
afterEach(() => {
  document.body.replaceChildren();
  crypto.randomUUID = randomUUID;
  AbortSignal.any = any;
  Intl.DateTimeFormat.prototype.resolvedOptions = resolvedOptions;
  navigator.languages = ["en-GB"];
  scene.window.sessionStorage.clear();
  Object.defineProperty(globalThis, "sessionStorage", { value: scene.window.sessionStorage, configurable: true });
});

const forbidStorage = () =>
  Object.defineProperty(globalThis, "sessionStorage", {
    configurable: true,
    get: () => {
      throw new DOMException("The document is sandboxed", "SecurityError");
    },
  });

const sayZone = (timeZone) => {
  Intl.DateTimeFormat.prototype.resolvedOptions = function options() {
    return { ...resolvedOptions.call(this), timeZone };
  };
};

async function until(met) {
  for (let tries = 0; tries < 200 && !met(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.ok(met());
  return true;
}

const type = (form, values) => {
  for (const [name, value] of Object.entries(values)) form.querySelector(`[name="${name}"]`).value = value;
};

async function submit(made) {
  const form = await atDetails(made);
  type(form, { name: "Ada", email: "ada@example.org" });
  form.querySelector('button[type="submit"]').click();
  await found(made, ".done");
}

const written = (sent) => sent.find(({ method, pathname, query }) => method === "POST" && pathname === "/v1/requests" && !query.validate_only).body;

test("a request is sent where the page may store nothing", async () => {
  forbidStorage();
  const sent = api();
  await submit(element());
  assert.equal(written(sent).client.name, "Ada");
});

test("a request is sent where crypto.randomUUID and AbortSignal.any are missing", async () => {
  crypto.randomUUID = undefined;
  AbortSignal.any = undefined;
  const sent = api();
  await submit(element());
  assert.equal(written(sent).client.name, "Ada");
});

for (const zone of ["Etc/Unknown", "+00:00", undefined]) {
  test(`where the device says that its zone is ${zone}, the practice's counts`, async () => {
    sayZone(zone);
    const sent = api();
    await submit(element());
    assert.equal(written(sent).client.time_zone, "Europe/Berlin");
  });
}

test("a language that Intl refuses is read by its first part", async () => {
  navigator.languages = ["en-US@posix"];
  const sent = api();
  await submit(element());
  assert.equal(written(sent).client.locale, "en");
});

test("a browser that names no languages gets the practice's", async () => {
  navigator.languages = undefined;
  await found(element(), "h2");
});

test("what a password manager filled in without telling the page is sent, and what it ticked", async () => {
  const sent = api({ "/v1/providers": directory({ consent_text: "I agree." }) });
  const made = element();
  const form = await atDetails(made);
  type(form, { name: "Ada", email: "ada@example.org", phone: "030 1234", note: "Mornings", attendee: "Bo" });
  for (const name of ["consent", "guardian"]) form.querySelector(`[name="${name}"]`).checked = true;
  form.querySelector('[value="other"]').checked = true;
  form.querySelector('button[type="submit"]').click();
  await found(made, ".done");
  const { client, note, attendee } = written(sent);
  assert.deepEqual([client.name, client.email, client.phone, note, attendee], ["Ada", "ada@example.org", "030 1234", "Mornings", { name: "Bo", guardian: true }]);
});

test("that one request only is made is said of what was sent, after it was sent", async () => {
  const { setTimeout: real } = globalThis;
  globalThis.setTimeout = (act, pause) => real(act, Math.min(pause, 5));
  const answers = {};
  const sent = api(answers);
  const made = element();
  const form = await atDetails(made);
  type(form, { name: "Ada", email: "ada@example.org" });
  answers["/v1/requests"] = new TypeError("lost");
  form.querySelector('button[type="submit"]').click();
  const notice = await found(made, ".notice");
  globalThis.setTimeout = real;
  assert.ok(written(sent));
  assert.match(notice.textContent, /No connection.*only once/s);
});

test("no size depends on the root of the page around", async () => {
  api();
  document.documentElement.style.fontSize = "62.5%";
  const made = element();
  await found(made, "h2");
  const text = made.shadowRoot.adoptedStyleSheets.map((sheet) => sheet.text).join("");
  assert.match(text, /font:400 16px\/1\.5/);
  assert.doesNotMatch(text, /\drem\b/);
  assert.equal(document.documentElement.lastChild, document.body, "what was measured is gone");
});

test("an element that is moved into a dialog keeps what was typed", async () => {
  const sent = api();
  const made = element();
  const form = await atDetails(made);
  type(form, { name: "Ada", note: "Mornings" });
  const dialog = document.createElement("dialog");
  document.body.append(dialog);
  dialog.append(made);
  const looked = sent.length;
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(await found(made, "form.details"), form);
  assert.deepEqual([form.querySelector('[name="name"]').value, sent.length], ["Ada", looked]);
});

test("another lang changes the texts in place: what was picked and typed stays, and the focus", async () => {
  const sent = api();
  const made = element();
  const form = await atDetails(made);
  type(form, { name: "Ada", email: "ada@example.org" });
  form.querySelector('[name="email"]').focus();
  const looked = sent.length;
  made.lang = "de";
  await until(() => made.shadowRoot.querySelector("h2").textContent !== "Your details");
  const field = (name) => made.shadowRoot.querySelector(`[name="${name}"]`).value;
  assert.deepEqual([field("name"), field("email"), sent.length], ["Ada", "ada@example.org", looked]);
  assert.equal(made.shadowRoot.activeElement.name, "email");
  made.shadowRoot.querySelector('button[type="submit"]').click();
  await found(made, ".done");
  assert.equal(written(sent).start, START);
});

test("a lang that was given while the element was off the page counts when it is back", async () => {
  api();
  const made = element();
  await atDetails(made);
  made.remove();
  made.lang = "es";
  document.body.append(made);
  await until(() => made.shadowRoot.querySelector("h2").textContent === "Sus datos");
});

test("with another choice fixed the flow begins again, and who asks needs not be typed again", async () => {
  api();
  const made = element();
  type(await atDetails(made), { name: "Ada" });
  made.setAttribute("forum", "telehealth");
  await until(() => !made.shadowRoot.querySelector("form.details"));
  const form = await atDetails(made);
  assert.equal(form.querySelector('[name="name"]').value, "Ada");
});

test("lang=de_DE is German", async () => {
  api();
  const made = element({ lang: "de_DE" });
  await found(made, "h2");
  assert.equal(made.shadowRoot.querySelector(".openhour").lang, "de");
});

test("a fetch that failed is no connection, and the same is offered again", async () => {
  const { setTimeout: real } = globalThis;
  globalThis.setTimeout = (act, pause) => real(act, Math.min(pause, 5));
  api({ "/v1/providers": new TypeError("Failed to fetch") });
  const notice = await found(element(), ".notice");
  globalThis.setTimeout = real;
  assert.match(notice.textContent, /No connection.*Try again/s);
  assert.doesNotMatch(notice.textContent, /one request/i);
});

test("what fails here is no matter of the connection: the page offers a reload and the contact fallback", async () => {
  api({ "/v1/providers": { practice: null, providers: [{ id: "broken" }] } });
  const notice = await found(element(), ".notice");
  assert.match(notice.textContent, /Something did not work here.*Load the page again/s);
  assert.doesNotMatch(notice.textContent, /connection/i);
  assert.ok(notice.querySelector("slot"));
});

test("texts that are gone after an upload are told in the reader's language", async () => {
  scene.lose(/^fr-/);
  api();
  const notice = await found(element({ lang: "fr" }), ".notice");
  assert.match(notice.textContent, /pas fonctionné ici.*Recharger la page/s);
  assert.ok(notice.querySelector("slot"));
});
