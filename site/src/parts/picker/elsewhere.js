// The hour where somebody visits a place whose clocks differ from those shown.

import { placeOf } from "../zones.js";

/** "10:00 in Berlin", or null; `host` as the picker's. */
export function elsewhere(host, start) {
  const { t, formats, visited } = host;
  const there = visited ? formats.elsewhere(start, visited.time_zone) : null;
  return there && t("fact.there", { time: there, place: placeOf(visited.time_zone) });
}
