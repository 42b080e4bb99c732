// The flow: what is chosen, which step is shown, and where the focus goes.

import { ANY_PROVIDER, combinations, interview, possible } from "./choices.js";
import { addDays } from "../parts/dates.js";
import { h } from "../parts/dom.js";
import { formats } from "../parts/formats.js";
import { SlotStore } from "../parts/slot-store.js";
import { endOf, providerOf } from "../parts/slots.js";
import { explain } from "./notices.js";
import { chooseStep } from "./step-choose.js";
import { detailsStep } from "./step-details.js";
import { doneStep } from "./step-done.js";
import { timesStep } from "./step-times.js";
import { summary } from "./summary.js";
import { deviceZone, localDate, zoneTitle } from "../parts/zones.js";

const STEPS = { choose: chooseStep, times: timesStep, details: detailsStep, done: doneStep };
const WIDE = 700;
const NUMBERED = ["choose", "times", "details"];
// Lookups of one provider cost the API the same however long; those of any provider are limited to 14 dates.
const DAYS_AT_ONCE = { one: 28, any: 14 };

export class Booking {
  linked;
  answers = {};
  start = null;
  provider = null;
  view = null;
  date = null;
  wanted = { date: null, time: null };
  present = null;
  notice = null;
  draft = { name: "", email: "", phone: "", whom: "self", attendee: "", guardian: false, note: "", consent: false };
  #drawn = null;
  #store = null;
  #told;
  #failed;
  #wished;

  /**
   * mount: an element of the shadow root to draw into; directory: what `/v1/providers` answers, with a provider by
   * direct link added; wishes: what link and attributes name; pages: addresses of other pages; fixed: names of choices
   * that cannot be changed; submitted: is told the request;
   * failed: is told of an error because of which no step can be shown
   */
  constructor({ mount, api, submissions, directory, wishes, t, locale, pages, fixed, submitted, failed }) {
    Object.assign(this, { mount, api, submissions, t, locale, pages, fixed });
    this.#told = submitted;
    this.#failed = failed;
    this.practice = directory.practice;
    this.zone = deviceZone(this.practice?.time_zone);
    this.providers = new Map(directory.providers.map((provider) => [provider.id, provider]));
    this.combos = combinations(directory.providers);
    this.#wished = possible(this.combos, wishes);
    this.linked = this.#wished;
    this.status = h("p.visually-hidden", { role: "status" });
    this.frame = h("div.frame", { part: "frame" });
    mount.replaceChildren(this.frame, this.status);
    this.#notePointer();
  }

