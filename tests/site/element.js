// The booking element as it is built, in a window of jsdom, before an API that answers from a table.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { JSDOM } from "jsdom";

const GLOBALS = ["window", "document", "HTMLElement", "customElements", "CustomEvent", "location", "requestAnimationFrame", "FormData", "Node", "getComputedStyle"];
const HOUR = 3_600_000;

const PROVIDER = {
  id: "maya",
  name: "Maya Okafor",
  services: [{ id: "session", name: "Session", duration_minutes: 50, horizon_days: 30 }],
  locations: [{ id: "quay", name: "Quay", address: "1 Quay", time_zone: "Europe/Berlin" }],
  offers: [{ location: "quay", forum: "telehealth", services: ["session"] }],
};
const PRACTICE = { name: "Quay Practice", contact: "Call 030 1234.", time_zone: "Europe/Berlin", locale: "en-GB", locales: ["en", "de", "es", "fr"] };
export const START = `${new Date(Date.now() + 26 * HOUR).toISOString().slice(0, 13)}:00:00Z`;

/** What `/v1/providers` answers, with other facts about the practice. */
export const directory = (practice = {}) => ({ practice: { ...PRACTICE, ...practice }, providers: [PROVIDER] });

/** Builds the pages, and loads the element into a window; `close` removes both. */
export async function opened() {
  const directory = join(mkdtempSync(join(tmpdir(), "openhour-element-")), "site");
  execFileSync(process.execPath, [new URL("../../site/build.mjs", import.meta.url).pathname, directory]);
  writeFileSync(join(directory, "package.json"), '{"type": "module"}');
  const { window } = new JSDOM("<!doctype html><body></body>", { url: "https://host.example/", pretendToBeVisual: true });
  for (const name of GLOBALS) globalThis[name] = name === "window" ? window : window[name].bind?.(window) && !/^[A-Z]/.test(name) && typeof window[name] === "function" ? window[name].bind(window) : window[name];
  globalThis.CSSStyleSheet = class {
    replaceSync(text) {
      this.text = text;
    }
  };
  Object.defineProperty(globalThis, "sessionStorage", { value: window.sessionStorage, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: { languages: ["en-GB"] }, configurable: true, writable: true });
  await import(pathToFileURL(join(directory, "openhour.js")));
  return {
    directory,
    window,
    lose: (pattern) => readdirSync(directory).filter((name) => pattern.test(name)).forEach((name) => rmSync(join(directory, name))),
    close: () => {
      window.close();
      rmSync(join(directory, ".."), { recursive: true });
    },
  };
}

/** An API: what it was sent, and what it answers; `answers[path]` may say otherwise. */
export function api(answers = {}) {
  const sent = [];
  const usual = {
    "/v1/providers": directory(),
    "/v1/providers/maya/slots": { slots: [START] },
    "/v1/requests": { id: "r1", status: "pending", start: START, end: START, deadline: null },
  };
  globalThis.fetch = async (address, { method, body } = {}) => {
    const { pathname, searchParams } = new URL(address);
    sent.push({ method, pathname, query: Object.fromEntries(searchParams), body: body && JSON.parse(body) });
    const answer = answers[pathname] ?? usual[pathname];
    if (answer instanceof Error) throw answer;
    return answer instanceof Response ? answer : Response.json(answer);
  };
  return sent;
}

/** The element on its page, with these attributes. */
export function element(attributes = {}) {
  const made = document.createElement("openhour-booking");
  for (const [name, value] of Object.entries({ api: "https://api.example", ...attributes })) made.setAttribute(name, value);
  document.body.replaceChildren(made);
  return made;
}

/** What is found in the element, once it is there. */
export async function found(made, selector) {
  for (let tries = 0; tries < 200; tries++) {
    const one = made.shadowRoot?.querySelector(selector);
    if (one) return one;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${selector} in ${made.shadowRoot?.textContent}`);
}

/** The element with a time picked and saved: the form of the last step. */
export async function atDetails(made) {
  const time = await found(made, 'input[type="radio"]');
  time.click();
  (await found(made, 'button[type="submit"]')).click();
  return found(made, "form.details");
}
