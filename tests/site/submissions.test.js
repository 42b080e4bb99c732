import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal, Unreachable } from "../../site/src/parts/api.js";
import { Submissions } from "../../site/src/booking/submissions.js";

class Storage {
  items = new Map();
  getItem = (name) => this.items.get(name) ?? null;
  setItem = (name, value) => this.items.set(name, value);
  removeItem = (name) => this.items.delete(name);
}

/** An API that does what it is told, in order, and remembers what it was sent. */
function scene(...outcomes) {
  const sent = [];
  const clock = { now: 0 };
  const api = {
    base: "https://api.example",
    write: async (text, key) => {
      sent.push({ text, key });
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
  };
  const storage = new Storage();
  const tab = () => new Submissions(api, storage, () => clock.now);
  return { sent, clock, tab, storage, api };
}

const MADE = { id: "r1", status: "pending" };
const lost = () => new Unreachable("lost");
const refusal = (status, kind, more = {}) => new Refusal(status, { type: `urn:problem-type:openhour:${kind}`, ...more });

test("an answered request is forgotten, and the next one has another key", async () => {
  const { tab, sent, storage } = scene(MADE, MADE);
  await tab().submit({ start: "a" });
  assert.equal(storage.items.size, 0);
  await tab().submit({ start: "a" });
  assert.notEqual(sent[0].key, sent[1].key);
});

test("after a lost answer the same bytes go out under the same key", async () => {
  const { tab, sent } = scene(lost(), MADE);
  const submissions = tab();
  await assert.rejects(submissions.submit({ start: "a", note: "b" }), Unreachable);
  assert.equal(await submissions.submit({ start: "a", note: "b" }), MADE);
  assert.deepEqual(sent[0], sent[1]);
});

test("after a reload the unanswered request goes out again under its key", async () => {
  const { tab, sent } = scene(lost(), MADE);
  await assert.rejects(tab().submit({ start: "a" }));
  assert.deepEqual(tab().unanswered(), { start: "a" });
  assert.equal(await tab().resume(), MADE);
  assert.deepEqual(sent[0], sent[1]);
  assert.equal(tab().unanswered(), null);
});

test("a change after a lost answer is no second request", async () => {
  const { tab, sent } = scene(lost(), MADE);
  await assert.rejects(tab().submit({ note: "one" }));
  assert.equal(await tab().submit({ note: "two" }), MADE);
  assert.deepEqual(sent.map(({ text }) => JSON.parse(text).note), ["one", "one"]);
});

test("a change after a lost answer goes out once the first is known not to have been made", async () => {
  const { tab, sent } = scene(lost(), refusal(409, "slot-taken"), MADE);
  await assert.rejects(tab().submit({ start: "a" }));
  assert.equal(await tab().submit({ start: "b" }), MADE);
  assert.deepEqual(sent.map(({ text }) => JSON.parse(text).start), ["a", "a", "b"]);
  assert.notEqual(sent[1].key, sent[2].key);
});

test("a refusal is final, an error on the other side is not", async () => {
  const { tab } = scene(refusal(422, "invalid"), refusal(503, "try-again-later"));
  await assert.rejects(tab().submit({ start: "a" }));
  assert.equal(tab().unanswered(), null);
  await assert.rejects(tab().submit({ start: "a" }));
  assert.deepEqual(tab().unanswered(), { start: "a" });
});

test("nothing goes out again after a quarter of an hour, or to another API", async () => {
  const { tab, clock, api } = scene(lost());
  await assert.rejects(tab().submit({ start: "a" }));
  api.base = "https://other.example";
  assert.equal(tab().unanswered(), null);
  api.base = "https://api.example";
  clock.now = 15 * 60_000;
  assert.equal(tab().unanswered(), null);
});

test("a proof of work is found and sent with the same key", async () => {
  const { createHash } = await import("node:crypto");
  const challenge = {
    algorithm: "SHA-256",
    salt: "grain",
    challenge: createHash("sha256").update("grain777").digest("hex"),
    signature: "signed",
    maxnumber: 1000,
  };
  const { tab, sent } = scene(refusal(428, "proof-needed", { challenge }), MADE);
  assert.equal(await tab().submit({ start: "a" }), MADE);
  assert.equal(sent[0].key, sent[1].key);
  const { proof, ...body } = JSON.parse(sent[1].text);
  assert.deepEqual(body, { start: "a" });
  const { maxnumber, ...expected } = challenge;
  assert.deepEqual(JSON.parse(atob(proof)), { ...expected, number: 777 });
});

test("a request that met an hour's limit is not sent by itself when the tab is opened again", async () => {
  const { tab, storage } = scene(new Refusal(429, { until: "2027-03-01T09:00:00Z" }, 2_400_000));
  await assert.rejects(tab().submit({ start: "a" }), Refusal);
  assert.deepEqual([tab().unanswered(), storage.items.size], [null, 0]);
});