  // The list is the view for keyboards and screen readers; the calendar comes first for who points, where there is room.
  #notePointer() {
    this.frame.addEventListener("pointerdown", () => (this.pointed = true));
    this.frame.addEventListener("keydown", () => (this.pointed = false));
  }

  get wide() {
    return this.frame.clientWidth >= WIDE;
  }

  get interview() {
    return interview(this.combos, this.linked, this.answers);
  }

  get formats() {
    return formats(this.locale, this.zone);
  }

  /** The zone of the times shown, in words: "London, Greenwich Mean Time". */
  zoneTitle(instant) {
    return zoneTitle(this.zone, this.locale, instant);
  }

  /** What is chosen so far: ids, and of each the object that describes it. */
  get choice() {
    const ids = { ...this.interview.settled };
    if (ids.provider === ANY_PROVIDER && this.provider) ids.provider = this.provider;
    const provider = this.providers.get(ids.provider);
    const among = provider ? [provider] : [...this.providers.values()];
    const find = (list, id) => among.flatMap((each) => each[list]).find((each) => each.id === id);
    return { ids, provider, service: find("services", ids.service), location: find("locations", ids.location), forum: ids.forum };
  }

  /** How long what is chosen takes, in minutes. */
  get duration() {
    return this.choice.service.duration_minutes;
  }

  /** The location, where somebody goes there. */
  get visited() {
    const { forum, location } = this.choice;
    return forum === "in_person" ? (location ?? null) : null;
  }

  get end() {
    return endOf(this.start, this.duration);
  }

  explain(error) {
    return explain(this, error);
  }

  nothing() {
    return { title: this.t("times.none"), detail: this.practice?.contact ?? "" };
  }

  /** Begin where there is something to ask; a request that was sent and not answered comes first. */
  async begin() {
    const body = this.submissions.unanswered();
    if (body && this.providers.has(body.provider)) {
      await this.#resume(body);
      return;
    }
    this.show(this.interview.complete ? "times" : "choose", { focus: false });
  }

  /** Go on in another language: what was chosen and typed stays, and so does the focus. */
  speak({ t, locale }) {
    Object.assign(this, { t, locale });
    if (!this.step) return;
    const focused = this.frame.getRootNode().activeElement;
    this.show(this.step, { focus: false });
    if (focused?.name) this.stage.querySelector(`[name="${focused.name}"]`)?.focus();
  }

  /** Keep what the step that is shown knows. */
  leave() {
    this.#drawn?.leave?.();
  }

  /** Draw a step; the focus goes to its heading unless it is where the page begins. */
  show(name, options) {
    try {
      this.#show(name, options);
    } catch (error) {
      this.#failed(error);
    }
  }

  #show(name, { focus = true, at = null } = {}) {
    this.leave();
    this.step = name;
    this.stage = h("div.stage", { part: "stage" });
    this.summary = h("aside.summary", { part: "summary", "aria-label": this.t("fact.yours") });
    this.frame.dataset.step = name;
    this.frame.replaceChildren(this.summary, this.stage);
    this.#drawn = STEPS[name](this);
    this.drawSummary();
    if (focus) ((at && this.stage.querySelector(at)) ?? this.stage.querySelector("h2")).focus();
  }

  /** The heading of a step with its number. */
  heading(text) {
    const number = NUMBERED.indexOf(this.step) + 1;
    const progress = number && h("p.progress", {}, this.t("step", { number, count: NUMBERED.length }));
    return [progress || null, h("h2", { tabindex: "-1", part: "heading" }, text)];
  }

  drawSummary() {
    const drawn = summary(this);
    this.summary.replaceChildren(...(drawn ? [drawn] : []));
    this.frame.toggleAttribute("data-summary", Boolean(drawn));
  }

  announce(text) {
    // The same text again is announced only where it is another one for a moment.
    this.status.textContent = "";
    requestAnimationFrame(() => (this.status.textContent = text));
  }

  /** Answer a question; a time that was picked stands only as long as what it was picked for. */
  answer(name, value) {
    this.answers = { ...this.answers, [name]: value };
    this.#forgetTimes();
    this.drawSummary();
  }

  /** Ask something again that was chosen, or named by a link. */
  change(name) {
    if (name === "start") {
      this.show("times");
      return;
    }
    if (this.linked[name] !== undefined) {
      const { [name]: dropped, ...kept } = this.linked;
      this.linked = kept;
      this.answers = { ...this.answers, [name]: dropped };
      this.#forgetTimes();
    }
    this.show("choose", { at: `[data-question="${name}"] input:checked` });
  }

  changeZone(zone) {
    this.zone = zone;
    this.#store = null;
    this.date = null;
    this.#showPick();
  }

  /** The free times of what is chosen. */
  get store() {
    this.#store ??= this.#openStore();
    return this.#store;
  }

  #openStore() {
    const { ids, service } = this.interview.settled.provider === ANY_PROVIDER ? this.#anyone() : this.choice;
    const any = ids.provider === ANY_PROVIDER;
    const path = any ? "/v1/slots" : `/v1/providers/${encodeURIComponent(ids.provider)}/slots`;
    const query = { service: ids.service, location: ids.location, forum: ids.forum, time_zone: this.zone };
    const today = localDate(Date.now(), this.zone);
    return new SlotStore({
      lookUp: (from, to) => this.api.read(path, { ...query, from, to }),
      zone: this.zone,
      today,
      // The horizon is counted in the provider's zone, where it may be a day later already.
      last: addDays(today, service.horizon_days + 1),
      days: any ? DAYS_AT_ONCE.any : DAYS_AT_ONCE.one,
    });
  }

  #anyone() {
    return { ids: this.interview.settled, service: this.choice.service };
  }

  #forgetTimes() {
    this.#store = null;
    this.start = null;
    this.provider = null;
    this.date = null;
    this.notice = null;
  }

  /** Look the free times up again: what was known has changed. */
  refresh() {
    this.#store = null;
  }

  pick(start) {
    this.start = start;
    if (this.interview.settled.provider === ANY_PROVIDER) {
      this.provider = providerOf(start, this.store.byProvider(start)) ?? this.provider;
    }
    this.#showPick();
  }

  #showPick() {
    this.drawSummary();
    this.#drawn?.showPick?.();
  }

  /** What is asked for, as the API wants it. */
  get wish() {
    const { provider, service, location, forum } = this.choice.ids;
    return { provider, service, location, forum, start: this.start };
  }

  submitted(request) {
    this.request = request;
    this.#told(request);
    this.show("done");
  }

  async #resume(body) {
    this.#restore(body);
    this.frame.replaceChildren(h("p.waiting", { role: "status" }, this.t("details.sending")));
    try {
      this.submitted(await this.submissions.resume());
    } catch (error) {
      this.notice = error;
      this.show("details");
    }
  }

  #restore({ provider, service, location, forum, start, client, note, attendee }) {
    this.answers = { provider, service, location, forum };
    this.linked = possible(this.combos, this.answers);
    this.start = start;
    this.zone = client.time_zone ?? this.zone;
    const whom = attendee ? { whom: "other", attendee: attendee.name, guardian: Boolean(attendee.guardian) } : {};
    this.draft = { ...this.draft, ...whom, name: client.name, email: client.email, phone: client.phone ?? "", note: note ?? "" };
  }

  /** Begin anew; who asks needs not be written again. */
  again() {
    this.answers = {};
    this.linked = this.#wished;
    this.draft = { ...this.draft, note: "", consent: false };
    this.#forgetTimes();
    this.show(this.interview.complete ? "times" : "choose");
  }
}
