// Who is signed in, for as long as the tab lives. Nothing is kept where the next person at the device would find it.

import { randomKey, tab } from "../parts/browser.js";

const NAME = "openhour.portal";
const KEY = "openhour.sign-in";

/** Whether the tab's other pages know it, too: not where nothing may be stored. */
export function remember({ token }) {
  tab.setItem(NAME, JSON.stringify({ token }));
  return tab.lasts(NAME);
}

/** What this tab signs in with by a link: the link works once, and again where its answer was lost. */
export function keyOf(link) {
  const kept = JSON.parse(tab.getItem(KEY) ?? "null");
  if (kept?.link === link) return kept.key;
  const key = randomKey();
  tab.setItem(KEY, JSON.stringify({ link, key }));
  return key;
}

export function forget() {
  tab.removeItem(NAME);
}

/** The token, or null when nobody is signed in. Until when it counts, the API says: this device's clock may be wrong. */
export function token() {
  return JSON.parse(tab.getItem(NAME) ?? "null")?.token ?? null;
}
