import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import { type Answer, bodyOf, wholeBody } from "./connection.ts";
import type { Range } from "./ranges.ts";

/**
 * What an answer to a request for the bytes from the first to before the last holds.
 *
 * @param state the object's state, as the server names it; undefined where it is no object store that answers
 * @throws {UserError} where it is no such answer
 */
export function partial(
  answer: Answer,
  from: number,
  to: number,
  origin: string,
  state: string | undefined,
): Range {
  const { status, headers } = answer;
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  const whole = status === 200; // a server that knows no ranges, or an object of no bytes
  const size = Number((whole ? headers["content-length"] : total) ?? Number.NaN);
  if (state === undefined || !Number.isSafeInteger(size) || (!whole && Number(first) !== from)) {
    answer.body.destroy();
    throw foreign(origin);
  }
  const reached = whole ? size : Math.min(to, size);
  const at = whole ? 0 : from;
  return {
    total: size,
    state,
    reached,
    bytes: counted(answer, reached, at, from, origin),
    async whole() {
      // HTTP itself holds an answer to the length that it says; one that says none may have no end.
      if (Number(headers["content-length"]) === reached - at)
        return (await wholeBody(origin, answer)).subarray(from - at);
      const parts: Uint8Array[] = [];
      for await (const part of counted(answer, reached, at, from, origin)) parts.push(part);
      return Buffer.concat(parts);
    },
  };
}

/** The bytes of an answer that begins at `at`, from `from` on; they have to reach to `end`. */
async function* counted(
  answer: Answer,
  end: number,
  at: number,
  from: number,
  origin: string,
): AsyncGenerator<Uint8Array> {
  let seen = at;
  for await (const chunk of bodyOf(origin, answer)) {
    const skipped = Math.max(0, from - seen);
    seen += chunk.length;
    if (seen > end) throw wrongLength(origin, seen - at, end - at); // and what it may still send is not waited for
    if (skipped < chunk.length) yield skipped === 0 ? chunk : chunk.subarray(skipped);
  }
  if (seen !== end) throw wrongLength(origin, seen - at, end - at);
}

function wrongLength(origin: string, sent: number, right: number): Unreachable {
  return new Unreachable(`${origin} sent ${sent} bytes where ${right} are right`);
}

/** An answer that no object store gives: a login page, a proxy's greeting. */
export function foreign(origin: string): UserError {
  return new UserError(
    `${origin} answers as no object store does, with a login page perhaps; correct the remote's address`,
  );
}
