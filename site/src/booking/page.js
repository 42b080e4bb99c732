// The booking page itself: the practice's name above the element, once it is known, and its language.

const element = document.querySelector("openhour-booking");

function dress({ detail: { practice, language, title } }) {
  document.documentElement.lang = language;
  document.querySelector("h1").textContent = title;
  document.querySelector("[data-practice]").textContent = practice?.name ?? "";
  document.title = practice ? `${title} · ${practice.name}` : title;
}

element.addEventListener("openhour-ready", dress);

// No other page of the site may stand in a frame: within one, links to them open beside it.
if (self !== top) document.head.append(Object.assign(document.createElement("base"), { target: "_blank" }));
