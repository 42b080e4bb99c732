// One request: how it stands, and what its client can do with it.

import { h, icon, unique } from "../parts/dom.js";
import { placeOf, zoneTitle } from "../parts/zones.js";
import { where } from "./where.js";
import { calendarFile } from "./calendar-file.js";
import { nextTimes } from "./next-times.js";

const OPEN = ["pending", "offered"];
/** What came to nothing: the next free times of the same kind are shown. */
const OVER = ["declined", "expired", "withdrawn", "cancelled"];

/**
 * Shows a request in `place` and keeps it current. `token` opens it; `changed(request)` is told of every change, also of
 * a new request that would take this one's place.
 */
export class RequestView {
  constructor(page, place, request, token, changed = () => {}) {
    Object.assign(this, { page, place, request, token, changed });
    this.draw();
  }

  draw(...messages) {
    const { page, request } = this;
    const { t } = page;
    this.place.replaceChildren(
      ...messages,
      h("p.status", { "data-status": request.status }, icon(PICTURES[request.status] ?? "note"), h("strong", {}, t(`status.${request.status}`))),
      h("p", {}, this.#sentence()),
      request.mail_undeliverable && page.message(t("request.undeliverable")),
      this.#offers(),
      OVER.includes(request.status) && nextTimes(page, request, this.token),
      h("dl.facts", {}, this.#facts()),
      h("div.actions", {}, this.#actions()),
      h("div.ask", { hidden: true }),
    );
    for (const empty of [...this.place.childNodes]) if (empty.nodeType === Node.TEXT_NODE) empty.remove();
  }

  get #clock() {
    return this.page.clock(this.request.time_zone);
  }

  #when(start, end) {
    const clock = this.#clock;
    return `${clock.fullDay(start)}, ${clock.times(start, end)}`;
  }

  #sentence() {
    const { page, request } = this;
    const { t } = page;
    const time = request.deadline ? this.#clock.moment(request.deadline) : "";
    if (request.status === "cancelled") return t(request.cancelled_by === "client" ? "told.cancelled.client" : "told.cancelled.provider");
    if (request.status === "pending" && request.replaces) return t("told.moving", { time });
    return t(`told.${request.status}`, { time });
  }

  #facts() {
    const { t } = this.page;
    const { request } = this;
    const there = request.forum === "in_person" ? this.#clock.elsewhere(request.start, request.location.time_zone) : null;
    const rows = [
      [t("fact.when"), [this.#time(), h("small", {}, zoneTitle(this.#clock.zone, this.page.locale, request.start)), there && h("small", {}, t("fact.there", { time: there, place: placeOf(request.location.time_zone) }))]],
      [t("fact.with"), request.provider.name],
      [t("fact.what"), [request.service.name, h("small", {}, [t("minutes", { count: request.service.duration_minutes }), request.service.price].filter(Boolean).join(" · "))]],
      [t("fact.where"), [where(t, request), request.forum === "telehealth" ? this.#online() : h("small.address", {}, request.location.address)]],
      request.attendee && [t("fact.for"), request.attendee.name],
      request.note && [t("fact.note"), h("span.text", {}, request.note)],
      request.reason && [t("fact.reason"), h("span.text", {}, request.reason)],
      request.late && [t("fact.late"), t("told.late")],
    ].filter(Boolean);
    return rows.map(([term, content]) => h("div", {}, h("dt", {}, term), h("dd", {}, content)));
  }

  // While other times are offered, the one that was asked for is held no more.
  #time() {
    const { request } = this;
    const when = this.#when(request.start, request.end);
    return request.status === "offered" ? [h("s", {}, when), h("small", {}, this.page.t("fact.not_held"))] : when;
  }

  #online() {
    const { t } = this.page;
    const url = this.request.telehealth_url;
    return url && h("small", {}, h("a", { href: url, rel: "noreferrer" }, t("fact.join")));
  }

  #offers() {
    const { t } = this.page;
    const { request } = this;
    if (request.status !== "offered") return null;
    const length = Date.parse(request.end) - Date.parse(request.start);
    const clock = this.#clock;
    const radios = request.offered.map((start) => {
      const end = new Date(Date.parse(start) + length).toISOString();
      const input = h("input", { type: "radio", name: "offered", value: start, required: true, checked: request.offered.length === 1 });
      return h("label.radio.offer", {}, input, h("span", {}, h("strong", {}, clock.times(start, end)), h("span", {}, clock.fullDay(start))));
    });
    const choose = (event) => {
      event.preventDefault();
      this.#do(event.submitter, () => this.#patch({ chosen: new FormData(event.target).get("offered") }));
    };
    return h("form.offers", { onsubmit: choose }, h("fieldset", {}, h("legend", {}, t("offer.choose")), radios), h("button.primary", {}, t("offer.confirm")));
  }

