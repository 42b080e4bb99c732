import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { solve } from "../../site/src/parts/proof.js";
import { sha256 } from "../../site/src/parts/sha256.js";

const known = (text) => createHash("sha256").update(text).digest("hex");

test("the hash of pages without TLS is SHA-256, at every length around a block", () => {
  for (let length = 0; length < 200; length++) assert.equal(sha256("ü7".repeat(length)), known("ü7".repeat(length)));
});

test("a proof is found where a page without TLS has no crypto.subtle", async () => {
  const subtle = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(crypto), "subtle");
  Object.defineProperty(crypto, "subtle", { value: undefined, configurable: true });
  const proof = await solve({ algorithm: "SHA-256", salt: "grain", challenge: known("grain777"), signature: "signed", maxnumber: 1000 });
  assert.equal(JSON.parse(atob(proof)).number, 777);
  delete crypto.subtle;
  assert.ok(subtle && crypto.subtle);
});
