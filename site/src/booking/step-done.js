// The end: what happens next, and until when.

import { h, icon } from "../parts/dom.js";

export function doneStep(booking) {
  const { t, stage, request } = booking;
  const unverified = request.status === "unverified";
  const key = unverified ? "unverified" : "pending";
  stage.append(
    h("div.done", {}, h("span.done-mark", {}, icon(unverified ? "mail" : "check")), booking.heading(t(`done.${key}.title`)), next(booking, key)),
    h("h3.next-title", {}, t("done.next")),
    h("ol.next", {}, steps(booking, key).map((text) => h("li", {}, text))),
    h("div.actions", {}, links(booking)),
  );
}

function next(booking, key) {
  const { t, formats, request, choice } = booking;
  const time = `${formats.fullDay(request.start)}, ${formats.times(request.start, request.end)}`;
  return [
    h("p.done-time", {}, h("strong", {}, time), h("span", {}, choice.service.name, " · ", choice.provider.name)),
    key === "pending" ? h("p.badge", {}, t("status.pending")) : null,
  ];
}

function steps(booking, key) {
  const { t, formats, request, choice, draft } = booking;
  const values = {
    name: choice.provider.name,
    email: draft.email.trim(),
    time: request.deadline ? formats.moment(request.deadline) : "",
  };
  const answered = request.deadline ? "answer" : "answer_open";
  if (key === "unverified") return [t("done.unverified.mail", values), t("done.unverified.press", values), t("done.unverified.then", values)];
  return [t("done.pending.mail", values), t(`done.pending.${answered}`, values), t("done.pending.manage", values)];
}

function links(booking) {
  const { t, pages } = booking;
  return [
    h("a.primary", { href: pages.portal, part: "button primary" }, t("done.appointments")),
    h("button.secondary", { type: "button", part: "button", onclick: () => booking.again() }, t("done.again")),
  ];
}
