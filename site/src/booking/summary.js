// What is chosen so far, beside every step, with a link to change each part.

import { ANY_PROVIDER, DIMENSIONS } from "./choices.js";
import { h, icon } from "../parts/dom.js";
import { elsewhere } from "../parts/picker/elsewhere.js";

/** The summary, or null as long as nothing is chosen. */
export function summary(booking) {
  const { provider, service, location, forum, ids } = booking.choice;
  const { t } = booking;
  const anyone = ids.provider === ANY_PROVIDER;
  const rows = [
    (provider || anyone) && row(booking, "provider", t("fact.with"), person(provider, t)),
    service && row(booking, "service", t("fact.what"), serviceText(service, t)),
    forum && row(booking, "forum", t("summary.forum"), h("strong", {}, t(`forum.${forum}`)), forum === "telehealth" ? "video" : "person"),
    location && forum !== "telehealth" && row(booking, "location", t("fact.where"), place(location)),
    booking.start && booking.step !== "times" && row(booking, "start", t("fact.when"), time(booking)),
  ].filter(Boolean);
  if (!rows.length || booking.step === "done") return null;
  return h("div.facts", {}, h("dl", {}, rows));
}

function row(booking, name, term, content, picture) {
  return h(
    "div.fact",
    { "data-fact": name },
    h("dt", {}, term),
    h("dd.value", {}, picture ? icon(picture) : null, content),
    changeable(booking, name) ? h("dd.change", {}, changeButton(booking, name, term)) : null,
  );
}

function changeButton(booking, name, term) {
  const { t } = booking;
  const label = t("summary.change_what", { what: term });
  return h("button.link", { type: "button", "aria-label": label, onclick: () => booking.change(name) }, t("act.change"));
}

// While the questions stand beside it, the summary need not lead to them.
function changeable(booking, name) {
  if (booking.fixed.includes(name)) return false;
  if (booking.step === "choose") return booking.linked[name] !== undefined && hasOthers(booking, name);
  if (name === "start") return true;
  const asked = booking.interview.questions.some((question) => question.name === name);
  return asked || (booking.linked[name] !== undefined && hasOthers(booking, name));
}

function hasOthers(booking, name) {
  return DIMENSIONS.includes(name) && new Set(booking.combos.map((combo) => combo[name])).size > 1;
}

/** Photo or initials, name and title; without a provider: whoever is free. */
export function person(provider, t) {
  const name = provider ? provider.name : t("choose.anyone");
  return h("span.person", {}, portrait(provider), h("span", {}, h("strong", {}, name), provider?.title && h("small", {}, provider.title)));
}

function portrait(provider) {
  if (!provider) return h("span.portrait", { "aria-hidden": "true" }, icon("person"));
  if (!provider.photo_url) return h("span.portrait", { "aria-hidden": "true" }, initials(provider.name));
  return h("img.portrait", { src: provider.photo_url, alt: "", referrerpolicy: "no-referrer" });
}

// The first letters of first and last name, titles left away: "MO" of Dr Maya Okafor.
function initials(name) {
  const words = name.split(/\s+/).filter((word) => word && !/^(dr|prof|mr|mrs|ms|mx|herr|frau|mme|sr|sra|m)\.?$/i.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "");
  return letters.join("").toUpperCase();
}

function serviceText(service, t) {
  const facts = [t("minutes", { count: service.duration_minutes }), service.price].filter(Boolean).join(" · ");
  return h("span.lines", {}, h("strong", {}, service.name), h("small", {}, facts));
}

export function place(location) {
  return h("span.lines", {}, h("strong", {}, location.name), h("small.address", {}, location.address));
}

/** Day and hours; where a visit is in another zone, the hours there too. */
export function time(booking) {
  const { formats, start, end, t } = booking;
  const there = elsewhere(booking, start);
  return h(
    "span.lines",
    {},
    h("strong", {}, formats.day(start)),
    h("span", {}, formats.times(start, end)),
    h("small", {}, booking.zoneTitle(start)),
    there && h("small.there", {}, there),
  );
}
