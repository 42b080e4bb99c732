import assert from "node:assert/strict";
import { test } from "node:test";
import { SlotStore } from "../../site/src/parts/slot-store.js";

function store(answers, changes = {}) {
  const asked = [];
  const lookUp = async (from, to) => {
    asked.push([from, to]);
    const answer = answers(from, to);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const settings = { zone: "UTC", today: "2027-03-01", last: "2027-04-10", days: 14, lookUp, ...changes };
  return { asked, store: new SlotStore(settings) };
}

const slot = (date) => `${date}T09:00:00Z`;

test("each window is asked for once, and not beyond what can be booked", async () => {
  const { store: slots, asked } = store(() => ({ slots: [] }));
  await Promise.all([slots.load("2027-03-01", "2027-03-07"), slots.load("2027-03-08", "2027-03-20")]);
  await slots.load("2027-04-05", "2027-05-01");
  await slots.load("2027-02-01", "2027-02-20");
  assert.deepEqual(asked, [["2027-03-01", "2027-03-14"], ["2027-03-15", "2027-03-28"], ["2027-03-29", "2027-04-10"]]);
});

test("known starts are those of the dates", async () => {
  const { store: slots } = store(() => ({ slots: [slot("2027-03-02"), slot("2027-03-09")] }));
  assert.deepEqual(slots.starts("2027-03-01", "2027-03-07"), []);
  assert.equal(slots.knows("2027-03-01", "2027-03-07"), false);
  await slots.load("2027-03-01", "2027-03-07");
  assert.deepEqual(slots.starts("2027-03-01", "2027-03-07"), [slot("2027-03-02")]);
  assert.equal(slots.knows("2027-03-08", "2027-03-14"), true);
});

test("the next free time is looked for window by window", async () => {
  const { store: slots, asked } = store((from) => ({ slots: from === "2027-03-29" ? [slot("2027-04-02")] : [] }));
  assert.equal(await slots.firstFrom("2027-03-03"), slot("2027-04-02"));
  assert.equal(asked.length, 3);
  assert.equal(await slots.firstFrom("2027-04-03"), null);
});

test("a lookup that failed is made again", async () => {
  let failing = true;
  const { store: slots } = store(() => (failing ? new Error("lost") : { slots: [slot("2027-03-02")] }));
  await assert.rejects(slots.load("2027-03-01", "2027-03-07"));
  failing = false;
  await slots.load("2027-03-01", "2027-03-07");
  assert.deepEqual(slots.starts("2027-03-01", "2027-03-07"), [slot("2027-03-02")]);
});

test("of any provider's times it is known whose they are", async () => {
  const { store: slots } = store(() => ({ slots: [slot("2027-03-02")], by_provider: { maya: [slot("2027-03-02")] } }));
  await slots.load("2027-03-01", "2027-03-07");
  assert.deepEqual(slots.byProvider(slot("2027-03-02")), { maya: [slot("2027-03-02")] });
  assert.deepEqual(slots.byProvider(slot("2027-03-20")), {});
});
