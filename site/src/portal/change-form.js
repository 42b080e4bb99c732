// What is asked for, changed: another service, place or way to meet, another time, another note.

import { addDays } from "../parts/dates.js";
import { h, unique } from "../parts/dom.js";
import { byDay } from "../parts/slots.js";
import { localDate } from "../parts/zones.js";

const DAYS = 7;

/** A form that knows what its request's provider offers. `save(button, change)` gets only what differs. */
export async function changeForm(page, request, { save, leave }) {
  const provider = await page.api.read(`/v1/providers/${encodeURIComponent(request.provider.id)}`);
  return new ChangeForm(page, request, provider, { save, leave }).element;
}

class ChangeForm {
  constructor(page, request, provider, calls) {
    Object.assign(this, { page, request, provider, ...calls });
    this.from = localDate(new Date().toISOString(), request.time_zone);
    const { t } = page;
    this.times = h("div.times", { "aria-live": "polite" });
    this.element = h(
      "form.change",
      { onsubmit: (event) => this.#submit(event), noValidate: true },
      h("div.selects", {}, this.#select("service", t("fact.what"), this.#services()), this.#select("way", t("fact.where"), this.#ways())),
      h("fieldset", {}, h("legend", {}, t("change.time")), this.times, this.#turner()),
      request.status === "pending" && this.#note(),
      h("div.actions", {}, h("button.primary", {}, t(request.status === "confirmed" ? "change.ask" : "change.save")), h("button.secondary", { type: "button", onclick: leave => calls.leave(leave) }, t("ask.no"))),
    );
    this.#load();
  }

  #select(name, label, options) {
    const id = unique(name);
    const select = h("select", { id, name, onchange: () => this.#load() }, options);
    return h("p.field", { hidden: options.length < 2 }, h("label", { for: id }, label), select);
  }

  #services() {
    const { services } = this.provider;
    return services.map(({ id, name }) => h("option", { value: id, selected: id === this.request.service.id }, name));
  }

  // Place and way to meet are one choice: where somebody is met online, no place is shown.
  #ways() {
    const { t } = this.page;
    const { offers, locations } = this.provider;
    return offers.map(({ location, forum }) => {
      const name = locations.find(({ id }) => id === location)?.name ?? location;
      const chosen = location === this.request.location.id && forum === this.request.forum;
      return h("option", { value: `${location} ${forum}`, selected: chosen }, forum === "telehealth" ? `${t("forum.telehealth")} (${name})` : name);
    });
  }

  #note() {
    const id = unique("note");
    return h("p.field", {}, h("label", { for: id }, this.page.t("fact.note")), h("textarea", { id, name: "note", maxlength: 2000, rows: 3 }, this.request.note ?? ""));
  }

  #turner() {
    const { t } = this.page;
    const turn = (days) => () => {
      this.from = addDays(this.from, days);
      this.#load();
    };
    this.earlier = h("button.secondary", { type: "button", onclick: turn(-DAYS) }, t("times.earlier"));
    return h("div.turner", {}, this.earlier, h("button.secondary", { type: "button", onclick: turn(DAYS) }, t("times.later")));
  }

  get #wanted() {
    const [location, forum] = this.element.elements.way.value.split(" ");
    return { service: this.element.elements.service.value, location, forum };
  }

  async #load() {
    const { t } = this.page;
    const run = (this.run = (this.run ?? 0) + 1);
    const today = localDate(new Date().toISOString(), this.request.time_zone);
    this.earlier.disabled = this.from <= today;
    this.times.setAttribute("aria-busy", "true");
    const query = { ...this.#wanted, from: this.from, to: addDays(this.from, DAYS - 1), time_zone: this.request.time_zone };
    try {
      const { slots } = await this.page.api.read(`/v1/providers/${encodeURIComponent(this.provider.id)}/slots`, query);
      if (run !== this.run) return;
      this.times.replaceChildren(...this.#days(slots));
    } catch (error) {
      const refused = error.kind === "invalid";
      this.times.replaceChildren(refused ? h("p", {}, t("change.not_here")) : this.page.message(this.page.explain(error)));
    }
    this.times.removeAttribute("aria-busy");
  }

  #days(slots) {
    const { t } = this.page;
    const clock = this.page.clock(this.request.time_zone);
    if (!slots.length) return [h("p", {}, t("change.none", { from: clock.date(this.from), to: clock.date(addDays(this.from, DAYS - 1)) }))];
    return byDay(slots, this.request.time_zone).map(({ date, parts }) =>
      h("div.day", { role: "group", "aria-label": clock.date(date) }, h("h3", {}, clock.date(date)), h("div.slots", {}, parts.flatMap(({ starts }) => starts).map((start) => this.#slot(start, clock)))),
    );
  }

  #slot(start, clock) {
    return h("label.slot", {}, h("input", { type: "radio", name: "start", value: start }), h("span", {}, clock.time(start)));
  }

  #submit(event) {
    event.preventDefault();
    const { request } = this;
    const given = new FormData(this.element);
    const wanted = this.#wanted;
    const change = {};
    if (wanted.service !== request.service.id) change.service = wanted.service;
    if (wanted.location !== request.location.id) change.location = wanted.location;
    if (wanted.forum !== request.forum) change.forum = wanted.forum;
    if (given.get("start") && given.get("start") !== request.start) change.start = given.get("start");
    const note = given.get("note");
    if (note !== null && (note.trim() || null) !== request.note) change.note = note.trim() || null;
    if (!Object.keys(change).length) {
      this.element.querySelector(".message")?.remove();
      this.element.prepend(this.page.message(this.page.t("change.nothing")));
      this.element.querySelector(".message").focus();
      return;
    }
    this.save(event.submitter, change);
  }
}
