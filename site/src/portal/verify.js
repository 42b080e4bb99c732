// The button behind the mail that asks whether an address is its reader's. Opening the page changes nothing; pressing the
// button sends the request on and signs in, so that all appointments are one press away.

import { h, icon } from "../parts/dom.js";
import { mailedLink } from "../parts/link.js";
import { RequestView } from "./request-view.js";
import { remember } from "./session.js";
import { start } from "./start.js";

/** What is told behind this link alone: to nobody but whoever reads mail to the address. */
const REFUSALS = { "too-many-open-requests": "verify.limit", "known-clients-only": "verify.unknown" };

start("verify.title", async (page) => {
  const { t } = page;
  const { id, token } = mailedLink(location) ?? {};
  if (!id) return page.incomplete();
  const send = async ({ currentTarget }) => {
    currentTarget.disabled = true;
    try {
      const request = await page.api.act("POST", `/v1/requests/${encodeURIComponent(id)}/verification`, { token });
      if (request.signed_in) remember(request.signed_in);
      const place = h("section.request", {});
      page.show([h("p.done", { role: "status", tabindex: "-1" }, icon("check"), t("verify.done")), place, all()], ".done");
      new RequestView(page, place, request, request.manage_token);
    } catch (error) {
      if (REFUSALS[error.kind]) refused(REFUSALS[error.kind]);
      else page.fail(error, () => location.reload());
    }
  };
  const all = () => h("p.soft", {}, h("a", { href: "portal.html" }, t("manage.all")));
  const refused = (key) => page.show([page.message(t(key)), page.practice?.contact && h("p", {}, page.practice.contact), all()], ".message");
  page.show([h("p", {}, t("verify.lead")), h("p.actions", {}, h("button.primary", { type: "button", onclick: send }, t("verify.send"))), h("p.soft", {}, t("verify.not_you"))]);
});
