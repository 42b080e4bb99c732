// What every page of the portal begins with: where the API is, who the practice is, which language.

import { configuredApi } from "../parts/api.js";
import { preferredLanguages } from "../parts/browser.js";
import { h } from "../parts/dom.js";
import { lastWords } from "../parts/last-words.js";
import { isOurs } from "../parts/notice.js";
import { reasonOf } from "../parts/reasons.js";
import { formats } from "../parts/formats.js";
import { pickLanguage, pickLocale, translator } from "../parts/texts.js";
import { deviceZone, isZone } from "../parts/zones.js";
import { catalogue } from "./catalogue.js";

/** Where the pages are, also for one that is shown in place of any other. */
const ROOT = new URL(".", import.meta.url);

/** Draw a page: `draw(page)` gets what all of them need; where that fails, the page says so and offers to try again. */
export async function start(titleKey, draw) {
  const main = document.querySelector("main");
  const page = new Page(main);
  try {
    Object.assign(page, await speak(null));
    page.api = await configuredApi(ROOT);
    page.practice = (await page.api.read("/v1/practice")).practice;
    Object.assign(page, await speak(page.practice));
    page.dress(titleKey);
    await draw(page);
  } catch (error) {
    if (!page.t) return page.broken();
    page.dress(titleKey);
    page.fail(error, () => start(titleKey, draw));
  }
}

async function speak(practice) {
  const preferred = preferredLanguages();
  const language = pickLanguage({ asked: null, preferred, practice: practice?.locale, offered: practice?.locales });
  document.documentElement.lang = language;
  return { language, t: translator(await catalogue(language), language), locale: pickLocale(language, { preferred, practice: practice?.locale }) };
}

/** What no second try mends. */
const LOST = ["token-invalid", "unknown-request"];

class Page {
  constructor(main) {
    this.main = main;
  }

  /** Names in the head and above the content. */
  dress(titleKey) {
    const title = this.t(titleKey);
    document.title = this.practice ? `${title} · ${this.practice.name}` : title;
    document.querySelector("h1").textContent = title;
    document.querySelector("[data-practice]").textContent = this.practice?.name ?? "";
  }

  /** What a calendar file says beside the appointment. */
  calendarWords() {
    return { summary: this.practice.neutral_name, t: this.t, portal: new URL("portal.html", ROOT).href };
  }

  /** Dates and hours in a zone; in the device's where none is given or the browser does not know it. */
  clock(zone) {
    return formats(this.locale, isZone(zone) ? zone : deviceZone(this.practice?.time_zone));
  }

  /** Put content in place; `focus` names what gets the focus, for whoever does not see that something changed. */
  show(content, focus) {
    this.main.replaceChildren(...[content].flat().filter(Boolean));
    const wanted = focus && this.main.querySelector(focus);
    wanted?.focus();
  }

  /** What went wrong, and what to do. */
  explain(error) {
    const known = ["slot-taken", "own-conflict", "not-as-seen", "signed-out", "link-used", "token-invalid", "unknown-request", "not-possible", "still-to-come", "not-yet-told", "change-waits", "too-many-changes", "too-many-open-requests", "known-clients-only", "invalid"];
    if (isOurs(error)) return this.t("problem.failed");
    if (error.until) return this.t("problem.wait", { until: this.clock().moment(error.until), contact: this.practice?.contact ?? "" });
    const why = reasonOf(error);
    if (why) return this.t(`problem.time.${why}`);
    if (known.includes(error.kind)) return this.t(`problem.${error.kind}`);
    return this.t(error.status === undefined ? "problem.connection" : "problem.busy");
  }

  message(text) {
    return h("p.message", { role: "alert", tabindex: "-1" }, text);
  }

  /** The same as a message, with the way to the reader's own request where that is in the way. */
  told(error) {
    const own = error.kind === "own-conflict" && h("a", { href: `portal.html#request=${encodeURIComponent(error.problem.request)}` }, this.t("problem.own.see"));
    return this.message([this.explain(error), own && " ", own].filter(Boolean));
  }

  fail(error, again) {
    if (LOST.includes(error.kind)) return this.leadOn(this.explain(error));
    const act = isOurs(error) ? this.#reload() : h("button.secondary", { type: "button", onclick: again }, this.t("again"));
    return this.show([this.told(error), h("p.actions", {}, act), this.#contact()], ".message");
  }

  /** Not even the texts could be loaded. */
  broken() {
    this.t = lastWords(document.documentElement.lang);
    this.show([this.message(this.t("problem.failed")), h("p.actions", {}, this.#reload())], ".message");
  }

  #reload() {
    return h("button.secondary", { type: "button", onclick: () => location.reload() }, this.t("reload"));
  }

  /** A link of which a part is missing. */
  incomplete() {
    this.leadOn(this.t("link.incomplete"));
  }

  /** Say what is missing, and lead to where the appointments can be seen without it. */
  leadOn(text) {
    this.show(
      [
        this.message(text),
        h("p", {}, this.t("link.sign_in")),
        h("p.actions", {}, h("a.primary", { href: new URL("portal.html", ROOT).href }, this.t("signin.title")), h("a.secondary", { href: new URL("index.html", ROOT).href }, this.t("portal.new"))),
        this.#contact(),
      ],
      ".message",
    );
  }

  #contact() {
    return this.practice?.contact && h("p.soft", {}, this.practice.contact);
  }
}
