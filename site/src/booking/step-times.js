// The second step: when. A list and a calendar over the same free times; Save asks the API about the one picked.

import { addDays, firstDayOfWeek } from "../parts/dates.js";
import { h, icon } from "../parts/dom.js";
import { listView } from "./list-view.js";
import { alternatives, explain, notice, ownRequest } from "./notices.js";
import { snap } from "../parts/slots.js";
import { localDate, wall } from "../parts/zones.js";
import { zoneChooser } from "./zone-chooser.js";

/** Weeks that are looked up before anybody turns to them. */
const AHEAD = 2;

const VIEWS = {
  list: async () => listView,
  calendar: async () => (await import("./calendar-view.js")).calendarView,
};

export function timesStep(booking) {
  return new Times(booking);
}

class Times {
  #booking;
  #shown = null;
  #turn = 0;

  constructor(booking) {
    this.#booking = booking;
    this.first = firstDayOfWeek(booking.locale);
    booking.view ??= booking.pointed && booking.wide ? "calendar" : "list";
    this.#draw();
    this.#begin();
  }

  leave() {
    this.#turn += 1;
    this.#shown?.leave?.();
  }

  #draw() {
    const { t, stage } = this.#booking;
    this.notices = h("div.notices", {});
    this.body = h("div.times", { part: "times" });
    this.form = h("form", { noValidate: true, onsubmit: (event) => this.#save(event) }, this.body, this.#bar());
    const tools = h("div.tools", {}, zoneChooser(this.#booking, () => this.#changeZone()), this.#viewSwitch());
    stage.append(...this.#booking.heading(t("times.title")).filter(Boolean), this.notices, tools, this.#pager(), this.form);
    this.#explain();
    this.showPick();
  }

  #viewSwitch() {
    const { t } = this.#booking;
    const button = (view, picture) =>
      h(
        "button.switch",
        { type: "button", "data-view": view, "aria-pressed": String(this.#booking.view === view), onclick: () => this.#look(view) },
        icon(picture),
        t(`times.${view}`),
      );
    return h("div.switches", { role: "group", "aria-label": t("times.view") }, button("list", "list"), button("calendar", "calendar"));
  }

  #pager() {
    const { t } = this.#booking;
    const turn = (label, picture, days) =>
      h("button.turn", { type: "button", "aria-label": label, onclick: () => this.#turnBy(days) }, icon(picture));
    this.back = turn(t("times.earlier"), "left", -1);
    this.forward = turn(t("times.later"), "right", 1);
    this.range = h("h3.range", { tabindex: "-1" });
    return h("div.pager", {}, this.back, this.range, this.forward);
  }

  #bar() {
    const { t } = this.#booking;
    this.picked = h("p.picked", { id: "picked" });
    this.pickError = h("p.error", { role: "alert" });
    const save = h("button.primary", { type: "submit", part: "button primary", "aria-describedby": "picked" }, t("times.save"));
    this.saveButton = save;
    return h("div.bar", { part: "bar" }, h("div", {}, this.picked, this.pickError), save);
  }

  async #begin() {
    const { date, start } = this.#booking;
    const turn = (this.#turn += 1);
    if (!date) {
      await this.#tried(turn, async () => {
        this.#busy(true);
        const first = start ?? (await this.#wanted()) ?? (await this.store.firstFrom(this.#firstDate()));
        if (turn !== this.#turn) return;
        if (!first) this.#showNone();
        else this.#booking.date = localDate(first, this.#booking.zone);
      });
    }
    if (turn === this.#turn && this.#booking.date) await this.#look(this.#booking.view);
  }

  // A link may name the date to begin with; what has passed is of no use.
  #firstDate() {
    const { wantedDate } = this.#booking;
    return wantedDate && wantedDate > this.store.today ? wantedDate : this.store.today;
  }

  // It may name the time too, on the wall of this zone: where that is free it is picked, once.
  async #wanted() {
    const { wantedDate, wantedTime, zone, choice } = this.#booking;
    this.#booking.wantedTime = null;
    if (!wantedTime || !wantedDate || wantedDate < this.store.today || wantedDate > this.store.last) return null;
    await this.store.load(wantedDate, wantedDate);
    const starts = this.store.starts(wantedDate, wantedDate);
    const walls = starts.map((start) => `${wall(start, zone).text}Z`);
    const found = snap(walls, Date.parse(`${wantedDate}T${wantedTime}:00Z`), choice.service.duration_minutes);
    if (!found) return null;
    const start = starts[walls.indexOf(found)];
    this.pick(start);
    return start;
  }

  get store() {
    return this.#booking.store;
  }

  get booking() {
    return this.#booking;
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

  /** Say what range is shown, and whether there is anything before and after it. */
  showRange(title, from, to) {
    this.range.textContent = title;
    this.#edge(this.back, from <= this.store.today);
    this.#edge(this.forward, to >= this.store.last);
  }

  // A button that has the focus keeps it: it says that there is no more instead of vanishing.
  #edge(button, reached) {
    button.setAttribute("aria-disabled", String(reached));
  }

  /** Somebody picked a start. */
  pick(start) {
    this.#booking.pick(start);
    this.pickError.textContent = "";
    this.showPick();
  }

  showPick() {
    const { t, start, formats, choice } = this.#booking;
    const who = this.#booking.interview.settled.provider !== choice.ids.provider && choice.provider;
    const time = start && `${formats.day(start)}, ${formats.times(start, this.#booking.end)}`;
    this.picked.textContent = start ? (who ? t("times.picked_with", { time, name: who.name }) : time) : t("times.pick");
    this.picked.toggleAttribute("data-picked", Boolean(start));
  }

  /** Go to the date of a start; the focus goes along, since what had it may be gone. */
  async goTo(start, focused = this.range) {
    await this.#shown.show(localDate(start, this.#booking.zone));
    focused.focus();
  }

  async #look(view) {
    const turn = (this.#turn += 1);
    this.#booking.view = view;
    for (const button of this.#booking.stage.querySelectorAll("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    if (this.#shown?.view === view) return;
    const make = await this.#tried(turn, VIEWS[view]);
    if (!make || turn !== this.#turn) return;
    this.#shown?.leave?.();
    this.body.replaceChildren();
    this.#shown = make(this);
    this.#shown.view = view;
    this.#booking.stage.dataset.view = view;
    this.#shown.show(this.#booking.date);
  }

  #turnBy(pages) {
    const button = pages < 0 ? this.back : this.forward;
    if (button.getAttribute("aria-disabled") === "true") return;
    this.#shown?.turn(pages);
  }

  #changeZone() {
    this.#shown?.leave?.();
    this.#shown = null;
    this.body.replaceChildren();
    this.showPick();
    this.#booking.drawSummary();
    this.#begin();
  }

  async #save(event) {
    event.preventDefault();
    if (this.saving) return;
    if (!this.#booking.start) {
      this.pickError.textContent = this.#booking.t("times.needed");
      return;
    }
    this.#saving(true);
    try {
      this.#booking.preview = await this.#booking.api.check(this.#booking.wish);
      this.#booking.notice = null;
      this.#booking.show("details");
    } catch (error) {
      this.#saving(false);
      this.#refused(error);
    }
  }

  #saving(saving) {
    this.saving = saving;
    this.saveButton.setAttribute("aria-disabled", String(saving));
    this.saveButton.textContent = this.#booking.t(saving ? "times.saving" : "times.save");
  }

  #refused(error) {
    this.#booking.notice = error;
    if (!error.passing) {
      this.#booking.refresh();
      this.#booking.start = null;
      this.showPick();
      this.#shown.show(this.#booking.date);
    }
    this.#explain();
    this.notices.querySelector("[tabindex]")?.focus();
  }

  // What the API said about the time that was picked, with the nearest free ones in place.
  #explain() {
    const { notice: error } = this.#booking;
    if (!error) return;
    const { title, detail } = explain(this.#booking, error);
    const take = (start) => {
      this.notices.replaceChildren();
      this.pick(start);
      this.goTo(start, this.saveButton);
    };
    this.notices.replaceChildren(notice(title, detail, alternatives(this.#booking, error, take), ownRequest(this.#booking, error)));
    this.#booking.notice = null;
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
    const { t } = this.#booking;
    this.#busy(false);
    const { title, detail } = explain(this.#booking, error);
    const again = h("button.secondary", { type: "button", onclick: () => this.#again() }, t("again"));
    this.notices.replaceChildren(notice(title, detail, again));
  }

  #again() {
    this.notices.replaceChildren();
    if (this.#shown) this.#shown.show(this.#booking.date);
    else this.#begin();
  }

  #busy(busy) {
    this.body.setAttribute("aria-busy", String(busy));
    if (busy) this.#booking.announce(this.#booking.t("times.loading"));
    if (busy && !this.body.children.length) this.body.append(skeleton());
    if (!busy) this.body.querySelector(".skeleton")?.remove();
  }

  #showNone() {
    const { t, practice } = this.#booking;
    this.#busy(false);
    this.form.hidden = true;
    this.back.parentElement.hidden = true;
    this.notices.replaceChildren(notice(t("times.none"), practice?.contact ?? ""));
  }
}

function skeleton() {
  return h("div.skeleton", { "aria-hidden": "true" }, Array.from({ length: 4 }, () => h("span", {})));
}
