import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";

const LIMIT = 25 * 1024;
let directory;

before(() => {
  directory = join(mkdtempSync(join(tmpdir(), "openhour-site-")), "site");
  execFileSync(process.execPath, [new URL("../../site/build.mjs", import.meta.url).pathname, directory]);
});

after(() => rmSync(join(directory, ".."), { recursive: true }));

const text = (name) => readFileSync(join(directory, name), "utf8");
const imported = (name) => [...text(name).matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, file]) => file);

const loadedLater = (name) => [...text(name).matchAll(/import\("\.\/([^"]+)"\)/g)].map(([, file]) => file);

/** A file and all that it cannot start without. */
function needed(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const other of imported(name)) needed(other, found);
  return found;
}

test("the element with the list is at most 25 KB, compressed, in any language", () => {
  const scripts = [...needed("openhour.js")].reduce((sum, name) => sum + gzipSync(text(name)).length, 0);
  const later = [...needed("openhour.js")].flatMap(loadedLater);
  for (const language of ["en", "de", "fr", "es"]) {
    const catalogues = later.filter((name) => new RegExp(`^${language}-\\w+\\.js$`).test(name));
    assert.equal(catalogues.length, 2, "what several pages say, and what this one says");
    const size = scripts + catalogues.flatMap((name) => [...needed(name)]).reduce((sum, each) => sum + gzipSync(text(each)).length, 0);
    assert.ok(size <= LIMIT, `${size} bytes in ${language}`);
  }
});

test("FullCalendar is in nothing that is loaded before the calendar is shown", () => {
  for (const name of needed("openhour.js")) assert.doesNotMatch(text(name), /fullcalendar|fc-event/i, name);
  const [calendar] = readdirSync(directory).filter((name) => /^calendar-view-\w+\.js$/.test(name));
  assert.ok([...needed(calendar)].some((name) => /fc-event/.test(text(name))));
});

test("nothing is fetched from elsewhere", () => {
  for (const name of readdirSync(directory).filter((each) => /\.(js|css|html)$/.test(each))) {
    const addresses = (text(name).match(/https?:\/\/[\w.-]+/g) ?? []).filter((address) => !/w3\.org|fullcalendar\.io/.test(address));
    assert.deepEqual(addresses, [], name);
  }
});

test("pages run nothing inline", () => {
  for (const name of readdirSync(directory).filter((each) => each.endsWith(".html"))) {
    assert.doesNotMatch(text(name), /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/i, name);
    assert.match(text(name), /http-equiv="Content-Security-Policy"/, name);
    assert.doesNotMatch(text(name), /unsafe-/, name);
  }
});
