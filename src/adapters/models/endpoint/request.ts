import { setTimeout as sleep } from "node:timers/promises";
import { said } from "../../../core/models/endpoint/answer.ts";
import { UserError } from "../../../errors.ts";
import type { WebAnswer, WebLimits } from "../../../ports/web.ts";
import { exchange, unanswered } from "../../web/exchange.ts";

/** How far a server is trusted. */
export interface Limits extends WebLimits {
  /** Milliseconds before each next try, where the server failed. */
  readonly pauses: readonly number[];
}

/** What a request is made of. */
export interface Request {
  readonly url: string;
  /** Sent by POST; without it the address is asked by GET. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For messages, such as "rows 1 to 512". */
  readonly what: string;
}

/**
 * Asks a server. What it failed at itself (5xx) is asked again; what it refuses is not. Where it leads on
 * to another address, that is an error: it is not followed, and sees no token.
 *
 * @throws {UserError} where nobody answers, too late, too much, or with an error; it names address and rows
 */
export async function request(asked: Request, limits: Limits, stop: AbortSignal): Promise<WebAnswer> {
  const place = `${originOf(asked.url)} (${asked.what})`;
  for (let attempt = 0; ; attempt++) {
    const answer = await once(asked, limits, stop, place);
    const { status } = answer;
    if (status >= 200 && status < 300) return answer;
    const pause = limits.pauses[attempt];
    if (status >= 500 && pause !== undefined) {
      await sleep(pause, undefined, { signal: stop });
      continue;
    }
    const tries = attempt === 0 ? "" : `, ${attempt + 1} times`;
    throw new UserError(`${place} answered ${status}${tries}${reasonOf(answer)}`);
  }
}

async function once(asked: Request, limits: Limits, stop: AbortSignal, place: string): Promise<WebAnswer> {
  const { url, body, headers } = asked;
  const found = await exchange({
    url,
    headers: { accept: "application/json", "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { method: "POST", body }),
    patience: limits.patience,
    most: limits.most,
    stop,
    place,
  });
  if (found.answered) return found;
  throw stop.aborted ? found.cause : unanswered(place, found);
}

/** What a status means for whoever reads the message, and the server's own words. */
function reasonOf({ status, text }: WebAnswer): string {
  if (status >= 300 && status < 400) return ": it leads to another address, which is not followed";
  const known: Readonly<Record<number, string>> = {
    401: ": it asks for a token; name the variable that holds it (token_from, or --token-from)",
    403: ": it does not let this token in",
    404: ": it has no such model",
    413: ": a request is too large for it; ask with a smaller batch",
    429: ": it is asked too much",
  };
  const words = text.trim() === "" ? "" : ` "${said(errorIn(text)).slice(0, 200)}"`;
  return `${known[status] ?? ""}${words === "" || known[status] !== undefined ? words : `:${words}`}`;
}

/** The server's message where it is JSON with `error`, as both protocols have it; else how its body begins. */
function errorIn(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    if (typeof error === "string") return error;
  } catch {
    // it is quoted as it is
  }
  return text.trim();
}

/** An address as messages show it: without its query, which may hold a key. */
function originOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
