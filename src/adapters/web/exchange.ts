import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { WebLimits } from "../../ports/web.ts";

/** One request, and how far who answers it is trusted. */
export interface WebRequest extends WebLimits {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Ends it before its time. */
  readonly stop?: AbortSignal;
  /** Who is asked, as a message names it: an address may hold a key. */
  readonly place: string;
}

/** What came of one request. */
export type Exchange =
  | {
      readonly answered: true;
      readonly status: number;
      readonly headers: Headers;
      /** Nothing where the answer leads on to another address. */
      readonly text: string;
    }
  | {
      readonly answered: false;
      /** `within 10 s` where it took longer, else the system's word for it: `ECONNREFUSED`. */
      readonly why: string;
      readonly late: boolean;
      readonly cause: unknown;
    };

/**
 * Asks an address once, within bounds of time and length. Where it leads on to another address it is not
 * followed: whom headers and body are for is for the caller to say.
 *
 * @throws {UserError} where the answer is longer than it may be
 */
export async function exchange(request: WebRequest): Promise<Exchange> {
  const { url, method = "GET", headers, body, patience, stop } = request;
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      method,
      redirect: "manual",
      signal: stop === undefined ? late : AbortSignal.any([stop, late]),
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const { status } = response;
    if (status >= 300 && status < 400) await response.body?.cancel();
    const text = status >= 300 && status < 400 ? "" : await bounded(response, request);
    return { answered: true, status, headers: response.headers, text };
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = late.aborted ? `within ${patience / 1000} s` : reason(error);
    return { answered: false, why, late: late.aborted, cause: error };
  }
}

/** The sentence for a user whose request nobody answered. */
export function unanswered(
  place: string,
  { why, late, cause }: Extract<Exchange, { answered: false }>,
): UserError {
  return new UserError(`${place} did not answer ${late ? why : `(${why})`}`, { cause });
}

/** Reads no more than it may: what is beyond stays on the wire. */
async function bounded({ body }: Response, { most, place }: WebRequest): Promise<string> {
  if (body === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > most) throw new UserError(`${place} answered with more than ${formatBytes(most)}`); // leaving the loop cancels
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The system's word for it, which fetch keeps as the cause. */
function reason(error: unknown): string {
  const { cause, message } = error as { cause?: { code?: unknown; message?: unknown }; message?: unknown };
  return String(cause?.code ?? cause?.message ?? message);
}
