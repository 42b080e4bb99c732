import assert from "node:assert/strict";
import { test } from "node:test";
import { ANY_PROVIDER, combinations, interview, possible, settle } from "../../site/src/booking/choices.js";

const provider = (id, offers) => ({
  id,
  services: [...new Set(offers.flatMap(([, , services]) => services))].map((service) => ({ id: service })),
  locations: [...new Set(offers.map(([location]) => location))].map((location) => ({ id: location })),
  offers: offers.map(([location, forum, services]) => ({ location, forum, services })),
});

const MAYA = provider("maya", [
  ["quay", "telehealth", ["intro", "first", "session"]],
  ["quay", "in_person", ["first", "session"]],
]);
const JONAS = provider("jonas", [["mill", "in_person", ["session", "couples"]]]);

const asked = (combos, chosen = {}) => settle(combos, chosen).question?.name;

test("what has one choice is chosen", () => {
  const { settled } = settle(combinations([MAYA]), {});
  assert.deepEqual(settled, { provider: "maya", location: "quay" });
});

test("the question that leaves least to ask comes first", () => {
  // An introductory call is online only: asked first, the service may leave no question about the forum.
  assert.equal(asked(combinations([MAYA])), "service");
});

test("nothing is asked where everything has one choice", () => {
  const combos = combinations([provider("maya", [["quay", "telehealth", ["session"]]])]);
  const { settled, question } = settle(combos, {});
  assert.equal(question, null);
  assert.deepEqual(settled, { provider: "maya", location: "quay", forum: "telehealth", service: "session" });
});

test("of equal orders the one that people expect is taken", () => {
  const offers = ["in_person", "telehealth"].map((forum) => ["quay", forum, ["first", "session"]]);
  assert.equal(asked(combinations([provider("maya", offers)])), "service");
  assert.equal(asked(combinations([provider("maya", offers), provider("ada", offers)])), "provider");
});

test("services are listed in the practice's order", () => {
  const { question } = settle(combinations([MAYA]), {});
  assert.deepEqual(question.values, ["intro", "first", "session"]);
});

test("whoever is free is a choice only where several do the same", () => {
  const same = [["quay", "telehealth", ["session", "first"]]];
  assert.equal(settle(combinations([provider("a", same), provider("b", same)]), {}).question.anyone, true);
  const apart = settle(combinations([provider("a", [["quay", "telehealth", ["x"]]]), provider("b", [["mill", "in_person", ["y"]]])]), {});
  assert.equal(apart.question.anyone, false);
});

test("whoever is free leaves no provider open, and becomes the one who is left", () => {
  const combos = combinations([MAYA, JONAS]);
  const both = settle(combos, { provider: ANY_PROVIDER, service: "session", forum: "in_person" });
  assert.equal(both.settled.provider, ANY_PROVIDER);
  assert.equal(settle(combos, { provider: ANY_PROVIDER, service: "couples" }).settled.provider, "jonas");
});

test("more providers than can be looked up at once cannot be asked for together", () => {
  const many = Array.from({ length: 51 }, (_, index) => provider(`p${index}`, [["quay", "telehealth", ["session"]]]));
  assert.equal(settle(combinations(many), {}).question.anyone, false);
});

test("a link skips what it names, and what it names wrongly is asked", () => {
  const combos = combinations([MAYA, JONAS]);
  assert.deepEqual(possible(combos, { provider: "maya", service: "gone", forum: "in_person" }), { provider: "maya", forum: "in_person" });
  assert.deepEqual(possible(combos, { provider: "jonas", forum: "telehealth" }), { provider: "jonas" });
  assert.deepEqual(possible(combos, { provider: null, service: undefined }), {});
});

test("an interview ends when nothing is open, and an answer that became impossible is asked again", () => {
  const combos = combinations([MAYA]);
  const all = interview(combos, {}, { service: "session", forum: "in_person" });
  assert.equal(all.complete, true);
  assert.deepEqual(all.questions.map(({ name, answer }) => [name, answer]), [["service", "session"], ["forum", "in_person"]]);
  const changed = interview(combos, {}, { service: "intro", forum: "in_person" });
  assert.equal(changed.complete, true);
  assert.equal(changed.settled.forum, "telehealth");
  const open = interview(combos, {}, { service: "first" });
  assert.deepEqual([open.complete, open.questions.at(-1).name, open.questions.at(-1).answer], [false, "forum", undefined]);
});

test("three hundred providers are settled in no time", () => {
  const offers = (index) => [
    [`l${index % 20}`, "in_person", ["first", "session", "check-in"]],
    [`l${index % 20}`, "telehealth", ["intro", "session"]],
    ["hub", "in_person", ["session"]],
  ];
  const many = combinations(Array.from({ length: 300 }, (_, index) => provider(`p${index}`, offers(index))));
  const before = performance.now();
  assert.ok(settle(many, {}).question);
  assert.ok(performance.now() - before < 1000);
});
