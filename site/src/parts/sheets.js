// The element's style sheets: constructed ones, which a strict Content-Security-Policy allows.

import booking from "../booking/booking.css";

let made = null;

export function sheets() {
  made ??= [sheetOf(booking)];
  return made;
}

export function sheetOf(text) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  return sheet;
}
