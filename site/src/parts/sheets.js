// Constructed style sheets, which a strict Content-Security-Policy allows.

const made = new Map();
let size = 0;

/** The sheet of a text, the same one for every root. A `rem` of it is the reader's own size, whatever the page's root says. */
export function sheetOf(text) {
  if (!made.has(text)) {
    size ||= readersSize();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text.replace(/([\d.]+)rem\b/g, (_, count) => `${count * size}px`));
    made.set(text, sheet);
  }
  return made.get(text);
}

// Themes that set the root to 62.5 % would shrink everything, and pixels alone would forget what readers set in their browsers.
function readersSize() {
  const probe = document.createElement("span");
  probe.style.setProperty("font", "medium sans-serif", "important");
  document.documentElement.append(probe);
  const found = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  return found || 16;
}
