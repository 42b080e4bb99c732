// Builds the pages into build/site: modules and style sheets bundled and minified, everything else copied as it is.

import { cp, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

const SITE = dirname(fileURLToPath(import.meta.url));
const OUTPUT = process.argv[2] ?? join(SITE, "..", "build", "site");
const STAGING = `${OUTPUT}.${process.pid}`;
/** What pages load by name; what these load is named after its content. */
const STYLES = ["parts/page", "portal/portal"];
/** Rooms are built apart: what both use shares files within each, not across, so that neither comes in many small ones. */
const ROOMS = [
  ["booking/openhour", "booking/page"],
  ["portal/manage", "portal/missing", "portal/portal", "portal/sign-in", "portal/verify"],
];
const NOT_COPIED = new Set(["src", "build.mjs"]);

const COMMON = { outdir: STAGING, bundle: true, minify: true, logLevel: "warning" };

// Imported by a script, a style sheet is a text, for constructed sheets.
const styleSheets = {
  name: "style-sheets",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const entries = (names, ending) =>
  Object.fromEntries(names.map((name) => [basename(name), join(SITE, "src", `${name}.${ending}`)]));

async function bundle() {
  const built = await Promise.all(ROOMS.map(modules));
  await build({ ...COMMON, entryPoints: entries(STYLES, "css") });
  return built.flatMap(({ metafile }) => Object.entries(metafile.outputs));
}

function modules(scripts) {
  return build({
    ...COMMON,
    entryPoints: entries(scripts, "js"),
    splitting: true,
    format: "esm",
    target: ["chrome123", "firefox124", "safari17.5"],
    metafile: true,
    legalComments: "linked",
    chunkNames: "[name]-[hash]",
    plugins: [styleSheets],
  });
}

async function copyPages() {
  const names = (await readdir(SITE)).filter((name) => !NOT_COPIED.has(name));
  await Promise.all(names.map((name) => cp(join(SITE, name), join(STAGING, name), { recursive: true })));
}

// Built beside and then put in its place, so that whoever is served meanwhile gets whole files.
await rm(STAGING, { recursive: true, force: true });
await mkdir(STAGING, { recursive: true });
const [outputs] = await Promise.all([bundle(), copyPages()]);
await rm(OUTPUT, { recursive: true, force: true });
await rename(STAGING, OUTPUT);
for (const [path, { bytes }] of outputs) console.log(`${String(bytes).padStart(8)}  ${basename(path)}`);
