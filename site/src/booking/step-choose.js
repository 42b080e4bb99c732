// The first step: what there is to choose, one question after the other on one form.

import { ANY_PROVIDER } from "./choices.js";
import { h, icon, unique } from "../parts/dom.js";
import { person, place } from "./summary.js";

const CONTENT = {
  provider: (booking, value) => [person(booking.providers.get(value), booking.t)],
  service: (booking, value) => serviceCard(booking, find(booking, "services", value)),
  forum: (booking, value) => forumCard(booking, value),
  location: (booking, value) => [place(find(booking, "locations", value))],
};

export function chooseStep(booking) {
  const { t, stage } = booking;
  const questions = h("div.questions");
  const submit = h("button.primary", { type: "submit", part: "button primary" }, t("choose.next"));
  const form = h("form", { noValidate: true, onsubmit: (event) => proceed(event, booking, questions) }, questions, h("div.actions", {}, submit));
  stage.append(...booking.heading(t("choose.title")).filter(Boolean), apology(booking), form);
  draw(booking, questions, 0);
}

// Somebody followed a link to a provider who cannot be booked now.
function apology(booking) {
  const { t, practice, apologise } = booking;
  if (!apologise) return h("p", { hidden: true });
  return h("p.note", { role: "note" }, t("choose.not_bookable"), " ", practice?.contact ?? "");
}

// Questions before the one that was answered stay as they are, and with them the focus.
function draw(booking, questions, from) {
  const asked = booking.interview.questions;
  while (questions.children.length > from) questions.lastElementChild.remove();
  questions.append(...asked.slice(from).map((question, index) => fieldset(booking, questions, question, from + index)));
}

function fieldset(booking, questions, question, index) {
  const error = unique("error");
  const values = question.anyone ? [ANY_PROVIDER, ...question.values] : question.values;
  const pick = (value) => {
    booking.answer(question.name, value);
    withoutError(questions.children[index]);
    draw(booking, questions, index + 1);
  };
  return h(
    "fieldset.question",
    { "data-question": question.name, "aria-describedby": error },
    h("legend", {}, booking.t(`choose.${question.name}`)),
    h("div.cards", { "data-kind": question.name }, values.map((value) => card(booking, question, value, pick))),
    h("p.error", { id: error, hidden: true }, icon("alert"), booking.t("choose.needed")),
  );
}

function card(booking, question, value, pick) {
  const input = h("input", {
    type: "radio",
    name: question.name,
    value,
    checked: question.answer === value,
    onchange: () => pick(value),
  });
  return h("label.card", { part: "card" }, input, h("span.card-body", {}, CONTENT[question.name](booking, value)));
}

function serviceCard(booking, service) {
  const { t } = booking;
  return h(
    "span.lines",
    {},
    h("span.card-line", {}, h("strong", {}, service.name), service.price && h("span.price", {}, service.price)),
    h("small", {}, t("minutes", { count: service.duration_minutes })),
    service.description && h("small", {}, service.description),
  );
}

function forumCard({ t }, forum) {
  const picture = icon(forum === "telehealth" ? "video" : "person");
  return h("span.card-forum", {}, picture, h("span.lines", {}, h("strong", {}, t(`forum.${forum}`)), h("small", {}, t(`forum.${forum}.hint`))));
}

function find(booking, list, id) {
  return [...booking.providers.values()].flatMap((provider) => provider[list]).find((each) => each.id === id);
}

function proceed(event, booking, questions) {
  event.preventDefault();
  if (booking.interview.complete) {
    booking.show("times");
    return;
  }
  const open = questions.lastElementChild;
  open.querySelector(".error").hidden = false;
  open.classList.add("invalid");
  open.querySelector("input").focus();
}

function withoutError(question) {
  question.classList.remove("invalid");
  question.querySelector(".error").hidden = true;
}
