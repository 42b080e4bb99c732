// One request only, whatever is clicked, reloaded or lost: what was sent is kept, with its key, until it is answered.

import { randomKey } from "../parts/browser.js";

const NAME = "openhour:unanswered";
/** Kept no longer than this: nobody wants yesterday's request to go out because a tab was opened again. */
const KEPT = 15 * 60_000;

export class Submissions {
  #api;
  #storage;
  #now;

  /** storage: of this tab; now: milliseconds */
  constructor(api, storage, now = Date.now) {
    this.#api = api;
    this.#storage = storage;
    this.#now = now;
  }

  /** What was sent and not answered, before a reload for example: the body, or null. */
  unanswered() {
    const kept = this.#kept();
    return kept && JSON.parse(kept.text);
  }

  /** Send what was not answered once more. Resolves to the request; rejects with what the API says. */
  resume() {
    return this.#send(this.#kept());
  }

  /**
   * Send a request. Where an earlier one was not answered it comes first, and if it was made it is what this resolves
   * to: a change made in between is no second request.
   */
  async submit(body) {
    const text = JSON.stringify(body);
    const kept = this.#kept();
    if (kept?.asked === text) return this.#send(kept);
    if (kept) {
      try {
        return await this.#send(kept);
      } catch (error) {
        if (error.passing) throw error;
      }
    }
    return this.#send({ asked: text, text, key: randomKey(), at: this.#now(), base: this.#api.base });
  }

  async #send(kept) {
    this.#keep(kept);
    try {
      const answer = await this.#proven(kept);
      this.#forget();
      return answer;
    } catch (error) {
      if (!error.passing) this.#forget();
      throw error;
    }
  }

  async #proven(kept) {
    try {
      return await this.#api.write(kept.text, kept.key);
    } catch (error) {
      if (error.kind !== "proof-needed") throw error;
      const { solve } = await import("../parts/proof.js"); // asked for under load only
      const proof = await solve(error.problem.challenge);
      const proven = { ...kept, text: JSON.stringify({ ...JSON.parse(kept.text), proof }) };
      this.#keep(proven);
      return this.#api.write(proven.text, proven.key);
    }
  }

  #kept() {
    const kept = JSON.parse(this.#storage.getItem(NAME) ?? "null");
    return kept && kept.base === this.#api.base && this.#now() - kept.at < KEPT ? kept : null;
  }

  #keep(kept) {
    this.#storage.setItem(NAME, JSON.stringify(kept));
  }

  #forget() {
    this.#storage.removeItem(NAME);
  }
}
