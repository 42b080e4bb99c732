// SHA-256 (FIPS 180-4), for pages without TLS, where browsers keep `crypto.subtle` back.

const fraction = (root) => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
const PRIMES = Array.from({ length: 312 }, (_, number) => number).filter((number) => number > 1 && !has(number, 2));
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

function has(number, divisor) {
  return divisor * divisor <= number && (number % divisor === 0 || has(number, divisor + 1));
}

const turned = (word, bits) => (word >>> bits) | (word << (32 - bits));

/** Hexadecimal digits of the hash of a text (UTF-8). */
export function sha256(text) {
  const blocks = padded(new TextEncoder().encode(text));
  let state = START;
  for (let at = 0; at < blocks.byteLength; at += 64) state = mixed(state, schedule(blocks, at));
  return state.map((word) => word.toString(16).padStart(8, "0")).join("");
}

function padded(bytes) {
  const blocks = new DataView(new ArrayBuffer(Math.ceil((bytes.length + 9) / 64) * 64));
  bytes.forEach((byte, at) => blocks.setUint8(at, byte));
  blocks.setUint8(bytes.length, 0x80);
  blocks.setUint32(blocks.byteLength - 4, bytes.length * 8);
  return blocks;
}

function schedule(blocks, at) {
  const words = Array.from({ length: 16 }, (_, number) => blocks.getUint32(at + number * 4));
  for (let number = 16; number < 64; number++) {
    const [early, late] = [words[number - 15], words[number - 2]];
    const small = turned(early, 7) ^ turned(early, 18) ^ (early >>> 3);
    const large = turned(late, 17) ^ turned(late, 19) ^ (late >>> 10);
    words.push((words[number - 16] + small + words[number - 7] + large) >>> 0);
  }
  return words;
}

function mixed(state, words) {
  let [a, b, c, d, e, f, g, h] = state;
  words.forEach((word, round) => {
    const chosen = (e & f) ^ (~e & g);
    const first = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + chosen + ROUNDS[round] + word) >>> 0;
    const second = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) >>> 0, c, b, a, (first + second) >>> 0];
  });
  return [a, b, c, d, e, f, g, h].map((word, number) => (word + state[number]) >>> 0);
}
