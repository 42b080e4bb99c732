// After an end, a beginning: the next free times of the same kind, one press each, and the way to all of them.

import { h } from "../parts/dom.js";
import { startButtons } from "../parts/picker/start-buttons.js";
import { wall } from "../parts/zones.js";
import { RequestTimes } from "./request-times.js";

const COUNT = 3;

/** The booking page with all that is chosen; with a start, on the wall of `zone`, that time is picked there. */
function bookingLink({ provider, service, location, forum }, start, zone) {
  const link = new URLSearchParams({ provider, service, location, forum });
  if (start) {
    const [date, time] = wall(start, zone).text.slice(0, 16).split("T");
    link.set("date", date);
    link.set("time", time);
  }
  return `index.html?${link}`;
}

/** A section that fills itself; the way to the booking page is there from the beginning. */
export function nextTimes(page, request, token) {
  const { t } = page;
  const kind = { provider: request.provider.id, service: request.service.id, location: request.location.id, forum: request.forum };
  const times = h("div", { "aria-busy": "true", "aria-live": "polite" });
  fill(times, page, request, token, kind).catch((error) => {
    const gone = error.kind === "unknown-provider" || error.kind === "invalid";
    times.replaceChildren(h("p", {}, gone ? `${t("again.none")} ${page.practice?.contact ?? ""}` : page.explain(error)));
  }).finally(() => times.removeAttribute("aria-busy"));
  return h("section.again", {}, h("h2", {}, t("again.title")), times, h("p", {}, h("a.secondary", { href: bookingLink(kind) }, t("again.all"))));
}

async function fill(place, page, request, token, kind) {
  const provider = await page.api.read(`/v1/providers/${encodeURIComponent(kind.provider)}`);
  const host = new RequestTimes(page, request, token, provider);
  if (!host.offers(kind)) throw Object.assign(new Error("not offered any more"), { kind: "invalid" });
  const starts = await host.next(COUNT);
  const go = (start) => location.assign(bookingLink(kind, start, page.clock().zone));
  place.replaceChildren(starts.length ? startButtons(host, page.t("again.title"), starts, go) : h("p", {}, page.t("again.none")));
}
