// The proof of work that the API asks for under load (altcha): the number whose hash with the salt is the challenge.

import { sha256 } from "./sha256.js";

const AT_ONCE = 256;

/** Find the number; resolves to base64 of altcha's payload, rejects where there is none. */
export async function solve({ algorithm, challenge, salt, signature, maxnumber }) {
  for (let first = 0; first <= maxnumber; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, maxnumber - first + 1) }, (_, index) => first + index);
    const hashes = await Promise.all(numbers.map((number) => hash(algorithm, salt + number)));
    const found = hashes.indexOf(challenge);
    if (found >= 0) return btoa(JSON.stringify({ algorithm, challenge, number: first + found, salt, signature }));
  }
  throw new Error("the challenge has no solution");
}

async function hash(algorithm, text) {
  if (!crypto.subtle) return sha256(text);
  const digest = await crypto.subtle.digest(algorithm, new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
