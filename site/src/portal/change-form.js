// What is asked for, changed: another service, place or way to meet, another time, another note.

import { h, unique } from "../parts/dom.js";
import { Picker } from "../parts/picker/picker.js";
import { sheetOf } from "../parts/sheets.js";
import { endOf } from "../parts/slots.js";
import base from "../parts/base.css";
import look from "../parts/picker/picker.css";
import { RequestTimes } from "./request-times.js";

/**
 * A form that knows what its request's provider offers; `open()` once it is in the document. `save(button, change)` gets
 * only what differs.
 */
export async function changeForm(page, request, token, { save, leave }) {
  const provider = await page.api.read(`/v1/providers/${encodeURIComponent(request.provider.id)}`);
  return new ChangeForm(page, request, token, provider, { save, leave });
}

class ChangeForm {
  #turn = 0;

  constructor(page, request, token, provider, calls) {
    Object.assign(this, { page, request, provider, ...calls });
    const { t } = page;
    this.times = new RequestTimes(page, request, token, provider, () => this.#showPick()).keep();
    this.wish = request.start;
    this.picker = new Picker(this.times);
    this.told = h("div.told", { role: "status" });
    this.picked = h("p.picked", {});
    this.shown = this.#place();
    this.element = h(
      "form.change",
      { onsubmit: (event) => this.#submit(event), noValidate: true },
      h("div.selects", {}, this.#select("service", t("fact.what"), this.#services()), this.#select("way", t("fact.where"), this.#ways())),
      h("fieldset", {}, h("legend", {}, t("change.time")), this.told, this.shown),
      request.status === "pending" && this.#note(),
      h(
        "div.bar",
        {},
        this.picked,
        h(
          "div.actions",
          {},
          h("button.primary", {}, t(request.status === "confirmed" ? "change.ask" : "change.save")),
          h("button.secondary", { type: "button", onclick: () => this.leave() }, t("ask.no")),
        ),
      ),
    );
    this.#showPick();
  }

  open() {
    return this.picker.open();
  }

  // The picker's look is its own; here as on the booking page.
  #place() {
    const root = h("div.picker-root", {});
    const shadow = root.attachShadow({ mode: "open" });
    shadow.adoptedStyleSheets = [base, look].map(sheetOf);
    this.times.status = h("p.visually-hidden", { role: "status" });
    shadow.append(h("div.openhour", {}, this.picker.element, this.times.status));
    return root;
  }

  #select(name, label, options) {
    const id = unique(name);
    const select = h("select", { id, name, onchange: () => this.#askElse() }, options);
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

  get #wanted() {
    const [location, forum] = this.element.elements.way.value.split(" ");
    return { service: this.element.elements.service.value, location, forum };
  }

  // The time stays where it is free for that, too; where it is not, that is said beside the times.
  async #askElse() {
    const turn = (this.#turn += 1);
    const wanted = this.#wanted;
    const offered = this.times.offers(wanted);
    this.shown.hidden = !offered;
    if (!offered) {
      this.#tell(this.page.t("change.not_here"));
      return;
    }
    this.times.ask(wanted);
    if (this.times.date > this.times.store.last) this.times.date = null;
    const free = !this.#differs(wanted) || (await this.times.isFree(this.wish).catch(() => true));
    if (turn !== this.#turn) return;
    this.times.start = free ? this.wish : null;
    const { day, time } = this.times.formats;
    this.#tell(free ? "" : this.page.t("change.not_free", { time: `${day(this.wish)}, ${time(this.wish)}` }));
    this.#showPick();
    await this.picker.reopen();
  }

  #differs({ service, location, forum }) {
    const { request } = this;
    return service !== request.service.id || location !== request.location.id || forum !== request.forum;
  }

  #tell(text) {
    this.told.replaceChildren(...(text ? [h("p.message", {}, text)] : []));
  }

  #showPick() {
    const { t } = this.page;
    const { start, formats, duration } = this.times;
    if (start) {
      if (start !== this.wish) this.#tell("");
      this.wish = start;
    }
    const time = start && `${formats.day(start)}, ${formats.times(start, endOf(start, duration))}`;
    const stays = start === this.request.start && !this.#differs(this.times.asked);
    this.picked.textContent = start ? (stays ? t("change.stays", { time }) : time) : t("times.pick");
    this.picked.toggleAttribute("data-picked", Boolean(start));
  }

  #submit(event) {
    event.preventDefault();
    const { request, times } = this;
    const wanted = this.#wanted;
    if (!times.offers(wanted)) return this.#refuse("change.not_here");
    if (!times.start) return this.#refuse("times.needed");
    const change = {};
    if (wanted.service !== request.service.id) change.service = wanted.service;
    if (wanted.location !== request.location.id) change.location = wanted.location;
    if (wanted.forum !== request.forum) change.forum = wanted.forum;
    if (times.start !== request.start) change.start = times.start;
    const note = new FormData(this.element).get("note");
    if (note !== null && (note.trim() || null) !== request.note) change.note = note.trim() || null;
    if (!Object.keys(change).length) return this.#refuse("change.nothing");
    return this.save(event.submitter, change);
  }

  #refuse(key) {
    this.#tell(this.page.t(key));
    const message = this.told.firstElementChild;
    message.tabIndex = -1;
    message.focus();
  }
}
