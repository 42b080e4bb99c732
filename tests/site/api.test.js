import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Api, Refusal, Unreachable } from "../../site/src/parts/api.js";

let calls;
let outcomes;
const [realFetch, realTimeout] = [globalThis.fetch, globalThis.setTimeout];

const answer = (status, body, headers = {}) => new Response(body && JSON.stringify(body), { status, headers });

beforeEach(() => {
  calls = [];
  outcomes = [];
  globalThis.fetch = async (address, options) => {
    calls.push([address, options]);
    const outcome = outcomes.shift();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  globalThis.setTimeout = (action) => realTimeout(action, 0);
});

afterEach(() => {
  globalThis.fetch = realFetch;
  globalThis.setTimeout = realTimeout;
});

test("a read names what it wants in the query", async () => {
  outcomes = [answer(200, { slots: [] })];
  assert.deepEqual(await new Api("https://a.example/").read("/v1/slots", { service: "a b" }), { slots: [] });
  assert.equal(calls[0][0], "https://a.example/v1/slots?service=a+b");
  assert.equal(calls[0][1].credentials, "omit");
});

test("a call that was lost or turned away for a while is made again", async () => {
  outcomes = [new TypeError("lost"), answer(503, { type: "x" }, { "retry-after": "1" }), answer(200, { ok: 1 })];
  assert.deepEqual(await new Api("https://a.example").read("/v1/providers"), { ok: 1 });
  assert.equal(calls.length, 3);
});

test("a limit that lasts is not tried against, and says until when in the reader's hands", async () => {
  const problem = { type: "urn:problem-type:openhour:too-many-requests", until: "2027-03-01T09:00:00Z" };
  outcomes = [answer(429, problem, { "retry-after": "2400" })];
  await assert.rejects(new Api("https://a.example").write("{}", "key-00000001"), (error) => {
    assert.deepEqual([error.passing, error.until.toISOString()], [false, "2027-03-01T09:00:00.000Z"]);
    return true;
  });
  assert.equal(calls.length, 1);
});

test("a pause of some seconds is kept to before the next try", async () => {
  const waited = [];
  globalThis.setTimeout = (action, pause) => {
    waited.push(pause);
    return realTimeout(action, 0);
  };
  outcomes = [answer(429, {}, { "retry-after": "4" }), answer(503, {}, { "retry-after": "6" })];
  await assert.rejects(new Api("https://a.example").read("/v1/providers"), (error) => error.until === null && !error.passing);
  assert.deepEqual([calls.length, waited.includes(4000)], [2, true]);
});

test("what stays lost is told as such", async () => {
  outcomes = [new TypeError("lost"), new TypeError("lost"), new TypeError("lost")];
  await assert.rejects(new Api("https://a.example").read("/v1/providers"), Unreachable);
});

test("a refusal is not tried again, and says its kind", async () => {
  const problem = { type: "urn:problem-type:openhour:slot-taken", title: "Taken", alternatives: ["x"] };
  outcomes = [answer(409, problem)];
  await assert.rejects(new Api("https://a.example").check({ start: "a" }), (error) => {
    assert.ok(error instanceof Refusal);
    assert.deepEqual([error.kind, error.status, error.passing, error.problem.alternatives], ["slot-taken", 409, false, ["x"]]);
    return true;
  });
  assert.equal(calls.length, 1);
});

test("a write keeps key and bytes over its tries", async () => {
  outcomes = [new TypeError("lost"), answer(201, { id: "r" })];
  await new Api("https://a.example").write('{"a":1}', "key-00000001");
  const sent = calls.map(([, { body, headers }]) => [body, headers["idempotency-key"], headers["content-type"]]);
  assert.deepEqual(sent[0], ['{"a":1}', "key-00000001", "application/json"]);
  assert.deepEqual(sent[1], sent[0]);
});

test("an answer without a problem in it is a refusal all the same", async () => {
  outcomes = [new Response("<html>", { status: 403 })];
  await assert.rejects(new Api("https://a.example").read("/v1/providers"), (error) => error.status === 403 && error.kind === "");
});
