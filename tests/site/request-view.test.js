import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { JSDOM } from "jsdom";
import { formats } from "../../site/src/parts/formats.js";
import { translator } from "../../site/src/parts/texts.js";
import { RequestView } from "../../site/src/portal/request-view.js";

const { window } = new JSDOM("<!doctype html><body></body>");
Object.assign(globalThis, { window, document: window.document, Node: window.Node });
const read = (room) => JSON.parse(readFileSync(new URL(`../../site/src/${room}/texts/en.json`, import.meta.url), "utf8"));
const page = { t: translator({ ...read("parts"), ...read("portal") }, "en"), locale: "en-GB", clock: (zone) => formats("en-GB", zone) };
const REQUEST = {
  id: "r",
  status: "confirmed",
  start: "2027-03-08T09:00:00Z",
  end: "2027-03-08T09:50:00Z",
  time_zone: "Europe/London",
  forum: "in_person",
  location: { id: "quay", name: "Quay Street", address: "1 Quay Street", time_zone: "Europe/London" },
  provider: { name: "Maya" },
  service: { name: "Session", duration_minutes: 50 },
};

function facts(request) {
  const place = document.createElement("section");
  new RequestView(page, place, { ...REQUEST, ...request }, "token");
  return Object.fromEntries([...place.querySelectorAll("dl > div")].map((row) => [row.children[0].textContent, row.children[1]]));
}

test("a request says how somebody is met, then where, as its mail does", () => {
  assert.equal(facts({}).Where.textContent, "In person, Quay Street1 Quay Street");
  assert.equal(facts({ forum: "telehealth" }).Where.textContent, "Online");
  const online = facts({ forum: "telehealth", telehealth_url: "https://video.example/r" }).Where;
  assert.match(online.textContent, /^Online/);
  assert.equal(online.querySelector("a").href, "https://video.example/r");
});

test("its zone reads as on the booking page", () => {
  assert.match(facts({}).When.textContent, /London, Greenwich Mean Time$/);
});
