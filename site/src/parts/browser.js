// What a browser may forbid or say nothing about, each with what counts then.

const memory = new Map();

function stored(use) {
  try {
    return use(sessionStorage);
  } catch {
    return undefined; // forbidden, as in frames of other sites, or full
  }
}

/** `sessionStorage`; where it may not be used, what this page alone remembers. */
export const tab = {
  getItem: (name) => memory.get(name) ?? stored((storage) => storage.getItem(name)) ?? null,
  setItem(name, value) {
    memory.set(name, value);
    stored((storage) => storage.setItem(name, value));
  },
  removeItem(name) {
    memory.delete(name);
    stored((storage) => storage.removeItem(name));
  },
  /** Whether another page of this tab will find it. */
  lasts: (name) => Boolean(stored((storage) => storage.getItem(name))),
};

/** What nobody guesses and nothing else is called; `randomUUID` is missing where a page came without TLS. */
export function randomKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Languages that the reader prefers, as the browser has them. */
export const preferredLanguages = () => [...(navigator.languages ?? [navigator.language])];
