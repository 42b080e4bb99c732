import assert from "node:assert/strict";
import { test } from "node:test";
import { mailedLink, repairedAddress } from "../../site/src/parts/link.js";

const ID = "abcdefghijklmnopqrstuvwx27";
const SIGNATURE = "Ab-_".repeat(10) + "xyz";
const TOKEN = `eyJhIjoxfQ.${SIGNATURE}`;
const ROOT = "https://site.example/";
const read = (address) => mailedLink(new URL(address, ROOT));

const CHANGED = [
  `#${ID}/${TOKEN}`,
  `#${ID}%2F${TOKEN}`,
  `#${ID}%252F${TOKEN}`,
  `?utm_source=mail#${ID}/${TOKEN}`,
  `?utm_source=mail&amp;utm_medium=x#${ID}/${TOKEN}`,
  `#${ID}/${TOKEN}?utm_source=mail`,
  `#${ID}/${TOKEN}&utm_source=mail`,
  `#${ID}/${TOKEN}&amp;utm_source=mail`,
  `#${ID}/${TOKEN}%3Futm_source=mail`,
  `?utm_source=mail%23${ID}/${TOKEN}`,
  `#${ID}/${TOKEN}/`,
  ...[..."`.,;:!)>]\"'”».…".slice(1)].flatMap((mark) => [`#${ID}/${TOKEN}${mark}`, `#${ID}/${TOKEN}${encodeURIComponent(mark)}`]),
  `#${ID}/${TOKEN}).`,
  `#${ID}/${TOKEN}%3E%29`,
  `#<${ID}/${TOKEN}>`,
  `#${ID}/${TOKEN.replace(".", "%2E")}`,
  `#${ID}/${TOKEN}%20`,
  `#${ID}/${TOKEN}%E2`,
];

for (const page of ["manage", "verify"]) {
  for (const changed of CHANGED) {
    test(`${page}.html${changed} opens what was mailed`, () => assert.deepEqual(read(`${page}.html${changed}`), { id: ID, token: TOKEN }));
  }
}

for (const changed of CHANGED) {
  const withoutId = changed.replace(new RegExp(`${ID}(/|%2F|%252F)`), "");
  test(`sign-in.html${withoutId} opens what was mailed`, () => assert.deepEqual(read(`sign-in.html${withoutId}`), { id: undefined, token: TOKEN }));
}

test("a compressed token begins with a dot", () => {
  assert.deepEqual(read(`manage.html#${ID}/.${TOKEN}`), { id: ID, token: `.${TOKEN}` });
  assert.equal(read(`sign-in.html#.${TOKEN}`).token, `.${TOKEN}`);
});

for (const cut of ["", "#", `#${ID}`, `#${ID}/`, `#${ID}/eyJhIjoxfQ`, `#${ID}/${TOKEN.slice(0, -1)}`, `#${ID}/${TOKEN}A`, "?utm_source=mail", "#%", "#%E2%28"]) {
  test(`manage.html${cut} opens nothing, and nothing fails`, () => assert.equal(read(`manage.html${cut}`), null));
}

for (const [asked, leads] of [
  [`manage.html%23${ID}/${TOKEN}`, `manage.html#${ID}/${TOKEN}`],
  [`manage.html%2523${ID}%252F${TOKEN}`, `manage.html#${ID}/${TOKEN}`],
  [`manage.html%23${ID}%2F${TOKEN}%3E`, `manage.html#${ID}/${TOKEN}`],
  [`manage.html%23${ID}/${TOKEN}?utm_source=mail`, `manage.html#${ID}/${TOKEN}`],
  [`manage.html%3Futm_source=mail%23${ID}/${TOKEN}`, `manage.html#${ID}/${TOKEN}`],
  [`verify.html%23${ID}/${TOKEN}`, `verify.html#${ID}/${TOKEN}`],
  [`sign-in.html%23${TOKEN}`, `sign-in.html#${TOKEN}`],
  ["sign-in.html%23", "sign-in.html"],
  ["manage.html)", "manage.html"],
  [`manage.html/`, "manage.html"],
]) {
  test(`${asked} is a page that there is not; it leads on to ${leads.slice(0, 20)}`, () => {
    assert.equal(repairedAddress(new URL(asked, ROOT), ROOT), new URL(leads, ROOT).href);
  });
}

test("a page that nobody mailed, and one that is there, lead nowhere else", () => {
  for (const asked of ["nothing.html", "a/b/c", "%E2%28", "portal.html%23x", "manage.html", `manage.html#${ID}/${TOKEN}`]) {
    assert.equal(repairedAddress(new URL(asked, ROOT), ROOT), null, asked);
  }
});
