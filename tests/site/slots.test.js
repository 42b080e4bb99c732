import assert from "node:assert/strict";
import { test } from "node:test";
import { between, byDay, endOf, freeTimes, partOfDay, providerOf, snap } from "../../site/src/parts/slots.js";

const at = (text) => Date.parse(text);

test("a day's times are morning, afternoon and evening, on the reader's clock", () => {
  const starts = ["2027-03-08T09:00:00Z", "2027-03-08T12:00:00Z", "2027-03-08T17:00:00Z"];
  assert.deepEqual(byDay(starts, "UTC"), [
    {
      date: "2027-03-08",
      count: 3,
      parts: [
        { part: "morning", starts: [starts[0]] },
        { part: "afternoon", starts: [starts[1]] },
        { part: "evening", starts: [starts[2]] },
      ],
    },
  ]);
  assert.deepEqual(byDay(starts, "Pacific/Auckland").map(({ date, count }) => [date, count]), [["2027-03-08", 1], ["2027-03-09", 2]]);
});

test("midnight is night, and the parts of a day meet at five, at noon and at five", () => {
  assert.deepEqual([0, 299, 300, 719, 720, 1019, 1020, 1439].map(partOfDay), ["night", "night", "morning", "morning", "afternoon", "afternoon", "evening", "evening"]);
});

test("an hour that comes twice is listed twice, in the order of time", () => {
  const starts = ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"]; // both 01:30 in London
  const [day] = byDay(starts, "Europe/London");
  assert.deepEqual([day.count, day.parts[0].starts], [2, starts]);
});

test("starts are counted to the dates of the zone", () => {
  const starts = ["2027-03-08T23:30:00Z", "2027-03-09T09:00:00Z"];
  assert.deepEqual(between(starts, "2027-03-09", "2027-03-09", "Europe/Berlin"), starts);
  assert.deepEqual(between(starts, "2027-03-09", "2027-03-09", "UTC"), [starts[1]]);
});

test("free times that touch are one", () => {
  const starts = ["2027-03-08T09:00:00Z", "2027-03-08T09:15:00Z", "2027-03-08T11:00:00Z"];
  assert.deepEqual(freeTimes(starts, 50), [
    { start: at("2027-03-08T09:00:00Z"), end: at("2027-03-08T10:05:00Z") },
    { start: at("2027-03-08T11:00:00Z"), end: at("2027-03-08T11:50:00Z") },
  ]);
});

test("pointing into free time means the start before, at its end the last one that fits", () => {
  const starts = ["2027-03-08T09:00:00Z", "2027-03-08T09:30:00Z", "2027-03-08T10:00:00Z"];
  assert.equal(snap(starts, at("2027-03-08T09:40:00Z"), 60), starts[1]);
  assert.equal(snap(starts, at("2027-03-08T10:59:00Z"), 60), starts[2]);
  assert.equal(snap(starts, at("2027-03-08T09:00:00Z"), 60), starts[0]);
});

test("pointing outside free time means nothing", () => {
  const starts = ["2027-03-08T09:00:00Z", "2027-03-08T14:00:00Z"];
  for (const time of ["08:59", "10:00", "13:59"]) assert.equal(snap(starts, at(`2027-03-08T${time}:00Z`), 60), null);
  assert.equal(snap([], at("2027-03-08T09:00:00Z"), 60), null);
});

test("a session's end is counted in elapsed time", () => {
  assert.equal(endOf("2027-03-28T00:30:00Z", 50), "2027-03-28T01:20:00Z");
});

test("of several who are free the one with most free times is taken", () => {
  const [nine, ten] = ["2027-03-08T09:00:00Z", "2027-03-08T10:00:00Z"];
  assert.equal(providerOf(nine, { a: [nine], b: [nine, ten] }), "b");
  assert.equal(providerOf(nine, { a: [nine], b: [nine] }), "a");
  assert.equal(providerOf(ten, { a: [nine] }), null);
});
