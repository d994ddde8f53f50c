import { setTimeout as pause } from "node:timers/promises";
import { type Exchange, GithubError, isTransient, seconds } from "./failure.ts";

/** How long GitHub is waited for, in milliseconds. */
export interface Patience {
  /** For one answer. */
  readonly answer: number;
  /** Between attempts, all waits of one process together. */
  readonly total: number;
  /** Before the second attempt; each later wait is twice as long. */
  readonly step: number;
  /** How often one request is made, limits on the rate not counted. */
  readonly tries: number;
}

/** A job of half an hour still ends in time, with a message of ours instead of a cancelled step. */
export const PATIENCE: Patience = { answer: 60_000, total: 600_000, step: 1000, tries: 5 };

/** GitHub's advice where a limit on the rate comes without a time: "wait for at least one minute". */
const LIMITED = 60;

/** Waits for as long as the server says, and for no longer than is reasonable in all. */
export interface Waiting {
  readonly patience: Patience;
  /**
   * Waits before a request is made once more.
   *
   * @param repeatable whether it does no harm where GitHub has acted upon it already
   * @throws {GithubError} where it should not be made again, or that would take too long
   */
  before(attempt: number, exchange: Exchange, repeatable: boolean): Promise<void>;
  /** The same for a request that the caller makes again after it has looked what became of it. */
  between(attempt: number, error: GithubError): Promise<void>;
}

/** Starts with nothing waited yet. */
export function waiting(patience: Patience): Waiting {
  let left = patience.total;
  const spend = async (wait: number, error: () => GithubError): Promise<void> => {
    if (wait > left) throw error();
    left -= wait;
    await pause(wait);
  };
  const backOff = (attempt: number, retryAfter: number | undefined): number =>
    retryAfter === undefined
      ? patience.step * 2 ** (attempt - 1) * (0.5 + Math.random() / 2)
      : retryAfter * 1000;

  return {
    patience,
    async before(attempt, exchange, repeatable) {
      const error = new GithubError(exchange);
      const limit = limitedFor(exchange);
      if (limit !== undefined) {
        const least = patience.step * 2 ** (attempt - 1);
        await spend(Math.max(limit * 1000, least), () => tooLong(exchange, limit));
        return;
      }
      if (!repeatable || !isTransient(exchange.status) || attempt >= patience.tries) throw error;
      await spend(backOff(attempt, error.retryAfter), () => error);
    },
    async between(attempt, error) {
      if (attempt >= patience.tries) throw error;
      await spend(backOff(attempt, error.retryAfter), () => error);
    },
  };
}

/**
 * Seconds until a limit on the rate of requests ends; undefined where it is not such a limit that
 * refused. The server's clock counts, where it says its time.
 *
 * @example limitedFor({ method: "POST", path: "/", status: 403, headers: { "retry-after": "7" }, data: "" }) // => 7
 * @example limitedFor({ method: "GET", path: "/", status: 429, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1000", date: "Thu, 01 Jan 1970 00:16:00 GMT" }, data: "" }) // => 41
 * @example limitedFor({ method: "GET", path: "/", status: 403, headers: {}, data: { message: "You have exceeded a secondary rate limit" } }) // => 60
 * @example limitedFor({ method: "GET", path: "/", status: 403, headers: {}, data: { message: "Resource not accessible by integration" } }) // => undefined
 */
export function limitedFor({ status, headers, data }: Exchange): number | undefined {
  const { message, errors } = (typeof data === "object" && data !== null ? data : {}) as {
    message?: unknown;
    errors?: unknown;
  };
  const graphql =
    status === 200 &&
    Array.isArray(errors) &&
    errors.some((error: { type?: unknown } | null) => error?.type === "RATE_LIMITED");
  if (status !== 403 && status !== 429 && !graphql) return undefined;

  const retryAfter = seconds(headers["retry-after"]);
  if (retryAfter !== undefined) return retryAfter;
  const usedUp = String(headers["x-ratelimit-remaining"]) === "0";
  const reset = seconds(headers["x-ratelimit-reset"]);
  if (usedUp && reset !== undefined && !/not accessible|must have/i.test(String(message))) {
    const now = Date.parse(String(headers.date)) || Date.now();
    return Math.max(1, Math.ceil(reset - now / 1000) + 1);
  }
  const named = graphql || status === 429 || /rate limit|abuse/i.test(String(message ?? data));
  return named ? LIMITED : undefined;
}

function tooLong(exchange: Exchange, wait: number): GithubError {
  const end = new Date(Date.now() + wait * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  return new GithubError(
    exchange,
    `GitHub's limit on requests is reached (${exchange.status} for ${exchange.method} ${exchange.path}); it ends at ${end}, which is longer than is waited for, so run again after that`,
  );
}
