// Who is signed in, for as long as the tab lives. Nothing is kept where the next person at the device would find it.

const NAME = "openhour.portal";

export function remember({ token, expires_at: expires }) {
  sessionStorage.setItem(NAME, JSON.stringify({ token, expires }));
}

export function forget() {
  sessionStorage.removeItem(NAME);
}

/** The token, or null when nobody is signed in any more. */
export function token() {
  const kept = JSON.parse(sessionStorage.getItem(NAME) ?? "null");
  return kept && Date.parse(kept.expires) > Date.now() ? kept.token : null;
}
