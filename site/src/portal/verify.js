// The button behind the mail to an address that is not known yet. Opening the page changes nothing.

import { h, icon } from "../parts/dom.js";
import { mailedLink } from "../parts/link.js";
import { RequestView } from "./request-view.js";
import { start } from "./start.js";

start("verify.title", async (page) => {
  const { t } = page;
  const { id, token } = mailedLink(location) ?? {};
  if (!id) return page.incomplete();
  const send = async ({ currentTarget }) => {
    currentTarget.disabled = true;
    try {
      const request = await page.api.act("POST", `/v1/requests/${encodeURIComponent(id)}/verification`, { token });
      const place = h("section.request", {});
      page.show([h("p.done", { role: "status", tabindex: "-1" }, icon("check"), t("verify.done")), place], ".done");
      new RequestView(page, place, request, request.manage_token);
    } catch (error) {
      page.fail(error, () => location.reload());
    }
  };
  page.show([h("p", {}, t("verify.lead")), h("p.actions", {}, h("button.primary", { type: "button", onclick: send }, t("verify.send"))), h("p.soft", {}, t("verify.not_you"))]);
});
