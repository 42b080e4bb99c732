// The same appointments as a calendar, with what is free at whom they saw last; a free time leads to a new one.
// FullCalendar is loaded with this.

import { dayHeader, prepare, tidyDocument } from "../parts/calendar-styles.js";
import { Calendar } from "@fullcalendar/core";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import timeGrid from "@fullcalendar/timegrid";
import { firstDayOfWeek } from "../parts/dates.js";
import { h, icon } from "../parts/dom.js";
import { freeTimes, snap } from "../parts/slots.js";
import { wall } from "../parts/zones.js";

tidyDocument();

const WEEK_FITS = 640;
const HEIGHT = 620;
const OVER = new Set(["declined", "expired", "withdrawn", "cancelled", "replaced"]);
const LOOKS = { unverified: "pending", pending: "pending", offered: "offered", confirmed: "confirmed" };

/**
 * Draw it. `open(id)` shows an appointment; `fresh(date, time)` begins a new one at that time of the wall. `free` is what
 * can be had: `{lookUp(from, to), duration}` of starts, null where nobody is known to look at. `say(text)` tells.
 */
export function portalCalendar(page, place, appointments, { open, fresh, free, say }) {
  const { zone } = page.clock();
  const clock = page.clock("UTC"); // what the calendar is given are times of the wall, as if they were UTC's
  const root = h("div.calendar-root", {});
  const shadow = root.attachShadow({ mode: "open" });
  const grid = h("div.calendar", {});
  shadow.append(grid);
  place.replaceChildren(root); // FullCalendar looks for its styles when it is made, in what is shown by then
  prepare(shadow);
  const wide = place.clientWidth >= WEEK_FITS;
  const now = () => wall(Date.now(), zone).text;
  let starts = null;
  const pick = (date) => {
    const at = date.getTime();
    if (at <= Date.parse(`${now()}Z`)) return say("portal.calendar.not_free");
    const found = starts ? snap(starts, at, free.duration) : date.toISOString();
    if (!found) return say("portal.calendar.not_free");
    return fresh(...found.slice(0, 16).split("T"));
  };
  const calendar = new Calendar(grid, {
    plugins: [timeGrid, dayGrid, interaction],
    initialView: wide ? "timeGridWeek" : "timeGridDay",
    initialDate: wall(appointments.find(({ end }) => Date.parse(end) > Date.now())?.start ?? Date.now(), zone).date,
    now,
    timeZone: "UTC",
    locale: page.locale,
    firstDay: firstDayOfWeek(page.locale) % 7,
    headerToolbar: false,
    allDaySlot: false,
    scrollTime: "08:00",
    height: HEIGHT,
    snapDuration: { minutes: 5 },
    events: appointments.flatMap((each) => shown(page, each, zone)),
    slotLabelContent: ({ date }) => clock.time(date),
    dayHeaderContent: ({ date }) => ({ domNodes: [dayHeader(clock, date.toISOString().slice(0, 10), false)] }),
    eventContent: ({ event }) => event.display !== "background" && { domNodes: [h("span.said", {}, h("b", {}, clock.time(event.start)), " ", event.extendedProps.status)] },
    eventClick: ({ event }) => event.id && open(event.groupId),
    eventDidMount: ({ el, event }) => {
      if (event.display === "background") return;
      el.title = `${event.title}, ${clock.fullDay(event.start)}, ${clock.times(event.start, event.end)}`;
      keyed(el, () => open(event.groupId));
    },
    dateClick: ({ date }) => pick(date),
  });
  root.before(toolbar(page, calendar));
  calendar.on("datesSet", async ({ start, end }) => {
    if (!free) return;
    const [from, to] = [start, new Date(end.getTime() - 1)].map((date) => date.toISOString().slice(0, 10));
    const found = await free.lookUp(from, to);
    if (calendar.view.activeStart.getTime() !== start.getTime()) return; // somebody has turned on meanwhile
    starts = found.map((each) => `${wall(each, zone).text}Z`);
    for (const old of calendar.getEvents()) if (old.display === "background") old.remove();
    for (const span of freeTimes(starts, free.duration)) calendar.addEvent({ start: new Date(span.start).toISOString(), end: new Date(span.end).toISOString(), display: "background", className: "free" });
  });
  calendar.render();
  return calendar;
}

/** An appointment as events: where other times are offered, these. */
function shown(page, each, zone) {
  const status = page.t(`status.${each.status}`);
  const length = Date.parse(each.end) - Date.parse(each.start);
  return (each.offered?.length ? each.offered : [each.start]).map((start) => ({
    id: `${each.id} ${start}`,
    groupId: each.id,
    title: `${status}: ${each.service.name}`,
    start: wall(start, zone).text,
    end: wall(Date.parse(start) + length, zone).text,
    classNames: ["appointment", OVER.has(each.status) ? "over" : LOOKS[each.status]],
    extendedProps: { status },
  }));
}

function keyed(element, act) {
  element.setAttribute("role", "button");
  element.tabIndex = 0;
  element.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") act();
  });
}

function toolbar(page, calendar) {
  const { t } = page;
  const title = h("strong", { "aria-live": "polite" }, "");
  calendar.on("datesSet", ({ view }) => {
    const last = new Date(view.currentEnd.getTime() - 1);
    title.textContent = page.clock("UTC").dateRange(view.currentStart.toISOString().slice(0, 10), last.toISOString().slice(0, 10));
  });
  const button = (label, picture, act) => h("button.turn", { type: "button", "aria-label": label, onclick: act }, icon(picture));
  return h("div.pager", {}, button(t("times.earlier"), "left", () => calendar.prev()), title, button(t("times.later"), "right", () => calendar.next()));
}
