import { UserError } from "../../errors.ts";
import { grantOf } from "./grants.ts";

/** One request and what came back of it. */
export interface Exchange {
  readonly method: string;
  /** Path without the API's address: `/repos/acme/wages/pulls`. */
  readonly path: string;
  /** 0 where no answer came, or only a part of one. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** The answer's JSON, or its text. */
  readonly data: unknown;
  /** Why no answer came. */
  readonly cause?: string;
}

/** GitHub refused a request, or did not answer it. The message says what a person can do about it. */
export class GithubError extends UserError {
  readonly status: number;
  /** Whether GitHub may have done what was asked, although it did not say so. */
  readonly unanswered: boolean;
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined;
  /** What GitHub said. */
  readonly said: string;

  constructor(exchange: Exchange, limit?: string) {
    super(limit ?? explain(exchange));
    this.status = exchange.status;
    this.unanswered = isTransient(exchange.status);
    this.retryAfter = seconds(exchange.headers["retry-after"]);
    this.said = said(exchange.data);
  }
}

/** Whether an error is GitHub's refusal with one of these statuses. */
export function refused(error: unknown, ...statuses: readonly number[]): error is GithubError {
  return error instanceof GithubError && statuses.includes(error.status);
}

/** Runs a request and answers undefined where what it asks for is not there. */
export async function orNothing<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (refused(error, 404)) return undefined;
    throw error;
  }
}

/**
 * Whether the same request may well succeed a little later: server errors, and no answer at all.
 *
 * @example [0, 404, 500, 501, 503].map(isTransient) // => [true, false, true, false, true]
 */
export function isTransient(status: number): boolean {
  return status === 0 || status === 408 || (status >= 500 && status !== 501);
}

/**
 * What a refusal means for a person, with what to do.
 *
 * @example explain({ method: "GET", path: "/user", status: 401, headers: {}, data: { message: "Bad credentials" } }) // => "GitHub does not take the token (401 for GET /user: Bad credentials); it may have expired or been revoked, so pass one that is valid"
 * @example explain({ method: "POST", path: "/repos/a/b/issues/1/comments", status: 422, headers: {}, data: { message: "Validation Failed", errors: [{ field: "body", code: "custom", message: "body is too long" }] } }) // => "GitHub refused POST /repos/a/b/issues/1/comments (422: Validation Failed: body is too long)"
 */
export function explain(exchange: Exchange): string {
  const { method, path, status, data, cause } = exchange;
  const asked = `${method} ${path}`;
  const answer = [status, said(data)].filter((part) => part !== "").join(": ");
  if (status === 0) {
    return `GitHub did not answer ${asked}${cause === undefined ? "" : ` (${cause})`}; run again when it can be reached`;
  }
  if (isTransient(status)) {
    return `GitHub failed at ${asked} (${answer}); see https://www.githubstatus.com, and run again later`;
  }
  switch (status) {
    case 401:
      return `GitHub does not take the token (${status} for ${asked}: ${said(data)}); it may have expired or been revoked, so pass one that is valid`;
    case 403:
      return `the token may not ${asked} (${answer})${grantOf(exchange)}`;
    case 404:
      return `GitHub has nothing to show for ${asked} (404)${grantOf(exchange)}`;
    case 410:
      return `what ${asked} asks for is gone (${answer})`;
    case 409:
      return `GitHub cannot do ${asked} now (${answer}); something else changed at the same time, so run again`;
    default:
      return `GitHub refused ${asked} (${answer})`;
  }
}

/** GitHub's own words: the message and each of its errors, in one line of reasonable length. */
function said(data: unknown): string {
  if (typeof data === "string") return oneLine(data);
  if (typeof data !== "object" || data === null) return "";
  const { message, errors } = data as { message?: unknown; errors?: unknown };
  const details = (Array.isArray(errors) ? errors : []).map((error: unknown) => {
    if (typeof error !== "object" || error === null) return String(error);
    const { message: own, resource, field, code } = error as Record<string, unknown>;
    return own === undefined ? [resource, field, code].filter(Boolean).join(" ") : String(own);
  });
  return oneLine([...new Set([message, ...details].filter(Boolean).map(String))].join(": "));
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ").trim().slice(0, 500);

/** A header that counts seconds. */
export function seconds(value: string | number | undefined): number | undefined {
  const number = Number(value);
  return value === undefined || value === "" || !Number.isFinite(number) ? undefined : Math.max(0, number);
}
