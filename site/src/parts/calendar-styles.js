// FullCalendar writes its rules into a <style> element of its own making, in every root that it draws in and, while it
// is loaded, in the document. A strict Content-Security-Policy forbids such elements. Where it finds one already it
// uses that: so it finds one that is no HTML, whose sheet is a constructed one.

import { h } from "./dom.js";
import { sheetOf } from "./sheets.js";
import calendar from "./calendar.css";

const NAMESPACE = "urn:openhour:placeholder";

function placeholder(sheet) {
  const element = document.createElementNS(NAMESPACE, "style");
  element.setAttribute("data-fullcalendar", "");
  Object.defineProperty(element, "sheet", { value: sheet });
  return element;
}

const inDocument = placeholder(new CSSStyleSheet());
document.head.append(inDocument);

/** After FullCalendar was loaded: the document is as it was. */
export function tidyDocument() {
  inDocument.remove();
}

/** Make a shadow root ready for FullCalendar: its rules, then ours. */
export function prepare(root) {
  if (root.querySelector("[data-fullcalendar]")) return;
  const rules = new CSSStyleSheet();
  root.append(placeholder(rules));
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, rules, sheetOf(calendar)];
}

/** Weekday and date above a column; above a month's column the weekday alone. */
export function dayHeader({ weekdayShort, dayShort }, date, month) {
  return h("span.day-head", {}, h("span", {}, weekdayShort(date)), month ? null : h("strong", {}, dayShort(date)));
}
