// What a mailed link opens, also where a mail program has changed it on the way. Pure.

const PAGES = ["manage", "verify", "sign-in"];
// Payload, and a signature of 32 bytes in base64url: nothing else in an address looks like it.
const OPENS = /(?:([a-z2-7]{26})\/)?(\.?[\w-]+\.[\w-]{43})(?![\w-])/;
const MOST_ENCODINGS = 3;

/** `%23`, `%2523`, `&amp;` as what they stand for; what is no encoding stays as it is. */
function decoded(text) {
  let now = text;
  for (let turn = 0; turn < MOST_ENCODINGS; turn++) {
    const before = now;
    now = now.replaceAll("&amp;", "&").replaceAll(/(?:%[\da-f]{2})+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
    if (now === before) break;
  }
  return now;
}

/**
 * The token in an address, with the request's id where the link has one; null when there is no whole one. Punctuation
 * behind it, added query parameters and encoded separators are passed over.
 */
export function mailedLink({ pathname, search, hash }) {
  const address = decoded(`${pathname}${search}${hash}`);
  const behindPage = address.slice(address.search(/\.html/) + 1).replace(/^html/, "");
  const [, id, token] = OPENS.exec(behindPage) ?? [];
  return token ? { id, token } : null;
}

/** Where a link leads whose separators were encoded, so that it asked for a page that there is not; null for others. */
export function repairedAddress(location, root) {
  const page = PAGES.find((name) => decoded(location.pathname).includes(`/${name}.html`));
  if (!page || location.pathname.endsWith(`/${page}.html`)) return null;
  const link = mailedLink(location);
  const fragment = link ? `#${link.id ? `${link.id}/` : ""}${link.token}` : "";
  return new URL(`${page}.html${fragment}`, root).href;
}
