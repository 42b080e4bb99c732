// The free starts that were looked up so far, window after window, each asked for once.

import { addDays, daysBetween } from "./dates.js";
import { between } from "./slots.js";
import { localDate } from "./zones.js";

export class SlotStore {
  #windows = new Map();
  #lookUp;

  /**
   * lookUp: asks for the free starts of the dates `from` to `to`; resolves to `{slots, by_provider?}`
   * today, last: the first and the last date that can be booked, in `zone`
   * days: dates in one window
   */
  constructor({ lookUp, zone, today, last, days }) {
    this.#lookUp = lookUp;
    Object.assign(this, { zone, today, last, days });
  }

  /** Look up what is not known of the dates; one failure is not kept. */
  async load(from, to) {
    await Promise.all(this.#indexes(from, to).map((index) => this.#window(index).answer));
  }

  /** Whether all of the dates are known. */
  knows(from, to) {
    return this.#indexes(from, to).every((index) => this.#windows.get(index)?.slots);
  }

  /** The known starts of the dates. */
  starts(from, to) {
    const known = this.#indexes(from, to).flatMap((index) => this.#windows.get(index)?.slots ?? []);
    return between(known, from, to, this.zone);
  }

  /** The first start on the date or later, looked up as far as can be booked; null where there is none. */
  async firstFrom(date) {
    for (const index of this.#indexes(date, this.last)) {
      await this.#window(index).answer;
      const [first] = between(this.#windows.get(index)?.slots ?? [], date, this.last, this.zone);
      if (first) return first;
    }
    return null;
  }

  /** Of any provider's times: the starts of each around a start. */
  byProvider(start) {
    const index = Math.floor(daysBetween(this.today, localDate(start, this.zone)) / this.days);
    return this.#windows.get(index)?.byProvider ?? {};
  }

  /** Forget everything: a time was taken meanwhile. */
  clear() {
    this.#windows.clear();
  }

  #indexes(from, to) {
    const first = from < this.today ? this.today : from;
    const last = to > this.last ? this.last : to;
    if (first > last) return [];
    const index = (date) => Math.floor(daysBetween(this.today, date) / this.days);
    return Array.from({ length: index(last) - index(first) + 1 }, (_, number) => index(first) + number);
  }

  #window(index) {
    if (!this.#windows.has(index)) {
      const window = {};
      window.answer = this.#fill(window, index).catch((error) => {
        if (this.#windows.get(index) === window) this.#windows.delete(index);
        throw error;
      });
      this.#windows.set(index, window);
    }
    return this.#windows.get(index);
  }

  async #fill(window, index) {
    const from = addDays(this.today, index * this.days);
    const end = addDays(from, this.days - 1);
    const found = await this.#lookUp(from, end > this.last ? this.last : end);
    window.slots = found.slots;
    window.byProvider = found.by_provider;
  }
}
