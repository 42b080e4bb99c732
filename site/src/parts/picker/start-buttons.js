// A few free times, one press each.

import { h } from "../dom.js";
import { elsewhere } from "./elsewhere.js";

/** Buttons in a group named `label`; `take(start, button)`. `host` as the picker's. */
export function startButtons(host, label, starts, take) {
  const button = (start) =>
    h(
      "button.alternative",
      { type: "button", "data-start": start, onclick: ({ currentTarget }) => take(start, currentTarget) },
      h("strong", {}, host.formats.time(start)),
      h("span", {}, host.formats.day(start)),
      elsewhere(host, start) && h("small", {}, elsewhere(host, start)),
    );
  return h("div.alternatives", { role: "group", "aria-label": label }, starts.map(button));
}
