// The picker of times: a list and a calendar over the same free times, in a zone that can be chosen. Booking, changing
// and moving use it alike.
//
// `host` is whoever shows it. The picker reads it anew whenever it draws:
//   t, locale        texts and manner of writing
//   zone, formats    the zone in which times are shown, and what writes in it
//   store            a SlotStore of what is looked for in this zone
//   duration         how long a session takes, in minutes
//   visited          the location, where somebody goes there; else null
//   present          the start that they have already, which is marked, up to `presentEnd`; null without one
// It keeps what shall outlive the picker at the host:
//   start            what is picked; null
//   date             what is looked at; null: where there is something free, from `wanted` on
//   view             "list" or "calendar"
//   wanted           {date, time}: where to begin, and what is picked there if it is free; both may be null
// And it tells the host:
//   pick(start)      somebody picked; the host sets `start`
//   changeZone(zone) the host sets `zone`, has another `store`, and no `date`
//   announce(text)   for whoever does not see it
//   explain(error)   {title, detail} of a look-up that failed
//   nothing()        nothing is free as far as can be booked: {title, detail}

import { addDays, firstDayOfWeek } from "../dates.js";
import { h, icon } from "../dom.js";
import { notice, otherwise } from "../notice.js";
import { snap } from "../slots.js";
import { localDate, wall } from "../zones.js";
import { listView } from "./list-view.js";
import { zoneChooser } from "./zone-chooser.js";

/** Weeks that are looked up before anybody turns to them. */
const AHEAD = 2;

const VIEWS = {
  list: async () => listView,
  calendar: async () => (await import("./calendar-view.js")).calendarView,
};

/** Its element is `element`; it is in the document before `open()` is called, and `leave()` when it goes. */
export class Picker {
  #shown = null;
  #turn = 0;

