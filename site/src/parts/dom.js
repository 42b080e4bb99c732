// Elements in one expression: h("a.link", {href}, "text"). Text is always text, never markup.

/** Make an element: tag with classes, attributes (`onclick` and so on are listeners, null leaves one away), children. */
export function h(name, attributes = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "checked" || key === "value" || key === "noValidate") element[key] = value;
  else element.setAttribute(key, value === true ? "" : value);
}

/** A number that no other element's id has. */
let count = 0;
export const unique = (name) => `${name}-${(count += 1)}`;

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  check: "M4 12.5l5 5L20 6.5",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 20.5c1-4 4-6 8-6s7 2 8 6",
  video: "M3 7h11v10H3zM14 11l7-4v10l-7-4",
  place: "M12 21c4.5-5 7-8.400 7-11.500A7 7 0 0 0 5 9.500C5 12.600 7.500 16 12 21zM12 12a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
  note: "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  list: "M9 6h11M9 12h11M9 18h11M4 6h1M4 12h1M4 18h1",
  mail: "M3 6h18v12H3zM3 7l9 7 9-7",
  alert: "M12 3l9.500 17h-19zM12 10v4.500M12 17.300v.1",
};

/** A picture beside a text that says the same; hidden from screen readers. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const attributes = { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
