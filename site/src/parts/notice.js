// A message that takes the focus, with what helps below it.

import { h, icon } from "./dom.js";

export function notice(title, detail, ...help) {
  return h(
    "div.notice",
    { tabindex: "-1", role: "group", "aria-label": title, part: "notice" },
    icon("alert"),
    h("div", {}, h("p.notice-title", {}, title), detail && h("p", {}, detail), help),
  );
}
