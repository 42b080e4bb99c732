// The same appointments as a calendar; a free date and time leads to a new one. FullCalendar is loaded with this.

import { dayHeader, prepare, tidyDocument } from "../parts/calendar-styles.js";
import { Calendar } from "@fullcalendar/core";
import dayGrid from "@fullcalendar/daygrid";
import interaction from "@fullcalendar/interaction";
import timeGrid from "@fullcalendar/timegrid";
import { firstDayOfWeek } from "../parts/dates.js";
import { h } from "../parts/dom.js";
import { wall } from "../parts/zones.js";

tidyDocument();

const WEEK_FITS = 640;
const OVER = new Set(["declined", "expired", "withdrawn", "cancelled", "replaced"]);

/** Draw it. `open(id)` shows an appointment, `fresh(date, time)` begins a new one at that time of the wall. */
export function portalCalendar(page, place, appointments, open, fresh) {
  const { t } = page;
  const { zone } = page.clock();
  const clock = page.clock("UTC"); // what the calendar is given are times of the wall, as if they were UTC
  const root = h("div.calendar-root", {});
  const shadow = root.attachShadow({ mode: "open" });
  const grid = h("div.calendar", {});
  shadow.append(grid);
  place.replaceChildren(root); // FullCalendar looks for its styles when it is made, in what is shown by then
  prepare(shadow);
  const calendar = new Calendar(grid, {
    plugins: [timeGrid, dayGrid, interaction],
    initialView: place.clientWidth < WEEK_FITS ? "timeGridDay" : "timeGridWeek",
    initialDate: wall(appointments.find(({ end }) => Date.parse(end) > Date.now())?.start ?? Date.now(), zone).date,
    now: () => wall(Date.now(), zone).text,
    timeZone: "UTC",
    locale: page.locale,
    firstDay: firstDayOfWeek(page.locale) % 7,
    headerToolbar: false,
    allDaySlot: false,
    scrollTime: "08:00",
    height: 620,
    events: appointments.map((each) => ({
      id: each.id,
      title: `${t(`status.${each.status}`)}: ${each.service.name}`,
      start: wall(each.start, zone).text,
      end: wall(each.end, zone).text,
      classNames: ["appointment", OVER.has(each.status) ? "over" : each.status],
      extendedProps: { status: t(`status.${each.status}`) },
    })),
    slotLabelContent: ({ date }) => clock.time(date),
    dayHeaderContent: ({ date }) => ({ domNodes: [dayHeader(clock, date.toISOString().slice(0, 10), false)] }),
    eventContent: ({ event }) => ({ domNodes: [h("span.said", {}, h("b", {}, clock.time(event.start)), " ", h("span", {}, event.extendedProps.status))] }),
    eventClick: ({ event }) => open(event.id),
    eventDidMount: ({ el, event }) => {
      el.title = `${event.title}, ${clock.fullDay(event.start)}, ${clock.times(event.start, event.end)}`;
      keyed(el, () => open(event.id));
    },
    dateClick: ({ date }) => date.getTime() > Date.parse(`${wall(Date.now(), zone).text}Z`) && fresh(...date.toISOString().slice(0, 16).split("T")),
  });
  root.before(toolbar(page, calendar));
  calendar.render();
  return calendar;
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
  const button = (label, act) => h("button.secondary", { type: "button", onclick: act }, label);
  return h("div.turner", {}, button(t("times.earlier"), () => calendar.prev()), title, button(t("times.later"), () => calendar.next()));
}
