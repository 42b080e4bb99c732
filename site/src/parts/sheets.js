// Constructed style sheets, which a strict Content-Security-Policy allows.

const made = new Map();

/** The sheet of a text, the same one for every root. */
export function sheetOf(text) {
  if (!made.has(text)) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    made.set(text, sheet);
  }
  return made.get(text);
}
