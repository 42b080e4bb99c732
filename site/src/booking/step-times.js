// The second step: when. The picker shows the free times; Save asks the API about the one picked.

import { h } from "../parts/dom.js";
import { notice, otherwise } from "../parts/notice.js";
import { Picker } from "../parts/picker/picker.js";
import { alternatives, explain, ownRequest } from "./notices.js";

export function timesStep(booking) {
  return new Times(booking);
}

class Times {
  #booking;
  #picker;

  constructor(booking) {
    this.#booking = booking;
    booking.view ??= booking.pointed && booking.wide ? "calendar" : "list";
    this.#picker = new Picker(booking);
    this.#draw();
    this.#picker.open();
  }

  leave() {
    this.#picker.leave();
  }

  #draw() {
    const { t, stage } = this.#booking;
    this.form = h("form", { noValidate: true, onsubmit: (event) => this.#save(event) }, this.#picker.element, this.#bar());
    stage.append(...this.#booking.heading(t("times.title")).filter(Boolean), this.form);
    this.#explain();
    this.showPick();
  }

  #bar() {
    const { t } = this.#booking;
    this.picked = h("p.picked", { id: "picked" });
    this.pickError = h("p.error", { role: "alert" });
    const save = h("button.primary", { type: "submit", part: "button primary", "aria-describedby": "picked" }, t("times.save"));
    this.saveButton = save;
    return h("div.bar", { part: "bar" }, h("div", {}, this.picked, this.pickError), save);
  }

  /** Say what is picked. */
  showPick() {
    const { t, start, formats, choice } = this.#booking;
    const who = this.#booking.interview.settled.provider !== choice.ids.provider && choice.provider;
    const time = start && `${formats.day(start)}, ${formats.times(start, this.#booking.end)}`;
    if (start) this.pickError.textContent = "";
    this.picked.textContent = start ? (who ? t("times.picked_with", { time, name: who.name }) : time) : t("times.pick");
    this.picked.toggleAttribute("data-picked", Boolean(start));
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
      this.#picker.refresh();
    }
    this.#explain();
    this.#picker.notices.querySelector("[tabindex]")?.focus();
  }

  // What the API said about the time that was picked, with the nearest free ones in place.
  #explain() {
    const { notice: error } = this.#booking;
    if (!error) return;
    const { title, detail } = explain(this.#booking, error);
    const take = (start) => {
      this.#picker.notices.replaceChildren();
      this.#booking.pick(start);
      this.#picker.goTo(start, this.saveButton);
    };
    const help = [alternatives(this.#booking, error, take), ownRequest(this.#booking, error), otherwise(this.#booking, error)];
    this.#picker.notices.replaceChildren(notice(title, detail, help));
    this.#booking.notice = null;
  }
}
