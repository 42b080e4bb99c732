// The client's own appointments: signed in by a mailed link; as a list, or as a calendar.

import { h, icon } from "../parts/dom.js";
import { RequestView } from "./request-view.js";
import { forget, token } from "./session.js";
import { start } from "./start.js";
import { where } from "./where.js";
import { zoneTitle } from "../parts/zones.js";

addEventListener("hashchange", () => location.reload()); // a link on this page to another request of its reader
start("portal.title", (page) => (token() ? new Portal(page).open() : askForLink(page)));

function askForLink(page) {
  const { t } = page;
  const field = h("input", { id: "email", name: "email", type: "email", autocomplete: "email", required: true, "aria-describedby": "email-hint" });
  const send = async (event) => {
    event.preventDefault();
    const button = event.submitter;
    form.querySelector(".message")?.remove();
    if (!field.checkValidity()) return wrong(t("details.email.wrong"));
    button.disabled = true;
    try {
      await page.api.act("POST", "/v1/sign-in-links", { body: { email: field.value.trim(), locale: page.language } });
      page.show([h("p.done", { role: "status", tabindex: "-1" }, icon("mail"), t("portal.sent")), h("p", {}, t("portal.sent.detail"))], ".done");
    } catch (error) {
      button.disabled = false;
      wrong(error.kind === "invalid" ? t("details.email.wrong") : page.explain(error));
    }
    return undefined;
  };
  const wrong = (text) => {
    field.setAttribute("aria-invalid", "true");
    form.prepend(page.message(text));
    field.focus();
  };
  const form = h(
    "form",
    { onsubmit: send, noValidate: true },
    h("p.field", {}, h("label", { for: "email" }, t("details.email")), field, h("small", { id: "email-hint" }, t("portal.email.hint"))),
    h("p.actions", {}, h("button.primary", {}, t("portal.send")), h("a.secondary", { href: "index.html" }, h("span", { "aria-hidden": "true" }, "+"), t("portal.new"))),
  );
  page.show([h("p", {}, t("portal.lead")), form]);
}

class Portal {
  constructor(page) {
    this.page = page;
    this.token = token();
    this.when = "upcoming";
    this.view = "list";
  }