  #actions() {
    const { t } = this.page;
    const { request } = this;
    const begun = Date.parse(request.start) <= Date.now();
    const confirmed = request.status === "confirmed" && !begun;
    return [
      confirmed && h("button.secondary", { type: "button", onclick: () => this.#download() }, icon("calendar"), t("act.calendar")),
      ((request.status === "pending" && request.changes_left > 0) || confirmed) &&
        h("button.secondary", { type: "button", onclick: ({ currentTarget }) => this.#change(currentTarget) }, t(confirmed ? "act.move" : "act.change")),
      OPEN.includes(request.status) && h("button.danger", { type: "button", onclick: ({ currentTarget }) => this.#ask(currentTarget, "withdraw") }, t("act.withdraw")),
      confirmed && h("button.danger", { type: "button", onclick: ({ currentTarget }) => this.#ask(currentTarget, "cancel") }, t("act.cancel")),
    ].filter(Boolean);
  }

  // The notice is explained before it bites.
  #ask(button, kind) {
    const { t } = this.page;
    const { request } = this;
    const late = kind === "cancel" && request.free_to_cancel_until && Date.now() > Date.parse(request.free_to_cancel_until);
    const until = request.free_to_cancel_until ? this.#clock.moment(request.free_to_cancel_until) : "";
    const id = unique("question");
    const notice = kind === "cancel" && h("p", {}, t(late ? "ask.cancel.late" : "ask.cancel.free", { time: until }));
    this.#open(
      button,
      h("h2", { id, tabindex: "-1" }, t(kind === "cancel" ? "ask.cancel" : "ask.withdraw")),
      h("p", {}, t("ask.told")),
      notice,
      h(
        "div.actions",
        {},
        h("button.danger", { type: "button", onclick: (event) => this.#do(event.currentTarget, () => this.#end()) }, t(kind === "cancel" ? "ask.cancel.yes" : "ask.withdraw.yes")),
        h("button.secondary", { type: "button", onclick: () => this.#close(button) }, t("ask.no")),
      ),
    );
  }

  async #change(button) {
    const { t } = this.page;
    button.disabled = true;
    try {
      const { changeForm } = await import("./change-form.js"); // with the picker, which most visits do not need
      const form = await changeForm(this.page, this.request, this.token, {
        save: (submitter, change) => this.#do(submitter, () => this.#patch(change)),
        leave: () => this.#close(button),
      });
      this.#open(button, h("h2", { tabindex: "-1" }, t(this.request.status === "confirmed" ? "change.move" : "change.title")), form.element);
      form.open();
    } catch (error) {
      this.draw(this.page.message(this.page.explain(error)));
    } finally {
      button.disabled = false;
    }
  }

  #open(button, ...content) {
    const ask = this.place.querySelector(".ask");
    ask.hidden = false;
    ask.replaceChildren(...content.filter(Boolean));
    ask.querySelector("h2").focus();
    for (const other of this.place.querySelectorAll(":scope > .actions button")) other.setAttribute("aria-expanded", String(other === button));
  }

  #close(button) {
    const ask = this.place.querySelector(".ask");
    ask.hidden = true;
    ask.replaceChildren();
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  #patch(body) {
    return this.page.api.act("PATCH", `/v1/requests/${this.request.id}`, { token: this.token, body });
  }

  // Nobody cancels an appointment who saw an open request: what was seen goes with it.
  #end() {
    return this.page.api.act("DELETE", `/v1/requests/${this.request.id}`, { token: this.token, query: { status: this.request.status } });
  }

  /** It has changed since it was looked at: show it as it is now, and say so; whether that went well. */
  async #lookAgain(error) {
    try {
      this.request = await this.page.api.act("GET", `/v1/requests/${this.request.id}`, { token: this.token });
    } catch {
      return false;
    }
    this.changed(this.request, this.token);
    this.draw(this.page.told(error));
    this.place.querySelector(".message").focus();
    return true;
  }

  async #do(button, act) {
    const { t } = this.page;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    try {
      const done = await act();
      if (done.manage_token) this.token = done.manage_token;
      this.request = done;
      this.changed(done, this.token);
      this.draw(h("p.done", { role: "status", tabindex: "-1" }, icon("check"), t("act.done")));
      this.place.querySelector(".done").focus();
    } catch (error) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      if (error.kind === "not-as-seen" && (await this.#lookAgain(error))) return;
      const ask = this.place.querySelector(".ask:not([hidden])") ?? this.place;
      ask.querySelector(".message")?.remove();
      ask.prepend(this.page.told(error));
      ask.querySelector(".message").focus();
    }
  }

  #download() {
    const file = new Blob([calendarFile(this.request, this.page.calendarWords(), new Date().toISOString().replace(/\.\d+Z$/, "Z"))], { type: "text/calendar" });
    const link = h("a", { href: URL.createObjectURL(file), download: "appointment.ics" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

const PICTURES = { pending: "clock", offered: "calendar", confirmed: "check", unverified: "mail" };
