// What went wrong, on a page, with what helps below it.

import { h, icon } from "./dom.js";

/** A message that takes the focus. */
export function notice(title, detail, ...help) {
  return h(
    "div.notice",
    { tabindex: "-1", role: "group", "aria-label": title, part: "notice" },
    icon("alert"),
    h("div", {}, h("p.notice-title", {}, title), detail && h("p", {}, detail), help),
  );
}

/** Whether neither the API refused nor was it out of reach: something on this page did not work. */
export const isOurs = (error) => error.status === undefined && !error.passing;

/** What helps in that case: to load the page anew, or another way to book; null in others. */
export function otherwise({ t }, error) {
  return isOurs(error) ? [h("button.secondary", { type: "button", onclick: () => location.reload() }, t("reload")), fallback()] : null;
}

/** What the page's author wrote within the element: another way to book. */
export const fallback = () => h("div.fallback", {}, h("slot"));
