// Instants (RFC 3339, UTC) on the wall clocks of IANA zones. Pure.

const clocks = new Map();

function clock(zone) {
  if (!clocks.has(zone)) {
    const parts = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
    clocks.set(zone, new Intl.DateTimeFormat("en-CA", { timeZone: zone, hourCycle: "h23", ...parts }));
  }
  return clocks.get(zone);
}

/** What clocks and calendars in the zone show: date `yyyy-mm-dd`, minutes since midnight, both as `yyyy-mm-ddThh:mm:ss`. */
export function wall(instant, zone) {
  const parts = {};
  for (const { type, value } of clock(zone).formatToParts(new Date(instant))) parts[type] = value;
  const date = `${parts.year.padStart(4, "0")}-${parts.month}-${parts.day}`;
  const minutes = Number(parts.hour) * 60 + Number(parts.minute);
  return { date, minutes, text: `${date}T${parts.hour}:${parts.minute}:${parts.second}` };
}

/** The date in the zone. */
export function localDate(instant, zone) {
  return wall(instant, zone).date;
}

/** Whether clocks in both zones show the same at the instant. */
export function sameClock(instant, zone, other) {
  return zone === other || wall(instant, zone).text === wall(instant, other).text;
}

/** Whether it is an IANA zone that this browser reckons in. Mere offsets, which some browsers take, the API does not. */
export function isZone(zone) {
  try {
    return Boolean(zone) && /^(?!Etc\/Unknown)[a-z]/i.test(zone) && Boolean(clock(zone));
  } catch {
    return false;
  }
}

/** The zone of this device; where that is unknown, the practice's. */
export function deviceZone(practice) {
  const device = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [device, practice].find(isZone) ?? "UTC";
}

/** Every zone that can be chosen, with those given first known to be among them. */
export function zonesWith(...needed) {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set([...known, ...needed.filter(isZone), "UTC"])].sort();
}

/** The place that a zone is named after: "Buenos Aires" of America/Argentina/Buenos_Aires. */
export function placeOf(zone) {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

/** Place and zone as every page says them: "London, Greenwich Mean Time". */
export const zoneTitle = (zone, locale, instant) => `${placeOf(zone)}, ${zoneName(zone, locale, instant)}`;

/** The zone in words, as it is called at the instant: "Central European Standard Time". */
export function zoneName(zone, locale, instant) {
  const parts = new Intl.DateTimeFormat(locale, { timeZone: zone, timeZoneName: "long" }).formatToParts(new Date(instant));
  return parts.find(({ type }) => type === "timeZoneName")?.value ?? zone;
}
