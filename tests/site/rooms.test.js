import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const SOURCES = new URL("../../site/src/", import.meta.url);
const names = readdirSync(SOURCES, { recursive: true });
const read = (name) => readFileSync(new URL(name, SOURCES), "utf8");

test("a room knows itself and the parts, and the parts know no room", () => {
  for (const name of names.filter((each) => each.endsWith(".js"))) {
    const room = name.split("/")[0];
    const known = [...read(name).matchAll(/(?:from |import\(|import )"(\.[^"]+)"/g)].map(([, path]) => new URL(path, new URL(name, SOURCES)));
    for (const { pathname } of known) {
      const other = pathname.slice(SOURCES.pathname.length).split("/")[0];
      assert.ok(other === room || other === "parts", `${name} imports ${pathname}`);
    }
  }
});

test("colours and the typeface are named in tokens.css alone", () => {
  const sheets = names.filter((name) => name.endsWith(".css") && name !== "parts/tokens.css");
  assert.ok(sheets.length >= 4);
  for (const name of sheets) assert.doesNotMatch(read(name), /#[0-9a-f]{3,8}\b|rgb\(|hsl\(|light-dark\(|system-ui/i, name);
});

test("every token that a sheet uses is in tokens.css", () => {
  const declared = (text) => [...text.matchAll(/(?<![\w-])(--[\w-]+):/g)].map(([, name]) => name);
  const tokens = new Set(declared(read("parts/tokens.css")));
  for (const name of names.filter((each) => each.endsWith(".css"))) {
    const used = [...read(name).matchAll(/var\((--[\w-]+)/g)].map(([, token]) => token).filter((token) => !token.startsWith("--openhour-"));
    assert.deepEqual(used.filter((token) => !tokens.has(token)), [], name);
  }
});
