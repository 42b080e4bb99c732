// The page behind "Manage appointment": one request, with the token in the address's fragment, without signing in.

import { RequestView } from "./request-view.js";
import { h } from "../parts/dom.js";
import { mailedLink } from "../parts/link.js";
import { start } from "./start.js";

start("fact.yours", async (page) => {
  const { id, token } = mailedLink(location) ?? {};
  if (!id) return page.incomplete();
  const request = await page.api.act("GET", `/v1/requests/${encodeURIComponent(id)}`, { token });
  const place = h("section.request", {});
  page.show([place, h("p.soft", {}, h("a", { href: "portal.html" }, page.t("manage.all")))]);
  new RequestView(page, place, request, token, (now, opens) => history.replaceState(null, "", `#${now.id}/${opens}`));
});
window.addEventListener("hashchange", () => location.reload());
