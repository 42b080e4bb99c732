// What went wrong, in words that say what to do, with what helps in place.

import { h } from "../parts/dom.js";
import { isOurs } from "../parts/notice.js";
import { reasonOf } from "../parts/reasons.js";
import { startButtons } from "../parts/picker/start-buttons.js";

/** Title and detail of an error, in the reader's language. `sent`: whether a request was on its way by then. */
export function explain({ t, practice, formats }, error, sent = false) {
  const contact = practice?.contact ?? "";
  const texts = (key, values) => ({ title: t(`problem.${key}`), detail: t(`problem.${key}.detail`, { contact, ...values }) });
  if (error.kind === "slot-taken") {
    const taken = texts("taken");
    return error.problem.alternatives?.length ? taken : { ...taken, detail: t("problem.taken.alone") };
  }
  if (error.kind === "too-many-open-requests") return texts("limit", { count: error.problem.limit });
  if (error.until && formats) return texts("wait", { until: formats.moment(error.until) });
  if (error.kind === "own-conflict") return texts("own");
  if (error.kind === "unknown-provider") return texts("provider");
  if (error.kind === "invalid") {
    const why = reasonOf(error);
    if (why) return { ...texts("time"), detail: t(`problem.time.${why}`) };
    if (error.problem.errors?.some(({ field }) => field === "start")) return texts("time");
  }
  if (isOurs(error)) return texts("failed");
  if (error.status !== undefined && !error.passing) return texts("refused");
  const waits = texts(error.status === undefined ? "connection" : "busy");
  return sent ? { ...waits, detail: `${waits.detail} ${t("problem.once")}` } : waits;
}

/** The way to the reader's own request that is at this time; null where nothing of theirs is in the way. */
export function ownRequest({ t, pages }, error) {
  if (error.kind !== "own-conflict") return null;
  return h("a.secondary", { href: `${pages.portal}#request=${encodeURIComponent(error.problem.request)}` }, t("problem.own.see"));
}

/** The nearest free times that the API named, as buttons; null where there are none. */
export function alternatives(booking, error, take) {
  const starts = error.problem?.alternatives ?? [];
  if (!starts.length) return null;
  return startButtons(booking, booking.t("problem.alternatives"), starts, take);
}
