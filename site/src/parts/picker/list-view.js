// The free times of a week as a list: days as headings, times as radio buttons.

import { addDays, startOfWeek } from "../dates.js";
import { h, icon, unique } from "../dom.js";
import { byDay } from "../slots.js";
import { elsewhere } from "./elsewhere.js";
import { localDate } from "../zones.js";

export function listView(times) {
  const { host } = times;
  const body = h("div.list", {});
  times.body.append(body);

  async function show(date) {
    const from = startOfWeek(date, times.first);
    const to = addDays(from, 6);
    host.date = date;
    times.showRange(host.formats.dateRange(from, to), from, to);
    const starts = await times.load(from, to);
    if (starts) draw(starts, date, to);
  }

  function draw(starts, date, to) {
    const days = byDay(starts, host.zone);
    const open = dayToOpen(days, host, date);
    host.date = open ?? date;
    body.replaceChildren(...days.map((day) => section(times, day, day.date === open)));
    host.announce(host.t("times.found", { count: starts.length, range: times.range.textContent }));
    if (!days.length) times.drawNone(body, to, "week");
  }

  return { show, turn: (weeks) => show(addDays(startOfWeek(host.date, times.first), 7 * weeks)) };
}

function dayToOpen(days, host, date) {
  const wanted = host.start ? localDate(host.start, host.zone) : date;
  return (days.find((day) => day.date === wanted) ?? days[0])?.date;
}

function section(times, day, open) {
  const { host } = times;
  const panel = unique("day");
  const parts = h("div.day-times", { id: panel, hidden: !open }, day.parts.map((part) => group(times, day, part)));
  const toggle = h(
    "button.day-toggle",
    { type: "button", "aria-expanded": String(open), "aria-controls": panel },
    h("span.day-name", {}, host.formats.date(day.date)),
    h("span.day-count", {}, host.t("times.count", { count: day.count })),
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
  const { host } = times;
  const name = host.t(`times.${part}`);
  const when = h("span.visually-hidden", {}, host.formats.date(day.date), ", ");
  return h(
    "fieldset.part",
    {},
    h("legend", {}, when, name),
    h("div.slots", {}, starts.map((start) => slot(times, `${day.date}-${part}`, start))),
  );
}

function slot(times, group, start) {
  const { host } = times;
  const there = host.present === start ? host.t("times.present") : elsewhere(host, start);
  const input = h("input", {
    type: "radio",
    name: `start-${group}`,
    value: start,
    checked: host.start === start,
    onchange: () => {
      for (const other of times.body.querySelectorAll("input:checked")) other.checked = other === input;
      times.pick(start);
    },
  });
  return h("label.slot", { part: "slot", "data-present": host.present === start }, input, h("span.slot-body", {}, host.formats.time(start), there && h("small", {}, there)));
}
