// The free times of a request's client at its provider, over their own time too: what the picker needs of its host.

import { addDays } from "../parts/dates.js";
import { SlotStore } from "../parts/slot-store.js";
import { localDate } from "../parts/zones.js";

/** The API answers for up to 62 dates at once. */
const DAYS_AT_ONCE = 28;

export class RequestTimes {
  view = "list";
  wanted = { date: null, time: null };
  #store = null;

  /** `provider` as the directory has it; `picked()` is told when another time is. */
  constructor(page, request, token, provider, picked = () => {}) {
    Object.assign(this, { page, request, token, provider, picked });
    this.t = page.t;
    this.locale = page.locale;
    this.zone = page.clock(request.time_zone).zone;
    this.asked = { service: request.service.id, location: request.location.id, forum: request.forum };
    this.start = null;
    this.date = null;
    this.present = null;
    this.presentEnd = null;
  }

  /** The request's own time: it is shown first, marked, and stays unless another one is picked. */
  keep() {
    this.present = this.start = this.request.start;
    this.presentEnd = this.request.end;
    this.date = localDate(this.request.start, this.zone);
    return this;
  }

  /** Whether the provider does this there in this way. */
  offers({ service, location, forum }) {
    return this.provider.offers.some((each) => each.location === location && each.forum === forum && each.services.includes(service));
  }

  /** Look for something else from now on. */
  ask(asked) {
    this.asked = asked;
    this.#store = null;
  }

  /** Whether a start is free for what is asked for. */
  async isFree(start) {
    const date = localDate(start, this.zone);
    await this.store.load(date, date);
    return this.store.starts(date, date).includes(start);
  }

  /** Up to `count` free starts from now on that do not overlap each other. */
  async next(count) {
    const found = [];
    let date = this.store.today;
    while (found.length < count) {
      const first = await this.store.firstFrom(date);
      if (!first) break;
      date = localDate(first, this.zone);
      for (const start of this.store.starts(date, date)) {
        const after = found.length ? Date.parse(found.at(-1)) + this.duration * 60_000 : 0;
        if (found.length < count && Date.parse(start) >= after) found.push(start);
      }
      date = addDays(date, 1);
    }
    return found;
  }

  get #service() {
    return this.provider.services.find(({ id }) => id === this.asked.service);
  }

  get duration() {
    return this.#service.duration_minutes;
  }

  get visited() {
    return this.asked.forum === "in_person" ? this.provider.locations.find(({ id }) => id === this.asked.location) : null;
  }

  get formats() {
    return this.page.clock(this.zone);
  }

  get store() {
    this.#store ??= this.#open();
    return this.#store;
  }

  #open() {
    const { zone, asked, token } = this;
    const path = `/v1/requests/${encodeURIComponent(this.request.id)}/slots`;
    const today = localDate(Date.now(), zone);
    return new SlotStore({
      lookUp: (from, to) => this.page.api.act("GET", path, { token, query: { ...asked, from, to, time_zone: zone } }),
      zone,
      today,
      last: addDays(today, this.#service.horizon_days + 1), // counted in the provider's zone, where it may be a day later
      days: DAYS_AT_ONCE,
    });
  }

  pick(start) {
    this.start = start;
    this.picked();
  }

  changeZone(zone) {
    this.zone = zone;
    this.date = this.start && localDate(this.start, zone);
    this.#store = null;
    this.picked();
  }

  explain(error) {
    return { title: this.page.explain(error) };
  }

  nothing() {
    return { title: this.t("again.none"), detail: this.page.practice?.contact ?? "" };
  }

  /** For whoever does not see it; the picker's place has a status of its own. */
  announce(text) {
    if (!this.status) return;
    this.status.textContent = "";
    requestAnimationFrame(() => (this.status.textContent = text));
  }
}
