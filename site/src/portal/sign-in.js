// The button behind a sign-in link. Opening the page changes nothing.

import { h } from "../parts/dom.js";
import { mailedLink } from "../parts/link.js";
import { keyOf, remember } from "./session.js";
import { start } from "./start.js";

start("signin.title", async (page) => {
  const { t } = page;
  const link = mailedLink(location);
  if (!link) return page.incomplete();
  const enter = async ({ currentTarget }) => {
    currentTarget.disabled = true;
    try {
      const known = remember(await page.api.act("POST", "/v1/sign-ins", { token: link.token, key: keyOf(link.token) }));
      if (known) location.replace("portal.html");
      else await import("./portal.js"); // draws itself in this page's place
    } catch (error) {
      page.show([page.message(page.explain(error)), h("p.actions", {}, h("a.primary", { href: "portal.html" }, t("signin.new")))], ".message");
    }
  };
  page.show([h("p", {}, t("signin.lead")), h("p.actions", {}, h("button.primary", { type: "button", onclick: enter }, t("signin.enter")))]);
});
