import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { LANGUAGES, pickLanguage, pickLocale, translator } from "../../site/src/parts/texts.js";

const SITE = new URL("../../site/", import.meta.url);
const cataloguesIn = (folder) =>
  Object.fromEntries(LANGUAGES.map((language) => [language, JSON.parse(readFileSync(new URL(`${folder}${language}.json`, SITE), "utf8"))]));
const sourcesIn = (folder) =>
  readdirSync(new URL(folder, SITE), { recursive: true })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(new URL(`${folder}${name}`, SITE), "utf8"))
    .join("\n");
const sets = Object.fromEntries(["parts", "booking", "portal"].map((room) => [room, cataloguesIn(`src/${room}/texts/`)]));
const own = sets.booking;
const catalogues = Object.fromEntries(LANGUAGES.map((language) => [language, { ...sets.parts[language], ...own[language] }]));
const portal = { en: { ...sets.parts.en, ...sets.portal.en } };
const shared = sourcesIn("src/parts/");
const sources = sourcesIn("src/booking/") + shared;

test("the pages speak the languages of the mails, and find the catalogue of each", () => {
  const tags = readdirSync(new URL("../layers/shared/openhour/adapters/wording/texts/", SITE)).map((name) => name.replace(".toml", ""));
  assert.deepEqual([...LANGUAGES].sort(), tags.filter((tag) => !tag.includes("-")).sort());
  for (const place of ["src/parts/catalogues.js", "src/booking/catalogue.js", "src/portal/catalogue.js"]) {
    const loaded = [...readFileSync(new URL(place, SITE), "utf8").matchAll(/import\("\.\/texts\/(\w+)\.json"\)/g)].map((found) => found[1]);
    assert.deepEqual(loaded.sort(), [...LANGUAGES].sort(), place);
  }
});

const forms = (text) => (typeof text === "string" ? { other: text } : text);
const placeholders = (text) => [...new Set(Object.values(forms(text)).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

for (const [set, language] of Object.keys(sets).flatMap((name) => LANGUAGES.map((each) => [name, each]))) {
  test(`${language} has every text of ${set}, with the same placeholders, in every plural form`, () => {
    const catalogue = sets[set][language];
    assert.deepEqual(Object.keys(catalogue).sort(), Object.keys(sets[set].en).sort());
    for (const [key, text] of Object.entries(catalogue)) {
      assert.deepEqual(placeholders(text), placeholders(sets[set].en[key]), key);
      assert.equal(typeof text, typeof sets[set].en[key], key);
      for (const form of Object.values(forms(text))) assert.ok(form.trim(), key);
      if (typeof text === "object") assert.deepEqual(Object.keys(text).sort(), ["one", "other"], key);
    }
  });
}

test("no text was left in English", () => {
  const same = (key) => LANGUAGES.slice(1).filter((language) => JSON.stringify(catalogues[language][key]) === JSON.stringify(catalogues.en[key]));
  const alike = Object.keys(catalogues.en).flatMap((key) => same(key).map((language) => `${language} ${key}`));
  // Words that these languages share with English.
  assert.deepEqual(alike.sort(), ["de details.name", "de forum.telehealth", "fr minutes"]);
});

test("every text that the sources name exists, and every text is named", () => {
  const literal = [...sources.matchAll(/\bt\("([^"]+)"/g)].map(([, key]) => key);
  const either = [...sources.matchAll(/\bt\([\w.#]+ \? "([^"]+)" : "([^"]+)"\)/g)].flatMap(([, one, other]) => [one, other]);
  const patterns = [...sources.matchAll(/\bt\(`([^`]+)`/g)].map(([, key]) => new RegExp(`^${key.replaceAll(".", "\\.").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`));
  const problems = /^problem\.\w+(\.detail)?$/; // each is looked at below
  for (const key of [...literal, ...either]) assert.ok(key in catalogues.en, `no text named ${key}`);
  const named = (key) => literal.includes(key) || either.includes(key) || [...patterns, problems].some((pattern) => pattern.test(key));
  assert.deepEqual(Object.keys(own.en).filter((key) => !named(key)), []);
  assert.deepEqual(Object.keys(sets.parts.en).filter((key) => !named(key)), [], "no page but the portal says it");
  for (const pattern of patterns) assert.ok(Object.keys(catalogues.en).some((key) => pattern.test(key)), String(pattern));
});

test("every text that the portal's sources name exists, and every text is named", () => {
  const text = sourcesIn("src/portal/") + shared;
  const quoted = new Set([...text.matchAll(/"([\w.-]+)"/g)].map(([, key]) => key));
  const patterns = [...text.matchAll(/\bt\(`([^`]+)`/g)].map(([, key]) => new RegExp(`^${key.replaceAll(".", "\\.").replace(/\$\{[^}]+\}/g, "[\\w-]+")}$`));
  for (const [, key] of text.matchAll(/\bt\("([^"]+)"/g)) assert.ok(key in portal.en, `no text named ${key}`);
  assert.deepEqual(Object.keys(portal.en).filter((key) => !quoted.has(key) && !patterns.some((pattern) => pattern.test(key))), []);
});

test("no text stands twice", () => {
  const texts = Object.entries(sets).flatMap(([room, languages]) =>
    Object.keys(languages.en).map((key) => [JSON.stringify(LANGUAGES.map((language) => languages[language][key])), `${room} ${key}`]),
  );
  const first = new Map(texts.toReversed());
  assert.deepEqual(texts.filter(([text, key]) => first.get(text) !== key).map(([text, key]) => [key, first.get(text)]), []);
  for (const room of ["booking", "portal"]) assert.deepEqual(Object.keys(sets[room].en).filter((key) => key in sets.parts.en), []);
});

test("every problem that is told has a title and a detail", () => {
  const told = [...sources.matchAll(/texts\(([^;]+)\);/g)].flatMap(([, call]) => [...call.matchAll(/"(\w+)"/g)].map(([, key]) => key));
  assert.ok(told.length >= 7);
  for (const key of told) assert.ok(`problem.${key}` in catalogues.en && `problem.${key}.detail` in catalogues.en, key);
});

test("the browser's language wins over the practice's, what was asked for over both", () => {
  const pick = (changes) => pickLanguage({ asked: null, preferred: ["fr-CH", "en"], practice: "de", offered: null, ...changes });
  assert.equal(pick({}), "fr");
  assert.equal(pick({ asked: "es" }), "es");
  assert.equal(pick({ preferred: ["pt", "nl"] }), "de");
  assert.equal(pick({ preferred: ["pt"], practice: "it" }), "en");
  assert.equal(pick({ offered: ["de-AT", "en"] }), "en");
  assert.equal(pick({ offered: ["it"] }), "en");
});

test("dates are written as the browser's region does", () => {
  assert.equal(pickLocale("en", { preferred: ["de", "en-AU"], practice: "en-GB" }), "en-AU");
  assert.equal(pickLocale("en", { preferred: ["de"], practice: "en-GB" }), "en-GB");
  assert.equal(pickLocale("es", { preferred: ["de"], practice: "en-GB" }), "es");
});

test("plural forms and values are filled in, and a missing text is an error", () => {
  const t = translator({ count: { one: "{count} time", other: "{count} times" }, hello: "{name}, {name}" }, "en");
  assert.deepEqual([t("count", { count: 1 }), t("count", { count: 2 }), t("hello", { name: "<b>" })], ["1 time", "2 times", "<b>, <b>"]);
  assert.throws(() => t("nothing"), /no text named nothing/);
});
