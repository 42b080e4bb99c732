// Who is signed in, for as long as the tab lives. Nothing is kept where the next person at the device would find it.

const NAME = "openhour.portal";
const KEY = "openhour.sign-in";

export function remember({ token, expires_at: expires }) {
  sessionStorage.setItem(NAME, JSON.stringify({ token, expires }));
}

/** What this tab signs in with by a link: the link works once, and again where its answer was lost. */
export function keyOf(link) {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  if (kept?.link === link) return kept.key;
  const key = crypto.randomUUID();
  sessionStorage.setItem(KEY, JSON.stringify({ link, key }));
  return key;
}

export function forget() {
  sessionStorage.removeItem(NAME);
}

/** The token, or null when nobody is signed in any more. */
export function token() {
  const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  return kept && Date.parse(kept.expires) > Date.now() ? kept.token : null;
}
