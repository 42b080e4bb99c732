// Dates and hours as the locale writes them. Pure.

import { isZone, sameClock } from "./zones.js";

/** What writes instants on the wall clock of `zone`, in the manner of `locale`. */
export function formats(locale, zone) {
  const format = (options, timeZone = zone) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const clock = format({ timeStyle: "short" });
  const day = format({ weekday: "long", day: "numeric", month: "long" });
  const fullDay = format({ dateStyle: "full" });
  // Two digits where the clock has 24 hours, as the short style writes them.
  const hour = clock.resolvedOptions().hourCycle?.startsWith("h2") ? "2-digit" : "numeric";
  const moment = format({ weekday: "long", day: "numeric", month: "long", hour, minute: "2-digit" });
  // A date has no zone: it is read and written in UTC.
  const dates = (options) => {
    const writer = format(options, "UTC");
    return (date) => writer.format(new Date(`${date}T12:00:00Z`));
  };
  const range = format({ day: "numeric", month: "short", year: "numeric" }, "UTC");
  return {
    locale,
    zone,
    time: (instant) => clock.format(new Date(instant)),
    times: (start, end) => clock.formatRange(new Date(start), new Date(end)),
    day: (instant) => day.format(new Date(instant)),
    fullDay: (instant) => fullDay.format(new Date(instant)),
    moment: (instant) => moment.format(new Date(instant)),
    date: dates({ weekday: "long", day: "numeric", month: "long" }),
    month: dates({ month: "long", year: "numeric" }),
    weekdayShort: dates({ weekday: "short" }),
    dayShort: dates({ day: "numeric", month: "numeric" }),
    dateRange: (from, to) => range.formatRange(new Date(`${from}T12:00:00Z`), new Date(`${to}T12:00:00Z`)),
    /** The time in another zone, with the weekday where the date is another; null where clocks show the same. */
    elsewhere: (instant, other) => {
      if (!isZone(other) || sameClock(instant, zone, other)) return null;
      const date = (timeZone) => format({ dateStyle: "short" }, timeZone).format(new Date(instant));
      const options = { hour, minute: "2-digit", ...(date(zone) === date(other) ? {} : { weekday: "short" }) };
      return format(options, other).format(new Date(instant));
    },
  };
}
