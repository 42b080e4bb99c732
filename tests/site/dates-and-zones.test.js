import assert from "node:assert/strict";
import { test } from "node:test";
import { addDays, daysBetween, firstDayOfWeek, startOfWeek, weekday } from "../../site/src/parts/dates.js";
import { formats } from "../../site/src/parts/formats.js";
import { localDate, placeOf, sameClock, wall, zoneName, zonesWith } from "../../site/src/parts/zones.js";

const spaced = (text) => text.replace(/[\u202f\u00a0\u2009]/g, " ");

test("dates are counted over months, leap days and changes of the clock", () => {
  assert.equal(addDays("2028-02-28", 2), "2028-03-01");
  assert.equal(addDays("2027-01-01", -1), "2026-12-31");
  assert.equal(daysBetween("2027-03-27", "2027-03-29"), 2);
});

test("a week starts on the locale's first day", () => {
  assert.equal(weekday("2027-03-07"), 7);
  assert.equal(startOfWeek("2027-03-07", 1), "2027-03-01");
  assert.equal(startOfWeek("2027-03-07", 7), "2027-03-07");
  assert.equal(startOfWeek("2027-03-05", 6), "2027-02-27");
  assert.deepEqual(["en-US", "en-GB", "de"].map(firstDayOfWeek), [7, 1, 1]);
});

test("wall clocks follow their zone's changes", () => {
  assert.deepEqual(wall("2027-03-28T00:59:00Z", "Europe/London"), { date: "2027-03-28", minutes: 59, text: "2027-03-28T00:59:00" });
  assert.equal(wall("2027-03-28T01:00:00Z", "Europe/London").minutes, 120);
  assert.equal(wall("2027-03-08T00:00:00Z", "UTC").text, "2027-03-08T00:00:00");
  assert.equal(localDate("2027-03-08T20:00:00Z", "Pacific/Auckland"), "2027-03-09");
});

test("zones are compared by what their clocks show then", () => {
  assert.equal(sameClock("2027-03-08T09:00:00Z", "Europe/London", "Europe/Lisbon"), true);
  assert.equal(sameClock("2027-03-20T09:00:00Z", "Europe/London", "America/New_York"), false);
});

test("zones have names, and the one in use can be chosen whether listed or not", () => {
  assert.equal(zoneName("Europe/Berlin", "en-GB", "2027-07-01T00:00:00Z"), "Central European Summer Time");
  assert.equal(placeOf("America/Argentina/Buenos_Aires"), "Buenos Aires");
  assert.ok(zonesWith("Etc/GMT+3").includes("Etc/GMT+3"));
});

test("hours follow the locale's clock", () => {
  const [start, end] = ["2027-03-08T13:05:00Z", "2027-03-08T13:55:00Z"];
  assert.equal(formats("en-GB", "UTC").times(start, end).replace(/\s/g, ""), "13:05–13:55");
  assert.equal(spaced(formats("en-US", "UTC").time(start)), "1:05 PM");
  assert.match(formats("en-GB", "UTC").moment("2027-03-08T08:05:00Z"), /^Monday,? 8 March at 08:05$/);
  assert.match(formats("de", "UTC").day(start), /^Montag, 8\. März$/);
});

test("the hour elsewhere is told where it differs, with the day where that differs", () => {
  const london = formats("en-GB", "Europe/London");
  assert.equal(london.elsewhere("2027-03-08T09:00:00Z", "Europe/Lisbon"), null);
  assert.equal(london.elsewhere("2027-03-08T09:00:00Z", "Europe/Berlin"), "10:00");
  assert.match(london.elsewhere("2027-03-08T22:00:00Z", "Pacific/Auckland"), /^Tue,? 11:00$/);
});

test("dates without a zone stay what they are", () => {
  assert.match(formats("en-GB", "Pacific/Auckland").date("2027-03-08"), /^Monday,? 8 March$/);
  assert.match(spaced(formats("en-GB", "Pacific/Auckland").dateRange("2027-03-08", "2027-03-14")), /^8\s?–\s?14 Mar 2027$/);
});
