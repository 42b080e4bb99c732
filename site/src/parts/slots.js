// Free starts, in order of time, as people look at them. Pure.

import { localDate, wall } from "./zones.js";

const MINUTE = 60_000;
const PARTS = [
  ["night", 5 * 60],
  ["morning", 12 * 60],
  ["afternoon", 17 * 60],
  ["evening", 24 * 60],
];

/** `night`, `morning`, `afternoon` or `evening`, of minutes since midnight. */
export function partOfDay(minutes) {
  return PARTS.find(([, end]) => minutes < end)[0];
}

/** The starts by local date, and within it by part of the day: `[{date, count, parts: [{part, starts}]}]`. */
export function byDay(starts, zone) {
  const days = [];
  for (const start of starts) {
    const { date, minutes } = wall(start, zone);
    const part = partOfDay(minutes);
    if (days.at(-1)?.date !== date) days.push({ date, count: 0, parts: [] });
    const day = days.at(-1);
    // A clock set back from one part to the one before it goes on in the later one: the order stays that of time.
    if (!day.parts.length || indexOf(part) > indexOf(day.parts.at(-1).part)) day.parts.push({ part, starts: [] });
    day.parts.at(-1).starts.push(start);
    day.count += 1;
  }
  return days;
}

function indexOf(part) {
  return PARTS.findIndex(([name]) => name === part);
}

/** The starts whose local dates lie in the range, both ends inclusive. */
export function between(starts, from, to, zone) {
  return starts.filter((start) => {
    const date = localDate(start, zone);
    return from <= date && date <= to;
  });
}

/** The times in which sessions can lie, touching ones joined: `[{start, end}]` in milliseconds. */
export function freeTimes(starts, durationMinutes) {
  const free = [];
  for (const start of starts.map((each) => Date.parse(each))) {
    const end = start + durationMinutes * MINUTE;
    if (free.length && start <= free.at(-1).end) free.at(-1).end = end;
    else free.push({ start, end });
  }
  return free;
}

/**
 * The bookable start that somebody means who points at an instant (milliseconds): the last one at or before it within
 * the same free time, so that its end is no dead zone. null where the time is not free.
 */
export function snap(starts, at, durationMinutes) {
  const free = freeTimes(starts, durationMinutes).find(({ start, end }) => start <= at && at < end);
  if (!free) return null;
  const earlier = starts.filter((start) => free.start <= Date.parse(start) && Date.parse(start) <= at);
  return earlier.at(-1) ?? null;
}

/** The end of a session, RFC 3339 in UTC. */
export function endOf(start, durationMinutes) {
  return new Date(Date.parse(start) + durationMinutes * MINUTE).toISOString().replace(".000Z", "Z");
}

/**
 * Whose a start is, where several are free then: the one with the most free times, so that work is shared. Of equal
 * ones the first.
 */
export function providerOf(start, byProvider) {
  const free = Object.entries(byProvider).filter(([, starts]) => starts.includes(start));
  free.sort(([, one], [, other]) => other.length - one.length);
  return free[0]?.[0] ?? null;
}
