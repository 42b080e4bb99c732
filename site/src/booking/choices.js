// Which choices are left, which one is chosen by itself, and what to ask next. Pure.

/** The order in which people expect to be asked where the order makes no difference. */
export const DIMENSIONS = ["provider", "service", "forum", "location"];

/** The choice of whoever is free. */
export const ANY_PROVIDER = "*";

/** The free times of more providers than this cannot be looked up at once. */
const MOST_PROVIDERS_AT_ONCE = 50;

/** Every bookable combination: one object with a value for each dimension. */
export function combinations(providers) {
  return providers.flatMap(({ id, services, locations, offers }) =>
    // In the order in which the practice names its services and locations.
    services.flatMap((service) =>
      locations.flatMap((location) =>
        offers
          .filter((offer) => offer.location === location.id && offer.services.includes(service.id))
          .map(({ forum }) => ({ provider: id, service: service.id, forum, location: location.id })),
      ),
    ),
  );
}

/** The combinations that agree with what is chosen. */
export function remaining(combos, chosen) {
  return combos.filter((combo) =>
    DIMENSIONS.every((name) => chosen[name] === undefined || chosen[name] === ANY_PROVIDER || chosen[name] === combo[name]),
  );
}

/** What of the wishes can be had; earlier dimensions win over later ones that contradict them. */
export function possible(combos, wishes) {
  return DIMENSIONS.reduce((chosen, name) => {
    if (!wishes[name]) return chosen;
    const tried = { ...chosen, [name]: wishes[name] };
    return remaining(combos, tried).length > 0 ? tried : chosen;
  }, {});
}

/** What is settled, by choice or because nothing else is left, and the next question: null once there is none. */
export function settle(combos, chosen) {
  const left = remaining(combos, chosen);
  const settled = {};
  for (const name of DIMENSIONS) {
    const found = values(left, name);
    if (found.length === 1) settled[name] = found[0];
    else if (chosen[name] !== undefined) settled[name] = chosen[name];
  }
  const open = DIMENSIONS.filter((name) => settled[name] === undefined);
  const name = nextQuestion(left, open);
  return { settled, question: name && question(left, name, settled) };
}

function question(left, name, settled) {
  const found = values(left, name);
  const others = DIMENSIONS.filter((other) => other !== name && settled[other] === undefined);
  const anyone =
    name === "provider" && found.length <= MOST_PROVIDERS_AT_ONCE && (others.length === 0 || anyoneHasChoices(left));
  return { name, values: found, anyone };
}

// "Anybody" helps only where several do the same.
function anyoneHasChoices(left) {
  const seen = new Map();
  return left.some((combo) => {
    const what = [combo.service, combo.forum, combo.location].join("\n");
    if (seen.has(what) && seen.get(what) !== combo.provider) return true;
    seen.set(what, combo.provider);
    return false;
  });
}

function values(combos, name) {
  return [...new Set(combos.map((combo) => combo[name]))];
}

function nextQuestion(combos, open) {
  let best = null;
  let least = Infinity;
  for (const name of open) {
    const asked = askedAfter(combos, name, open);
    if (asked < least) [best, least] = [name, asked];
  }
  return best;
}

// How many further questions an answer leaves on average, every answer being as likely as any other.
function askedAfter(combos, name, open) {
  const others = open.filter((other) => other !== name);
  const answers = values(combos, name);
  const sum = answers.reduce((total, value) => total + leastToAsk(combos.filter((combo) => combo[name] === value), others), 0);
  return sum / answers.length;
}

function leastToAsk(combos, names) {
  const open = names.filter((name) => values(combos, name).length > 1);
  if (open.length === 0) return 0;
  return 1 + Math.min(...open.map((name) => askedAfter(combos, name, open)));
}

/**
 * The questions to put, in order, up to the first that has no answer yet. `linked` is chosen beforehand; `answers` are
 * those given so far: one that earlier ones have made impossible counts as not given.
 */
export function interview(combos, linked, answers) {
  const questions = [];
  let chosen = linked;
  for (;;) {
    const { settled, question: next } = settle(combos, chosen);
    if (!next) return { settled, questions, complete: true };
    const answer = answers[next.name];
    const possibleAnswer = next.values.includes(answer) || (next.anyone && answer === ANY_PROVIDER);
    questions.push({ ...next, answer: possibleAnswer ? answer : undefined });
    if (!possibleAnswer) return { settled, questions, complete: false };
    chosen = { ...chosen, [next.name]: answer };
  }
}
