import type { IncomingHttpHeaders } from "node:http";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";
import type { Environment } from "../open.ts";
import type { Answer, Ask } from "./answer.ts";
import { poolOf } from "./pool.ts";
import { proxiedPool } from "./proxied.ts";

export type { Answer };

/** Connections to one server that are kept and used again. */
export interface Connection {
  /** `https://host:port` */
  readonly origin: string;
  readonly host: string;
  readonly secure: boolean;
  /** The body of the answer must be read to its end, let go by, or destroyed. */
  ask(request: Ask): Promise<Answer>;
  close(): void;
}

/** How to reach it. Times in milliseconds. */
export interface Reach {
  readonly lanes: number;
  readonly connectTimeout: number;
  readonly readTimeout: number;
  /** False takes any certificate. */
  readonly verify: boolean;
  /** Certificates that are trusted instead of the system's, as PEM. */
  readonly authorities?: Buffer;
  /** Which may name a proxy. */
  readonly environment?: Environment;
}

/** An answer that says more than a message needs is not read on. */
const LONGEST_MESSAGE = 1 << 20;

/** Opens nothing yet: connections are made as they are needed. */
export function connectTo(origin: string, { lanes, environment = {}, ...reach }: Reach): Connection {
  const { protocol, host } = new URL(origin);
  const to = { origin, ...reach };
  const pool = proxiedPool(to, lanes + 4, environment) ?? poolOf(to, lanes + 4);
  return {
    origin,
    host,
    secure: protocol === "https:",
    async ask(request) {
      try {
        return await pool.ask(request);
      } catch (error) {
        throw troubleWith(origin, error);
      }
    },
    close: () => pool.close(),
  };
}

const TIMED_OUT = /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/;
/** Codes of the system, of the parser, and of undici where an answer is cut short or none. */
const BROKEN =
  /^(E[A-Z]+|EAI_[A-Z]+|HPE_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE|UND_ERR_(SOCKET|HEADERS_OVERFLOW|RES_[A-Z_]+))$/;

/** What went wrong on the way to a server and back, in a sentence: to be tried again, or to be put right. */
export function troubleWith(origin: string, error: unknown): Error {
  if (error instanceof UserError) return error;
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    return new UserError(
      `the certificate of ${origin} is not trusted (${message}); name the authority's file in ssl_verify`,
      { cause: error },
    );
  }
  if (TIMED_OUT.test(code)) return new Unreachable(`${origin} does not answer`, { cause: error });
  if (BROKEN.test(code) || message === "aborted") {
    const hungUp = message === "aborted" || code === "UND_ERR_SOCKET";
    const why = code === "ENOTFOUND" ? "there is no host of that name" : hungUp ? "it hung up" : code;
    return new Unreachable(`${origin} cannot be reached: ${why}`, { cause: error });
  }
  return error as Error;
}

/** The bytes of an answer as they come; what breaks off on the way can be tried again. */
export async function* bodyOf(origin: string, { body }: Answer): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw troubleWith(origin, error);
  }
}

/** All bytes of an answer that is known to be small. */
export async function wholeBody(origin: string, { body }: Answer): Promise<Buffer> {
  try {
    return await body.whole();
  } catch (error) {
    throw troubleWith(origin, error);
  }
}

/** The text of an answer, such as what a server says of an error; longer ones are refused. */
export async function textOf(origin: string, answer: Answer, longest = LONGEST_MESSAGE): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bodyOf(origin, answer)) {
    size += part.length;
    if (size > longest)
      throw new UserError(`${origin} answers with more than ${longest} bytes where less is right`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString("utf8");
}

/** Reads an answer that has nothing to say, so that its connection can be used again. */
export async function drained(origin: string, { body }: Answer): Promise<void> {
  try {
    await body.drained();
  } catch (error) {
    throw troubleWith(origin, error);
  }
}

/** Milliseconds that a server asked to wait, where it did: `Retry-After: 3`. */
export function waitAsked(headers: IncomingHttpHeaders): { readonly after?: number } {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? { after: seconds * 1000 } : {};
}
