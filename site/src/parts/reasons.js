// Why nobody can have a time, as the API says it. Pure.

const CHOICES = ["location", "forum", "service"];
const REASONS = ["not-offered", "too-soon", "outside-hours", "beyond-horizon"];

/** The reason that there is a text for, `problem.time.` and it; undefined where the API has none that is known here. */
export function reasonOf({ kind, problem }) {
  if (kind !== "invalid") return undefined;
  if (problem.errors?.some(({ field }) => CHOICES.includes(field))) return "not-offered";
  return REASONS.find((reason) => reason === problem.reason);
}
