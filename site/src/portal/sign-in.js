// The button behind a sign-in link. Opening the page changes nothing.

import { h } from "../parts/dom.js";
import { keyOf, remember } from "./session.js";
import { start } from "./start.js";

start("signin.title", async (page) => {
  const { t } = page;
  const enter = async ({ currentTarget }) => {
    currentTarget.disabled = true;
    try {
      remember(await page.api.act("POST", "/v1/sign-ins", { token: location.hash.slice(1), key: keyOf(location.hash) }));
      location.replace("portal.html");
    } catch (error) {
      page.show([page.message(page.explain(error)), h("p.actions", {}, h("a.primary", { href: "portal.html" }, t("signin.new")))], ".message");
    }
  };
  page.show([h("p", {}, t("signin.lead")), h("p.actions", {}, h("button.primary", { type: "button", onclick: enter }, t("signin.enter")))]);
});