  async open() {
    const { page } = this;
    const { t } = page;
    const tab = (view, label) => h("button", { type: "button", "aria-pressed": String(view === this.view), onclick: () => this.#show(view) }, label);
    this.content = h("div", {});
    this.tabs = h("div.tabs", { role: "group", "aria-label": t("portal.view") }, tab("list", t("portal.list")), tab("calendar", t("times.calendar")));
    const top = h("div.top", {}, this.tabs, h("a.primary", { href: "index.html" }, h("span", { "aria-hidden": "true" }, "+"), t("portal.new")));
    this.said = h("p.visually-hidden", { role: "status" });
    this.ask = h("div.ask", { hidden: true });
    const out = h("button.link", { type: "button", onclick: () => this.#leave() }, t("portal.out"));
    const erase = h("button.link", { type: "button", "aria-expanded": "false", onclick: () => this.#askToErase(erase) }, t("erase.act"));
    page.show([top, this.said, this.content, h("p.soft.last", {}, out, erase), this.ask]);
    await this.#show(this.view);
    await this.#named();
  }

  // The request that a link names, which may not be among those that are shown.
  async #named() {
    const id = new URLSearchParams(location.hash.slice(1)).get("request");
    if (!id) return;
    const place = h("section.request", { tabindex: "-1" });
    this.content.before(place);
    try {
      const request = await this.page.api.act("GET", `/v1/requests/${encodeURIComponent(id)}`, { token: this.token });
      new RequestView(this.page, place, request, this.token);
    } catch (error) {
      place.replaceChildren(this.page.told(error));
    }
    place.focus();
  }

  async #show(view) {
    this.view = view;
    [...this.tabs.children].forEach((tab, index) => tab.setAttribute("aria-pressed", String((index === 1) === (view === "calendar"))));
    this.said.textContent = this.page.t("portal.loading");
    this.content.setAttribute("aria-busy", "true");
    try {
      if (view === "calendar") await this.#calendar();
      else await this.#list();
      this.content.removeAttribute("aria-busy");
      this.said.textContent = this.page.t("portal.loaded");
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error) {
    if (error.status !== 401) throw error;
    forget();
    askForLink(this.page);
    this.page.main.prepend(this.page.message(this.page.t("problem.signed-out")));
  }

  #read(when, after) {
    return this.page.api.act("GET", "/v1/appointments", { token: this.token, query: { when, ...(after && { after }) } });
  }

  async #list() {
    const parts = await Promise.all(["upcoming", "past"].map(async (when) => this.#part(when, await this.#read(when))));
    const { zone } = this.page.clock();
    this.content.replaceChildren(...parts, h("p.soft", {}, zoneTitle(zone, this.page.locale, Date.now())));
  }

  #part(when, { appointments, next }) {
    const { t } = this.page;
    const list = h("ul.appointments", {}, appointments.map((each) => this.#line(each)));
    const more = h("button.secondary", { type: "button", hidden: !next, onclick: () => add() }, t("portal.more"));
    const add = async () => {
      const page = await this.#read(when, next);
      list.append(...page.appointments.map((each) => this.#line(each)));
      next = page.next;
      more.hidden = !next;
    };
    return h("section", { "aria-labelledby": when }, h("h2", { id: when }, t(`portal.${when}`)), appointments.length || next ? list : h("p", {}, t(`portal.${when}.none`)), more);
  }

  #line(each) {
    const { t } = this.page;
    const clock = this.page.clock();
    const open = ({ currentTarget }) => this.#detail(each, currentTarget);
    return h(
      "li",
      {},
      h(
        "button.line",
        { type: "button", "aria-expanded": "false", onclick: open, "data-id": each.id },
        h("span.line-when", {}, h("strong", {}, clock.fullDay(each.start)), h("span", {}, clock.times(each.start, each.end))),
        h("span.line-what", {}, `${each.service.name} · ${each.provider.name}`, h("small", {}, where(t, each))),
        h("span.badge", { "data-status": each.status }, t(`status.${each.status}`)),
      ),
      h("div.request", { hidden: true }),
    );
  }

  async #detail(each, button) {
    const place = button.nextElementSibling;
    const opening = place.hidden;
    button.setAttribute("aria-expanded", String(opening));
    place.hidden = !opening;
    if (!opening) return;
    try {
      const request = await this.page.api.act("GET", `/v1/requests/${each.id}`, { token: this.token });
      new RequestView(this.page, place, request, this.token, (now) => this.#changed(now, button));
    } catch (error) {
      place.replaceChildren(this.page.message(this.page.explain(error)));
    }
  }

  // The line says what its detail says; a move is a line of its own at the next look.
  #changed(now, button) {
    const badge = button.querySelector(".badge");
    badge.dataset.status = now.status;
    badge.textContent = this.page.t(`status.${now.status}`);
    const clock = this.page.clock();
    button.querySelector(".line-when").replaceChildren(h("strong", {}, clock.fullDay(now.start)), h("span", {}, clock.times(now.start, now.end)));
  }

  async #calendar() {
    const [{ portalCalendar }, upcoming, past] = await Promise.all([import("./calendar.js"), this.#read("upcoming"), this.#read("past")]);
    const all = await Promise.all([...past.appointments, ...upcoming.appointments].map((each) => this.#withOffers(each)));
    const detail = h("div.request", {});
    const open = async (id) => {
      const request = await this.page.api.act("GET", `/v1/requests/${id}`, { token: this.token });
      new RequestView(this.page, detail, request, this.token);
      detail.scrollIntoView({ block: "nearest" });
    };
    const last = upcoming.appointments[0] ?? past.appointments[0];
    const kind = last && { provider: last.provider.id, service: last.service.id, location: last.location.id, forum: last.forum };
    const free = last && (await this.#free(kind));
    const fresh = (date, time) => location.assign(`index.html?${new URLSearchParams({ ...(free && kind), date, time })}`);
    const hint = h("p.soft", {}, this.page.t("portal.calendar.hint"), free && ` ${this.page.t("portal.calendar.free", { name: last.provider.name, service: last.service.name })}`);
    const told = h("p.told", { role: "status" });
    const grid = h("div.portal-calendar", {});
    this.content.replaceChildren(hint, told, grid, detail);
    portalCalendar(this.page, grid, all, { open, fresh, free, say: (key) => told.replaceChildren(h("span.message", {}, this.page.t(key))) });
  }

  // The list does not name the times that were offered; what they hold is shown where it is.
  async #withOffers(each) {
    if (each.status !== "offered") return each;
    return this.page.api.act("GET", `/v1/requests/${each.id}`, { token: this.token });
  }

  // What is free of the same kind; null where it is not offered any more.
  async #free(kind) {
    try {
      const provider = await this.page.api.read(`/v1/providers/${encodeURIComponent(kind.provider)}`);
      const service = provider.services.find(({ id }) => id === kind.service);
      const offered = provider.offers.some(({ location, forum, services }) => location === kind.location && forum === kind.forum && services.includes(kind.service));
      if (!service || !offered) return null;
      const { provider: id, ...wanted } = kind;
      const path = `/v1/providers/${encodeURIComponent(id)}/slots`;
      const lookUp = async (from, to) => (await this.page.api.read(path, { ...wanted, from, to, time_zone: this.page.clock().zone })).slots;
      return { duration: service.duration_minutes, lookUp };
    } catch {
      return null; // appointments are shown all the same
    }
  }

  async #leave() {
    try {
      await this.page.api.act("DELETE", "/v1/sign-ins", { token: this.token });
    } finally {
      this.#left("portal.left");
    }
  }

  #left(told) {
    forget();
    askForLink(this.page);
    this.page.main.prepend(h("p.done", { role: "status", tabindex: "-1" }, this.page.t(told)));
    this.page.main.querySelector(".done").focus();
  }

  #askToErase(button) {
    const { t } = this.page;
    const close = () => {
      this.ask.hidden = true;
      button.setAttribute("aria-expanded", "false");
      button.focus();
    };
    this.ask.replaceChildren(
      h("h2", { tabindex: "-1" }, t("erase.ask")),
      h("p", {}, t("erase.told")),
      h(
        "div.actions",
        {},
        h("button.danger", { type: "button", onclick: ({ currentTarget }) => this.#erase(currentTarget) }, t("erase.yes")),
        h("button.secondary", { type: "button", onclick: close }, t("erase.no")),
      ),
    );
    this.ask.hidden = false;
    button.setAttribute("aria-expanded", "true");
    this.ask.querySelector("h2").focus();
  }

  async #erase(button) {
    button.disabled = true;
    this.ask.querySelector(".message")?.remove();
    try {
      await this.page.api.act("DELETE", "/v1/me", { token: this.token });
      this.#left("erase.done");
    } catch (error) {
      button.disabled = false;
      if (error.status === 401) return this.#failed(error);
      const told = this.page.message(this.page.explain(error));
      this.ask.prepend(told);
      told.focus();
    }
    return undefined;
  }
}
