// The third step: who asks, with everything that was chosen beside it; then the request goes out.

import { h, icon, unique } from "../parts/dom.js";
import { alternatives, explain, ownRequest } from "./notices.js";
import { notice, otherwise } from "../parts/notice.js";

const LONGEST = { name: 100, email: 254, phone: 40, attendee: 100, note: 2000 };
const NAMES_OF_FIELDS = {
  "client.name": "name",
  "client.email": "email",
  "client.phone": "phone",
  "attendee.name": "attendee",
  attendee: "attendee",
  note: "note",
};

export function detailsStep(booking) {
  return new Details(booking);
}

class Details {
  #booking;

  constructor(booking) {
    this.#booking = booking;
    const { t, stage } = booking;
    this.notices = h("div.notices", {});
    this.form = h("form.details", { noValidate: true, onsubmit: (event) => this.#submit(event) }, this.#fields(), this.#end());
    stage.append(...booking.heading(t("details.title")).filter(Boolean), this.notices, this.form);
    this.#showWhom(booking.draft.whom);
    if (booking.notice) this.#refused(booking.notice);
  }

  #fields() {
    const { t } = this.#booking;
    return [
      h("p.hint", {}, t("details.marks")),
      this.#field("name", { autocomplete: "name", required: true }),
      this.#field("email", { type: "email", autocomplete: "email", inputmode: "email", required: true, hint: true }),
      this.#field("phone", { type: "tel", autocomplete: "tel", inputmode: "tel" }),
      this.#whom(),
      this.#field("note", { tag: "textarea", rows: 4, hint: true }),
      this.#trap(),
      this.#consent(),
    ];
  }

  #field(name, { tag = "input", hint, ...attributes }) {
    const { t, draft } = this.#booking;
    const [id, hintId, errorId] = [unique(name), unique("hint"), unique("error")];
    const control = h(tag, {
      id,
      name,
      value: draft[name],
      maxlength: LONGEST[name],
      "aria-describedby": `${hint ? `${hintId} ` : ""}${errorId}`,
      "aria-required": attributes.required ? "true" : null,
      part: "field",
      oninput: () => this.#showError(name, ""),
      ...attributes,
    });
    const optional = attributes.required ? null : h("span.optional", {}, t("details.optional"));
    return h(
      "div.field",
      { "data-field": name },
      h("label", { for: id }, t(`details.${name}`), " ", optional),
      hint && h("p.hint", { id: hintId }, t(`details.${name}.hint`)),
      control,
      h("p.error", { id: errorId, hidden: true }),
    );
  }

  #whom() {
    const { t, draft } = this.#booking;
    const choice = (value) =>
      h(
        "label.choice",
        {},
        h("input", { type: "radio", name: "whom", value, checked: draft.whom === value, onchange: () => this.#showWhom(value) }),
        t(`details.whom.${value}`),
      );
    const guardian = h("input", { type: "checkbox", name: "guardian", checked: draft.guardian });
    this.other = h(
      "div.other",
      {},
      this.#field("attendee", { required: true, autocomplete: "off" }),
      h("label.choice", {}, guardian, t("details.guardian")),
    );
    return h("fieldset.field", { "data-field": "whom" }, h("legend", {}, t("details.whom")), choice("self"), choice("other"), this.other);
  }

  #showWhom(whom) {
    this.other.hidden = whom !== "other";
  }

