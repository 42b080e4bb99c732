// <openhour-booking>: attributes, link, texts and the directory, then the flow; the contact fallback where that fails.

import { Api, configuredApi } from "../parts/api.js";
import { preferredLanguages, tab } from "../parts/browser.js";
import { Booking } from "./booking.js";
import { catalogue } from "./catalogue.js";
import { DIMENSIONS } from "./choices.js";
import { h } from "../parts/dom.js";
import { lastWords } from "../parts/last-words.js";
import { explain } from "./notices.js";
import { fallback, notice, otherwise } from "../parts/notice.js";
import { sheetOf } from "../parts/sheets.js";
import { Submissions } from "./submissions.js";
import { pickLanguage, pickLocale, translator } from "../parts/texts.js";
import base from "../parts/base.css";
import picker from "../parts/picker/picker.css";
import tokens from "../parts/tokens.css";
import style from "./booking.css";

const PREPARED = ["api", "lang", "portal", "view", ...DIMENSIONS];

/**
 * Attributes: `api` (base address; else config.json beside the script says it), `provider`, `service`, `forum`,
 * `location` (ids: what is not asked then), `lang`, `theme` (`light`, `dark`, `auto`), `view` (`list`, `calendar`),
 * `portal` (address of the page that shows appointments). Of the page's own link, `?provider=` and so on count where no
 * attribute says otherwise; `?date=yyyy-mm-dd` is where the times begin. Events: `openhour-ready` and `openhour-submitted`, with details.
 */
export class BookingElement extends HTMLElement {
  static observedAttributes = PREPARED;
  static home;

  #mount = null;
  #run = 0;
  #booking = null;
  #draft = null;

  // Page builders move elements about: what has begun goes on.
  connectedCallback() {
    this.#mount ??= this.#open();
    if (!this.#booking) this.#start();
  }

  disconnectedCallback() {
    this.#run += 1;
  }

  attributeChangedCallback(name, before, after) {
    if (!this.#mount || before === after) return;
    if (name === "lang" && this.#booking) this.#translate();
    else this.#anew();
  }

  // With other choices fixed the flow begins again; who asks needs not be written again.
  #anew() {
    this.#booking?.leave();
    this.#draft = this.#booking?.draft ?? this.#draft;
    this.#booking = null;
    if (this.isConnected) this.#start();
  }

  async #translate() {
    const asked = this.lang;
    const booking = this.#booking;
    const spoken = await this.#speak(booking.practice).catch(() => null); // then it stays in the language it has
    if (spoken && asked === this.lang && booking === this.#booking) booking.speak(spoken);
  }

  #open() {
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [tokens, base, picker, style].map(sheetOf);
    const mount = h("div.openhour", { part: "base" });
    root.append(mount);
    return mount;
  }

  async #start() {
    const run = (this.#run += 1);
    this.#mount.replaceChildren(waiting());
    let spoken = null;
    try {
      spoken = await this.#speak(null);
      const { api, directory, apologise } = await this.#ask();
      if (directory.practice) spoken = await this.#speak(directory.practice);
      if (run === this.#run) await this.#begin({ api, directory, apologise, ...spoken });
    } catch (error) {
      if (run === this.#run) this.#fail(error, spoken?.t ?? lastWords(this.#mount.lang));
    }
  }

  async #speak(practice) {
    const preferred = preferredLanguages();
    const asked = this.getAttribute("lang");
    const language = pickLanguage({ asked, preferred, practice: practice?.locale, offered: practice?.locales });
    const locale = pickLocale(language, { preferred: asked ? [asked, ...preferred] : preferred, practice: practice?.locale });
    this.#mount.lang = language;
    return { t: translator(await catalogue(language), language), locale, language };
  }

  async #ask() {
    const named = this.getAttribute("api");
    const api = named ? new Api(named) : await configuredApi(BookingElement.home);
    const directory = await api.read("/v1/providers");
    const wanted = this.#wishes().provider;
    if (!wanted || directory.providers.some(({ id }) => id === wanted)) return { api, directory };
    try {
      const provider = await api.read(`/v1/providers/${encodeURIComponent(wanted)}`);
      return { api, directory: { ...directory, providers: [...directory.providers, provider] } };
    } catch (error) {
      if (error.status !== 404) throw error;
      return { api, directory, apologise: true };
    }
  }

  // What the page's author fixed is not offered otherwise.
  #wishes() {
    const link = new URLSearchParams(location.search);
    return Object.fromEntries(DIMENSIONS.map((name) => [name, this.getAttribute(name) ?? link.get(name)]));
  }

  async #begin({ api, directory, apologise, t, locale, language }) {
    if (!directory.providers.some(({ offers }) => offers.length)) {
      this.#say(t("choose.nobody"), directory.practice?.contact ?? "", fallback());
      return;
    }
    const booking = new Booking({
      mount: this.#mount,
      api,
      submissions: new Submissions(api, tab),
      directory,
      wishes: this.#wishes(),
      t,
      locale,
      pages: { portal: this.getAttribute("portal") ?? new URL("portal.html", BookingElement.home).href },
      fixed: DIMENSIONS.filter((name) => this.hasAttribute(name)),
      submitted: (request) => this.#tell("openhour-submitted", { id: request.id, status: request.status, start: request.start }),
      failed: (error) => this.#fail(error, t),
    });
    this.#booking = booking;
    if (this.#draft) booking.draft = this.#draft;
    booking.apologise = apologise;
    booking.view = this.getAttribute("view");
    const asked = new URLSearchParams(location.search);
    booking.wanted = {
      date: /^\d{4}-\d{2}-\d{2}$/.exec(asked.get("date"))?.[0] ?? null,
      time: /^([01]\d|2[0-3]):[0-5]\d$/.exec(asked.get("time"))?.[0] ?? null,
    };
    await booking.begin();
    this.#tell("openhour-ready", { practice: directory.practice, language, title: t("page.title") });
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  #fail(error, t) {
    const { title, detail } = explain({ t }, error);
    this.#say(title, detail, otherwise({ t }, error) ?? [h("button.secondary", { type: "button", onclick: () => this.#anew() }, t("again")), fallback()]);
  }

  #say(title, detail, help) {
    this.#mount.replaceChildren(h("div.frame", {}, notice(title, detail, help)));
  }
}

function waiting() {
  return h("div.frame", { "aria-busy": "true" }, h("div.skeleton", { "aria-hidden": "true" }, Array.from({ length: 4 }, () => h("span"))));
}
