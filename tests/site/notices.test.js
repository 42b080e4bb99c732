import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Refusal } from "../../site/src/parts/api.js";
import { explain } from "../../site/src/booking/notices.js";
import { translator } from "../../site/src/parts/texts.js";

const read = (room) => JSON.parse(readFileSync(new URL(`../../site/src/${room}/texts/en.json`, import.meta.url), "utf8"));
const texts = { ...read("parts"), ...read("booking") };
const t = translator(texts, "en");
const invalid = (field, reason) => new Refusal(422, { type: "urn:problem-type:openhour:invalid", errors: [{ field, detail: "" }], reason });

for (const [field, reason, said] of [
  ["start", "outside-hours", /Nobody is seen at this time/],
  ["start", "too-soon", /too soon/],
  ["start", "beyond-horizon", /further ahead/],
  ["start", "off-grid", /another one/],
  ["start", "a-reason-of-tomorrow", /another one/],
  ["forum", undefined, /not offered/],
]) {
  test(`where the API's reason is ${reason ?? field}, the page says that and nothing else`, () => {
    const { title, detail } = explain({ t }, invalid(field, reason));
    assert.equal(title, "This time cannot be booked");
    assert.match(detail, said);
    if (reason !== "too-soon") assert.doesNotMatch(detail, /too soon|hours have changed/);
  });
}

test("what is wrong with no time is told as a refusal", () => {
  assert.equal(explain({ t }, invalid("client.time_zone")).title, texts["problem.refused"]);
});

test("the portal finds the same reasons, and none where the API gives none that is known", async () => {
  const { reasonOf } = await import("../../site/src/parts/reasons.js");
  assert.equal(reasonOf(invalid("start", "outside-hours")), "outside-hours");
  assert.equal(reasonOf(invalid("service")), "not-offered");
  assert.equal(reasonOf(invalid("start", "off-grid")), undefined);
  assert.equal(reasonOf(new TypeError("not the API")), undefined);
});
