// The API: what it answers, or an error that says what to do. Reads are tried again; see submissions.js for the rest.

const PROBLEM = "urn:problem-type:openhour:";
const PATIENCE = 15_000;
const PAUSES = [400, 1200];
const LONGEST_PAUSE = 5000;

/** The API refused (RFC 9457): `kind` is the last part of the problem's type. */
export class Refusal extends Error {
  constructor(status, problem, pause) {
    super(problem.title ?? `status ${status}`);
    const type = String(problem.type ?? "");
    this.status = status;
    this.problem = problem;
    this.kind = type.startsWith(PROBLEM) ? type.slice(PROBLEM.length) : "";
    this.pause = pause;
  }

  /** Whether the same again may be answered soon. */
  get passing() {
    return (this.status >= 500 || this.status === 429 || this.status === 408) && !(this.pause > LONGEST_PAUSE);
  }

  /** From when on it may be answered, where that is not soon: a Date, or null. */
  get until() {
    if (this.status !== 429 || this.passing) return null;
    const until = new Date(this.problem.until ?? Date.now() + this.pause);
    return Number.isNaN(until.getTime()) ? null : until;
  }
}

/** No answer came: nobody knows whether anything was done. */
export class Unreachable extends Error {
  get passing() {
    return true;
  }
}

/** The API that config.json names, beside the pages. */
export async function configuredApi(home) {
  const answer = await answered(new URL("config.json", home), {});
  return new Api((await answer.json()).api);
}

export class Api {
  #base;

  constructor(base) {
    this.#base = base.replace(/\/+$/, "");
  }

  get base() {
    return this.#base;
  }

  /** Read; tried again where that may help. */
  read(path, query) {
    return retried(() => this.#call("GET", path, { query }));
  }

  /** Check without writing. */
  check(body) {
    return retried(() => this.#call("POST", "/v1/requests", { query: { validate_only: "true" }, body }));
  }

  /** Write once, tried again with the same key and the same bytes. `text` is JSON. */
  write(text, key) {
    return retried(() => this.#call("POST", "/v1/requests", { text, headers: { "idempotency-key": key } }));
  }

  /** Do something that may safely be done again, as somebody who holds a token. */
  act(method, path, { token, body, query, key } = {}) {
    const headers = { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...(key && { "idempotency-key": key }) };
    return retried(() => this.#call(method, path, { body, query, headers }));
  }

  async #call(method, path, { query, body, text, headers }) {
    const address = this.#base + path + (query ? `?${new URLSearchParams(query)}` : "");
    const sent = text ?? (body && JSON.stringify(body));
    const answer = await answered(address, {
      method,
      body: sent,
      headers: { ...(sent && { "content-type": "application/json" }), ...headers },
      signal: AbortSignal.timeout?.(PATIENCE),
    });
    const content = await contentOf(answer);
    if (answer.ok) return content;
    throw new Refusal(answer.status, content ?? {}, Number(answer.headers.get("retry-after")) * 1000);
  }
}

async function answered(address, options) {
  try {
    return await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", ...options });
  } catch (error) {
    throw new Unreachable(error.message);
  }
}

async function contentOf(answer) {
  try {
    return await answer.json();
  } catch {
    if (answer.ok) throw new Unreachable("the answer was cut off");
    return null;
  }
}

async function retried(call) {
  for (const pause of [...PAUSES, null]) {
    try {
      return await call();
    } catch (error) {
      if (!error.passing || pause === null) throw error;
      await wait(Math.max(pause, error.pause || 0));
    }
  }
  return undefined;
}

function wait(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
