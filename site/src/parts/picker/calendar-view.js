// The free times as a calendar: a week, a day where it is narrow, a month to jump. FullCalendar is loaded with this.

import { dayHeader, prepare, tidyDocument } from "../calendar-styles.js";
import { Calendar } from "@fullcalendar/core";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import timeGrid from "@fullcalendar/timegrid";
import { addDays, startOfWeek } from "../dates.js";
import { h } from "../dom.js";
import { byDay, endOf, snap } from "../slots.js";
import { localDate, wall } from "../zones.js";

tidyDocument();

const WEEK_FITS = 560;
const HOUR = 60;
/** From this many hours on the grid scrolls in itself. */
const MANY_HOURS = 13;
const SCROLLED_HEIGHT = 620;
const LONG_AGO = "1970-01-01";

export function calendarView(times) {
  return new CalendarView(times);
}

// FullCalendar knows UTC and the device's zone; wall clock times of any zone are given to it as if they were UTC's.
class CalendarView {
  #times;
  #host;
  #calendar;
  #month = false;
  #starts = [];
  #hours = null;

  constructor(times) {
    this.#times = times;
    this.#host = times.host;
    prepare(times.body.getRootNode());
    this.#draw();
    this.#calendar = this.#make();
    this.#calendar.render();
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(this.grid);
  }

  #observer;

  leave() {
    this.#observer.disconnect();
    this.#calendar.destroy();
  }

  async show(date) {
    const turn = (this.turns = (this.turns ?? 0) + 1);
    const { from, to } = this.#range(date);
    this.#host.date = date;
    this.#times.showRange(this.#title(from, to), from, to);
    const starts = await this.#times.load(...this.#visible(from, to));
    if (!starts || turn !== this.turns) return;
    this.#starts = starts;
    this.#fill(date);
    this.#scroll();
    this.#say(starts.filter((start) => isWithin(start, from, to, this.#host.zone)), to);
  }

