import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { forget, keyOf, remember, token } from "../../site/src/portal/session.js";

const SIGNED_IN = { token: "signed-in", expires_at: "2020-01-01T00:00:00Z" };

const store = (storage) => Object.defineProperty(globalThis, "sessionStorage", { configurable: true, ...storage });
const full = () => {
  throw new DOMException("no room", "QuotaExceededError");
};
const forbidden = () => {
  throw new DOMException("forbidden", "SecurityError");
};

beforeEach(() => {
  const items = new Map();
  store({
    value: {
      getItem: (name) => items.get(name) ?? null,
      setItem: (name, value) => items.set(name, value),
      removeItem: (name) => items.delete(name),
    },
  });
  forget();
});

test("a device whose clock is wrong signs nobody out: the API decides", () => {
  assert.equal(remember(SIGNED_IN), true);
  assert.equal(token(), "signed-in");
  forget();
  assert.equal(token(), null);
});

for (const [what, storage] of [["forbidden", { get: forbidden }], ["full", { value: { getItem: () => null, setItem: full, removeItem: () => {} } }]]) {
  test(`where storage is ${what}, this page remembers alone and says so`, () => {
    store(storage);
    assert.equal(remember(SIGNED_IN), false);
    assert.equal(token(), "signed-in");
    assert.equal(keyOf("link"), keyOf("link"));
    forget();
    assert.equal(token(), null);
  });
}

test("a link's key needs no randomUUID, which pages without TLS do not have", () => {
  const { randomUUID } = crypto;
  crypto.randomUUID = undefined;
  assert.match(keyOf("another link"), /^[0-9a-f]{32}$/);
  crypto.randomUUID = randomUUID;
});