  // A field that people neither see nor reach; programs fill it. Not those that help people: nothing about it looks
  // like what they know, and each of them is told in its own way to leave it alone.
  #trap() {
    const { t } = this.#booking;
    const alone = { autocomplete: "off", "data-1p-ignore": "", "data-lpignore": "true", "data-bwignore": "", "data-form-type": "other", "data-protonpass-ignore": "" };
    this.trap = h("input", { name: "leave_empty", type: "text", tabindex: "-1", "aria-hidden": "true", ...alone });
    return h("div.trap", { "aria-hidden": "true" }, h("label", {}, t("details.leave_empty"), this.trap));
  }

  #consent() {
    const { practice, draft, t } = this.#booking;
    const privacy = practice?.privacy_text && h("p.privacy", {}, practice.privacy_text);
    if (!practice?.consent_text) return privacy ?? null;
    const error = unique("error");
    const box = h("input", { type: "checkbox", name: "consent", checked: draft.consent, "aria-describedby": error, "aria-required": "true" });
    box.addEventListener("change", () => this.#showError("consent", ""));
    const agree = h("label.choice", {}, box, h("span", {}, practice.consent_text));
    return [
      privacy,
      h("fieldset.field", { "data-field": "consent" }, h("legend", {}, t("details.consent")), agree, h("p.error", { id: error, hidden: true })),
    ];
  }

  #end() {
    const { t } = this.#booking;
    this.button = h("button.primary", { type: "submit", part: "button primary" }, t("details.submit"));
    return h("div.actions", {}, this.#deadline(), this.button);
  }

  #deadline() {
    const { t, preview, formats, choice } = this.#booking;
    if (!preview?.deadline) return null;
    return h("p.hint", {}, t("details.deadline", { name: choice.provider.name, time: formats.moment(preview.deadline) }));
  }

  /** What is in the fields by now: who fills them in for somebody does not always tell. */
  leave() {
    const { draft } = this.#booking;
    for (const { name, type, value, checked } of this.form.elements) {
      if (!(name in draft)) continue;
      if (type === "checkbox") draft[name] = checked;
      else if (type !== "radio" || checked) draft[name] = value;
    }
  }

  async #submit(event) {
    event.preventDefault();
    if (this.sending) return;
    this.leave();
    if (!this.#valid()) return;
    this.#sending(true);
    try {
      this.#booking.submitted(await this.#booking.submissions.submit(this.#body()));
    } catch (error) {
      this.#sending(false);
      this.#refused(error);
    }
  }

  #sending(sending) {
    const { t } = this.#booking;
    this.sending = sending;
    this.button.setAttribute("aria-disabled", String(sending));
    this.button.textContent = t(sending ? "details.sending" : "details.submit");
    if (sending) this.#booking.announce(t("details.sending"));
  }

  #valid() {
    const found = this.#errors();
    for (const [name, text] of Object.entries(found)) this.#showError(name, text);
    const [first] = Object.entries(found).filter(([, text]) => text);
    if (first) this.#focus(first[0]);
    return !first;
  }

  #errors() {
    const { t, draft, practice } = this.#booking;
    const other = draft.whom === "other";
    return {
      name: draft.name.trim() ? "" : t("details.name.needed"),
      email: isAddress(draft.email) ? "" : this.#wrongEmail(),
      phone: !draft.phone.trim() || /\d/.test(draft.phone) ? "" : t("details.phone.wrong"),
      attendee: !other || draft.attendee.trim() ? "" : t("details.attendee.needed"),
      consent: !practice?.consent_text || draft.consent ? "" : t("details.consent.needed"),
    };
  }

  #wrongEmail() {
    const { t, draft } = this.#booking;
    return draft.email.trim() ? t("details.email.wrong") : t("details.email.needed");
  }

  #showError(name, text) {
    const field = this.form.querySelector(`[data-field="${name}"]`);
    if (!field) return;
    const error = field.querySelector(".error");
    error.replaceChildren(...(text ? [icon("alert"), text] : []));
    error.hidden = !text;
    field.querySelector("input, textarea").setAttribute("aria-invalid", String(Boolean(text)));
  }

  #focus(name) {
    this.form.querySelector(`[data-field="${name}"]`)?.querySelector("input, textarea").focus();
  }

  #body() {
    const { draft, wish, zone, locale } = this.#booking;
    const filled = (text) => text.trim() || null;
    const client = { name: draft.name.trim(), email: draft.email.trim(), time_zone: zone, locale };
    const phone = filled(draft.phone);
    const note = filled(draft.note);
    return {
      ...wish,
      client: { ...client, ...(phone && { phone }) },
      ...(note && { note }),
      ...(draft.whom === "other" && { attendee: { name: draft.attendee.trim(), guardian: draft.guardian } }),
      ...(this.trap.value && { leave_empty: this.trap.value }),
    };
  }

  #refused(error) {
    this.#booking.notice = null;
    if (this.#atFields(error)) return;
    const { title, detail } = explain(this.#booking, error, true);
    const message = notice(title, detail, alternatives(this.#booking, error, (start) => this.#take(start)), ownRequest(this.#booking, error), this.#wayOut(error), otherwise(this.#booking, error));
    this.notices.replaceChildren(message);
    message.focus();
  }

  // Errors stand at their fields; what is about no field here is told above the form.
  #atFields(error) {
    if (error.kind !== "invalid") return false;
    const known = (error.problem.errors ?? []).map(({ field }) => NAMES_OF_FIELDS[field]).filter(Boolean);
    if (!known.length) return false;
    this.notices.replaceChildren();
    for (const name of known) this.#showError(name, this.#booking.t(`details.${name}.wrong`));
    this.#focus(known[0]);
    return true;
  }

  // A time that has gone: one of the nearest takes its place, and nothing that was typed is lost.
  #take(start) {
    this.#booking.pick(start);
    this.notices.replaceChildren();
    this.#booking.announce(this.#booking.t("details.changed", { time: this.#booking.formats.moment(start) }));
    this.button.focus();
  }

  #wayOut(error) {
    const { t } = this.#booking;
    if (error.kind === "too-many-open-requests" || error.until) return h("a.secondary", { href: this.#booking.pages.portal }, t("done.appointments"));
    if (error.passing || !["slot-taken", "own-conflict", "invalid"].includes(error.kind)) return null;
    this.#booking.refresh();
    return h("button.link", { type: "button", onclick: () => this.#booking.show("times") }, t("details.other_time"));
  }
}

// Good enough to catch slips: the API reads addresses as they are pasted, and whether mail arrives, only mail shows.
function isAddress(text) {
  return /[^\s@]@[^\s@.]+\.[^\s@.]/.test(text.normalize("NFKC").replace(/\u3002/g, "."));
}