  turn(pages) {
    if (this.#month) this.show(nextMonth(this.#host.date, pages));
    else this.show(addDays(this.#range(this.#host.date).from, pages * (this.#narrow ? 1 : 7)));
  }

  get #narrow() {
    return this.grid.clientWidth < WEEK_FITS;
  }

  get #view() {
    if (this.#month) return "dayGridMonth";
    return this.#narrow ? "timeGridDay" : "timeGridWeek";
  }

  #range(date) {
    if (this.#month) return { from: `${date.slice(0, 8)}01`, to: addDays(`${nextMonth(date, 1).slice(0, 8)}01`, -1) };
    if (this.#narrow) return { from: date, to: date };
    const from = startOfWeek(date, this.#times.first);
    return { from, to: addDays(from, 6) };
  }

  // A month is drawn with the rest of its first and last week.
  #visible(from, to) {
    if (!this.#month) return [from, to];
    return [startOfWeek(from, this.#times.first), addDays(startOfWeek(to, this.#times.first), 6)];
  }

  #title(from, to) {
    const { formats } = this.#host;
    if (this.#month) return formats.month(from);
    return this.#narrow ? formats.date(from) : formats.dateRange(from, to);
  }

  #draw() {
    const { t } = this.#host;
    const button = (label, month) =>
      h("button.switch", { type: "button", "data-month": String(month), onclick: () => this.#look(month) }, label);
    this.spans = h("div.switches", { role: "group", "aria-label": t("calendar.span") }, button(t("calendar.week"), false), button(t("calendar.month"), true));
    this.hint = h("p.hint.calendar-hint", {}, t("calendar.hint"));
    this.grid = h("div.calendar", { role: "group", "aria-label": t("calendar.label"), part: "calendar" });
    this.empty = h("div.calendar-empty", {});
    this.#times.body.append(h("div.calendar-head", {}, this.hint, this.spans), this.empty, this.grid);
    this.#markSpan();
  }

  #markSpan() {
    for (const button of this.spans.children) {
      button.setAttribute("aria-pressed", String(button.dataset.month === String(this.#month)));
    }
    this.spans.firstElementChild.textContent = this.#host.t(this.#narrow ? "calendar.day" : "calendar.week");
  }

  #look(month) {
    this.#month = month;
    this.#markSpan();
    this.show(this.#host.date);
  }

  #fit() {
    if (!this.#host.date || this.#calendar.view.type === this.#view) return;
    this.#markSpan();
    this.show(this.#host.date);
  }

  #make() {
    const { locale, formats } = this.#host;
    const clock = new Intl.DateTimeFormat(locale, { timeZone: "UTC", timeStyle: "short" });
    return new Calendar(this.grid, {
      plugins: [timeGrid, dayGrid, interaction],
      initialView: this.#view,
      initialDate: this.#host.date,
      now: () => wall(Date.now(), this.#host.zone).text,
      timeZone: "UTC",
      locale,
      firstDay: this.#times.first % 7,
      headerToolbar: false,
      allDaySlot: false,
      height: "auto",
      slotDuration: { minutes: 30 },
      slotLabelInterval: { hours: 1 },
      snapDuration: { minutes: 5 },
      selectable: true,
      selectMinDistance: 6,
      selectLongPressDelay: 350,
      eventLongPressDelay: 350,
      fixedWeekCount: false,
      slotLabelContent: ({ date }) => clock.format(date),
      dayHeaderContent: ({ date }) => ({ domNodes: [dayHeader(formats, date.toISOString().slice(0, 10), this.#month)] }),
      dateClick: ({ date, dateStr }) => this.#point(date, dateStr),
      select: ({ start }) => this.#drag(start),
      // Its label repeats the date alone, although the cell says more.
      dayCellDidMount: ({ el }) => el.removeAttribute("aria-labelledby"),
      eventClick: ({ event }) => event.allDay && this.#open(event.startStr),
      eventDrop: ({ event, revert }) => this.#move(event.start, revert),
    });
  }

  #point(date, dateText) {
    if (this.#month) this.#open(dateText);
    else this.#pickAt(date.getTime());
  }

  #drag(start) {
    this.#calendar.unselect();
    if (!this.#month) this.#pickAt(start.getTime());
  }

  #open(date) {
    this.#month = false;
    this.#markSpan();
    this.show(date);
  }

  #move(start, revert) {
    if (!this.#pickAt(start.getTime())) revert();
  }

  // Whatever was pointed at, what is picked is a bookable start with the service's length.
  #pickAt(wallTime) {
    const { t, duration, zone, formats } = this.#host;
    const walls = this.#starts.map((start) => `${wall(start, zone).text}Z`);
    const found = snap(walls, wallTime, duration);
    this.#complain(found ? "" : t("calendar.not_free"));
    if (!found) return false;
    const start = this.#starts[walls.indexOf(found)];
    this.#times.pick(start);
    this.#showPick();
    this.#host.announce(t("calendar.picked", { time: `${formats.day(start)}, ${formats.times(start, endOf(start, duration))}` }));
    return true;
  }

  #complain(text) {
    this.hint.textContent = text || this.#host.t("calendar.hint");
    this.hint.toggleAttribute("data-wrong", Boolean(text));
    if (text) this.#host.announce(text);
  }

  #fill(date) {
    this.#calendar.batchRendering(() => {
      this.#calendar.changeView(this.#view, date);
      this.#showHours();
      this.#calendar.removeAllEvents();
      for (const event of this.#month ? this.#days() : this.#free()) this.#calendar.addEvent(event);
      this.#showPick();
    });
  }

  #free() {
    const { duration, zone } = this.#host;
    const length = duration * 60_000;
    // What is not free is greyed: everything but these. The first one makes a week without any all grey.
    const free = { groupId: "free", display: "inverse-background", className: "not-free" };
    const spans = this.#starts.map((start) => {
      const begin = Date.parse(`${wall(start, zone).text}Z`);
      return { ...free, start: new Date(begin).toISOString(), end: new Date(begin + length).toISOString() };
    });
    return [{ ...free, start: LONG_AGO, end: `${LONG_AGO}T01:00:00Z` }, ...joined(spans)];
  }

  #days() {
    const { t, zone } = this.#host;
    return byDay(this.#starts, zone).map(({ date, count }) => ({
      start: date,
      allDay: true,
      title: t("times.count", { count }),
      className: "free-day",
    }));
  }

  #showPick() {
    for (const id of ["pick", "present"]) this.#calendar.getEventById(id)?.remove();
    const { start, present, presentEnd, duration, formats, t } = this.#host;
    if (this.#month) return;
    if (start) this.#put("pick", start, endOf(start, duration), { title: formats.times(start, endOf(start, duration)), editable: true });
    if (present && present !== start) this.#put("present", present, presentEnd, { title: t("times.present") });
  }

  #put(id, start, end, shown) {
    const begin = Date.parse(`${wall(start, this.#host.zone).text}Z`);
    const length = Date.parse(end) - Date.parse(start);
    const times = { start: new Date(begin).toISOString(), end: new Date(begin + length).toISOString() };
    this.#calendar.addEvent({ id, ...times, className: id, durationEditable: false, ...shown });
  }

  // The hours grow to hold every time that was seen; they never shrink, so that nothing jumps.
  #showHours() {
    const { duration, zone } = this.#host;
    const seen = this.#starts.map((start) => wall(start, zone).minutes);
    if (!seen.length && this.#hours) return;
    const first = Math.floor(Math.min(...(seen.length ? seen : [9 * HOUR])) / HOUR);
    const last = Math.ceil((Math.max(...(seen.length ? seen : [17 * HOUR])) + duration) / HOUR);
    const hours = [Math.min(first, this.#hours?.[0] ?? 24), Math.max(last, this.#hours?.[1] ?? 0)];
    if (String(hours) === String(this.#hours)) return;
    this.#hours = hours[1] > 24 ? [0, 24] : hours;
    this.#calendar.setOption("slotMinTime", { hours: this.#hours[0] });
    this.#calendar.setOption("slotMaxTime", { hours: this.#hours[1] });
    const many = this.#hours[1] - this.#hours[0] > MANY_HOURS;
    this.#calendar.setOption("height", many ? SCROLLED_HEIGHT : "auto");
  }

  // Where the day is longer than the grid, its first free time is what is seen first.
  #scroll() {
    if (!this.#starts.length || this.#month) return;
    const { start, zone } = this.#host;
    const { minutes } = wall(start && this.#starts.includes(start) ? start : this.#starts[0], zone);
    this.#calendar.scrollToTime({ minutes: Math.max(minutes - HOUR / 2, 0) });
  }

  #say(starts, to) {
    const { t } = this.#host;
    this.empty.replaceChildren();
    this.#complain("");
    this.#host.announce(t("times.found", { count: starts.length, range: this.#times.range.textContent }));
    if (!starts.length && !this.#month) this.#times.drawNone(this.empty, to, this.#narrow ? "day" : "week");
  }
}

function isWithin(start, from, to, zone) {
  const date = localDate(start, zone);
  return from <= date && date <= to;
}

function joined(spans) {
  const found = [];
  for (const span of spans) {
    if (found.length && span.start <= found.at(-1).end) found.at(-1).end = span.end;
    else found.push({ ...span });
  }
  return found;
}

function nextMonth(date, months) {
  const [year, month] = date.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
}
