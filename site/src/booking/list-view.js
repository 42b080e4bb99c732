// The free times of a week as a list: days as headings, times as radio buttons.

import { addDays, startOfWeek } from "../parts/dates.js";
import { h, icon, unique } from "../parts/dom.js";
import { byDay } from "../parts/slots.js";
import { elsewhere } from "./summary.js";
import { localDate } from "../parts/zones.js";

export function listView(times) {
  const { booking } = times;
  const body = h("div.list", {});
  times.body.append(body);

  async function show(date) {
    const from = startOfWeek(date, times.first);
    const to = addDays(from, 6);
    booking.date = date;
    times.showRange(booking.formats.dateRange(from, to), from, to);
    const starts = await times.load(from, to);
    if (starts) draw(starts, date, to);
  }

  function draw(starts, date, to) {
    const days = byDay(starts, booking.zone);
    const open = dayToOpen(days, booking, date);
    booking.date = open ?? date;
    body.replaceChildren(...days.map((day) => section(times, day, day.date === open)));
    booking.announce(booking.t("times.found", { count: starts.length, range: times.range.textContent }));
    if (!days.length) drawNone(times, body, to);
  }

  return { show, turn: (weeks) => show(addDays(startOfWeek(booking.date, times.first), 7 * weeks)) };
}

function dayToOpen(days, booking, date) {
  const wanted = booking.start ? localDate(booking.start, booking.zone) : date;
  return (days.find((day) => day.date === wanted) ?? days[0])?.date;
}

/** Instead of an empty week: where the next free time is, and a button that goes there. */
export async function drawNone(times, body, to, span = "week") {
  const { t, formats } = times.booking;
  const text = h("p", {}, t(`times.none_this_${span}`));
  body.append(h("div.none", {}, icon("calendar"), text));
  const next = await times.nextFree(to);
  if (!next) {
    text.textContent = t(`times.none_from_${span}`);
    return;
  }
  text.textContent = t(`times.next_after_${span}`, { date: formats.day(next) });
  text.after(h("button.secondary", { type: "button", onclick: () => times.goTo(next) }, t("times.go", { date: formats.day(next) })));
  times.booking.announce(text.textContent);
}

function section(times, day, open) {
  const { booking } = times;
  const panel = unique("day");
  const parts = h("div.day-times", { id: panel, hidden: !open }, day.parts.map((part) => group(times, day, part)));
  const toggle = h(
    "button.day-toggle",
    { type: "button", "aria-expanded": String(open), "aria-controls": panel },
    h("span.day-name", {}, booking.formats.date(day.date)),
    h("span.day-count", {}, booking.t("times.count", { count: day.count })),
    icon("down"),
  );
  toggle.addEventListener("click", () => {
    parts.hidden = !parts.hidden;
    toggle.setAttribute("aria-expanded", String(!parts.hidden));
  });
  return h("section.day", { "data-date": day.date }, h("h4.day-heading", {}, toggle), parts);
}

// Each part of a day is a group with one tab stop; picking in one takes back what was picked in another.
function group(times, day, { part, starts }) {
  const { booking } = times;
  const name = booking.t(`times.${part}`);
  const when = h("span.visually-hidden", {}, booking.formats.date(day.date), ", ");
  return h(
    "fieldset.part",
    {},
    h("legend", {}, when, name),
    h("div.slots", {}, starts.map((start) => slot(times, `${day.date}-${part}`, start))),
  );
}

function slot(times, group, start) {
  const { booking } = times;
  const there = elsewhere(booking, start);
  const input = h("input", {
    type: "radio",
    name: `start-${group}`,
    value: start,
    checked: booking.start === start,
    onchange: () => {
      for (const other of times.body.querySelectorAll("input:checked")) other.checked = other === input;
      times.pick(start);
    },
  });
  return h("label.slot", { part: "slot" }, input, h("span.slot-body", {}, booking.formats.time(start), there && h("small", {}, there)));
}
