// Calendar dates as `yyyy-mm-dd`, without a zone. Pure.

const DAY = 86_400_000;

const midnight = (date) => Date.parse(`${date}T00:00:00Z`);
const dateOf = (milliseconds) => new Date(milliseconds).toISOString().slice(0, 10);

export function addDays(date, days) {
  return dateOf(midnight(date) + days * DAY);
}

export function daysBetween(from, to) {
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

/** 1 for Monday to 7 for Sunday (ISO 8601). */
export function weekday(date) {
  return new Date(midnight(date)).getUTCDay() || 7;
}

/** The first date of the week that contains the date; `firstDay` is 1 for Monday to 7 for Sunday. */
export function startOfWeek(date, firstDay) {
  return addDays(date, -((weekday(date) - firstDay + 7) % 7));
}

/** 1 for Monday to 7 for Sunday, as people of the locale count; Monday where the browser does not know. */
export function firstDayOfWeek(locale) {
  const known = new Intl.Locale(locale);
  return (known.getWeekInfo?.() ?? known.weekInfo)?.firstDay ?? 1;
}