  constructor(host) {
    this.host = host;
    this.first = firstDayOfWeek(host.locale);
    this.notices = h("div.notices", {});
    this.body = h("div.times", { part: "times" });
    this.tools = h("div.tools", {}, zoneChooser(host, () => this.reopen()), this.#viewSwitch());
    this.soonest = h("button.link.soonest", { type: "button", hidden: true, onclick: () => this.#takeSoonest() });
    this.element = h("div.picker", {}, this.notices, this.tools, this.#pager(), this.soonest, this.body);
  }

  leave() {
    this.#turn += 1;
    this.#shown?.leave?.();
  }

  #viewSwitch() {
    const { t } = this.host;
    const button = (view, picture) =>
      h(
        "button.switch",
        { type: "button", "data-view": view, "aria-pressed": String(this.host.view === view), onclick: () => this.#look(view) },
        icon(picture),
        t(`times.${view}`),
      );
    return h("div.switches", { role: "group", "aria-label": t("times.view") }, button("list", "list"), button("calendar", "calendar"));
  }

  #pager() {
    const { t } = this.host;
    const turn = (label, picture, days) =>
      h("button.turn", { type: "button", "aria-label": label, onclick: () => this.#turnBy(days) }, icon(picture));
    this.back = turn(t("times.earlier"), "left", -1);
    this.forward = turn(t("times.later"), "right", 1);
    this.range = h("h3.range", { tabindex: "-1" });
    this.pager = h("div.pager", {}, this.back, this.range, this.forward);
    return this.pager;
  }

  /** Look up where there is something free, and show it. */
  async open() {
    const { date, start } = this.host;
    const turn = (this.#turn += 1);
    if (!date) {
      await this.#tried(turn, async () => {
        this.#busy(true);
        const first = start ?? (await this.#wanted()) ?? (await this.store.firstFrom(this.#firstDate()));
        if (turn !== this.#turn) return;
        if (!first) this.#showNone();
        else this.host.date = localDate(first, this.host.zone);
      });
    }
    if (turn === this.#turn && this.host.date) await this.#look(this.host.view);
  }

  /** Show everything anew: another zone, or something else is looked for. */
  async reopen() {
    this.#shown?.leave?.();
    this.#shown = null;
    this.body.replaceChildren();
    this.notices.replaceChildren();
    this.body.hidden = this.pager.hidden = false;
    await this.open();
  }

  /** Look again at the same: what was known has changed. */
  async refresh() {
    await this.#shown?.show(this.host.date);
  }

  // What has passed is of no use.
  #firstDate() {
    const { date } = this.host.wanted;
    return date && date > this.store.today ? date : this.store.today;
  }

  // The time is on the wall of this zone: where it is free it is picked, once.
  async #wanted() {
    const { wanted, zone, duration } = this.host;
    const { date, time } = wanted;
    wanted.time = null;
    if (!time || !date || date < this.store.today || date > this.store.last) return null;
    await this.store.load(date, date);
    const starts = this.store.starts(date, date);
    const walls = starts.map((start) => `${wall(start, zone).text}Z`);
    const found = snap(walls, Date.parse(`${date}T${time}:00Z`), duration);
    if (!found) return null;
    const start = starts[walls.indexOf(found)];
    this.pick(start);
    return start;
  }

  get store() {
    return this.host.store;
  }

  /** Show the free times of the dates in a view's range, looked up first; what comes next is looked up meanwhile. */
  async load(from, to) {
    const turn = (this.#turn += 1);
    if (!this.store.knows(from, to)) this.#busy(true);
    const loaded = await this.#tried(turn, () => this.store.load(from, to));
    if (turn !== this.#turn) return null;
    this.#busy(false);
    this.store.load(to, addDays(to, AHEAD * 7)).catch(() => null);
    return loaded ? this.store.starts(from, to) : null;
  }

  /** The first free start after a date, with what it takes to go there; null where there is none. */
  async nextFree(after) {
    const turn = this.#turn;
    const start = await this.store.firstFrom(addDays(after, 1)).catch(() => null);
    return turn === this.#turn ? start : null;
  }

  /** Instead of an empty week or day: where the next free time is, and a button that goes there. */
  async drawNone(place, to, span) {
    const { t, formats } = this.host;
    const text = h("p", {}, t(`times.none_this_${span}`));
    place.append(h("div.none", {}, icon("calendar"), text));
    const next = await this.nextFree(to);
    if (!next) {
      text.textContent = t(`times.none_from_${span}`);
      return;
    }
    const date = formats.day(next);
    text.textContent = t(`times.next_after_${span}`, { date });
    text.after(h("button.secondary", { type: "button", onclick: () => this.goTo(next) }, t("times.go", { date })));
    this.host.announce(text.textContent);
  }

  /** Say what range is shown, and whether there is anything before and after it. */
  showRange(title, from, to) {
    this.range.textContent = title;
    this.#edge(this.back, from <= this.store.today);
    this.#edge(this.forward, to >= this.store.last);
    this.#offerSoonest(from, to);
  }

  // Whoever has turned away from the first free time, or has one already, gets there by one press.
  async #offerSoonest(from, to) {
    const { t, zone, formats, present } = this.host;
    this.soonest.hidden = true;
    const start = await this.#soonest().catch(() => null);
    const date = start && localDate(start, zone);
    if (!start || (from <= date && date <= to && !present)) return;
    this.soonest.textContent = t("times.soonest", { time: formats.moment(start) });
    this.soonest.dataset.start = start;
    this.soonest.hidden = false;
  }

  async #soonest() {
    const first = await this.store.firstFrom(this.store.today);
    if (!first || first !== this.host.present) return first;
    return this.store.starts(this.store.today, this.store.last).find((start) => start > first) ?? null;
  }

  async #takeSoonest() {
    const { start } = this.soonest.dataset;
    this.pick(start);
    await this.goTo(start);
    this.body.querySelector(`input[value="${start}"]`)?.focus();
  }

  // A button that has the focus keeps it: it says that there is no more instead of vanishing.
  #edge(button, reached) {
    button.setAttribute("aria-disabled", String(reached));
  }

  /** Somebody picked a start. */
  pick(start) {
    this.host.pick(start);
  }

  /** Go to the date of a start; the focus goes along, since what had it may be gone. */
  async goTo(start, focused = this.range) {
    await this.#shown.show(localDate(start, this.host.zone));
    focused.focus();
  }

  async #look(view) {
    const turn = (this.#turn += 1);
    this.host.view = view;
    for (const button of this.tools.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    if (this.#shown?.view === view) return;
    const make = await this.#tried(turn, VIEWS[view]);
    if (!make || turn !== this.#turn) return;
    this.#shown?.leave?.();
    this.body.replaceChildren();
    this.#shown = make(this);
    this.#shown.view = view;
    this.element.dataset.view = view;
    await this.#shown.show(this.host.date);
  }

  #turnBy(pages) {
    const button = pages < 0 ? this.back : this.forward;
    if (button.getAttribute("aria-disabled") === "true") return;
    this.#shown?.turn(pages);
  }

  async #tried(turn, what) {
    try {
      return (await what()) ?? true;
    } catch (error) {
      if (turn === this.#turn) this.#failed(error);
      return null;
    }
  }

  #failed(error) {
    this.#busy(false);
    const { title, detail } = this.host.explain(error);
    const again = h("button.secondary", { type: "button", onclick: () => this.#again() }, this.host.t("again"));
    this.notices.replaceChildren(notice(title, detail, otherwise(this.host, error) ?? again));
  }

  #again() {
    this.notices.replaceChildren();
    if (this.#shown) this.#shown.show(this.host.date);
    else this.open();
  }

  #busy(busy) {
    this.body.setAttribute("aria-busy", String(busy));
    if (busy) this.host.announce(this.host.t("times.loading"));
    if (busy && !this.body.children.length) this.body.append(skeleton());
    if (!busy) this.body.querySelector(".skeleton")?.remove();
  }

  #showNone() {
    this.#busy(false);
    this.body.hidden = this.pager.hidden = true;
    const { title, detail } = this.host.nothing();
    this.notices.replaceChildren(notice(title, detail));
  }
}

function skeleton() {
  return h("div.skeleton", { "aria-hidden": "true" }, Array.from({ length: 4 }, () => h("span", {})));
}
