import assert from "node:assert/strict";
import { test } from "node:test";

const page = new URL("../../site/src/booking/page.js", import.meta.url);

for (const framed of [false, true]) {
  test(`links of the booking page open ${framed ? "beside the frame that it is in" : "in its place"}`, async () => {
    const added = [];
    globalThis.self = {};
    globalThis.top = framed ? {} : globalThis.self;
    globalThis.document = {
      querySelector: () => ({ addEventListener: () => {} }),
      createElement: (name) => ({ name }),
      head: { append: (element) => added.push(element) },
    };
    await import(`${page}?framed=${framed}`);
    assert.deepEqual(added, framed ? [{ name: "base", target: "_blank" }] : []);
  });
}
