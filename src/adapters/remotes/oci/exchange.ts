import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from "node:http";
import { Agent, request } from "node:https";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";

/** One question over HTTP. */
export interface Ask {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly size: number; bytes(): AsyncIterable<Uint8Array> };
}

/** What came back. Its body is to be read to its end, or let go with `done`. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
  readonly url: URL;
}

/** Asks over connections that are kept open. */
export interface Exchange {
  /** @throws {Unreachable} where there is no answer, or one that says to come again */
  ask(question: Ask): Promise<Answer>;
  close(): void;
}

/** How long a connection may stay silent. */
const SILENCE = 60_000;
const AGENT = { keepAlive: true, maxSockets: 16, scheduling: "lifo" } as const;

export function exchange(): Exchange {
  const plain = new PlainAgent(AGENT);
  const safe = new Agent(AGENT);

  return {
    async ask(question) {
      const answer = await once(question, question.url.protocol === "http:" ? plain : safe);
      const { status, headers, url } = answer;
      if (status !== 429 && status !== 408 && status < 500) return answer;
      done(answer);
      const seconds = Number(headers["retry-after"]);
      throw new Unreachable(
        `${url.host} answered ${status}`,
        Number.isFinite(seconds) ? { after: seconds * 1000 } : {},
      );
    },
    close() {
      plain.destroy();
      safe.destroy();
    },
  };
}

function once({ method, url, headers, body }: Ask, agent: Agent | PlainAgent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const lost = (error: unknown): void => reject(unreachable(url, error));
    const ask = url.protocol === "http:" ? plainRequest : request;
    const asked = ask(url, {
      method,
      agent,
      headers: {
        "user-agent": "trainyard",
        ...headers,
        ...(method === "GET" || method === "HEAD" ? {} : { "content-length": String(body?.size ?? 0) }),
      },
    });
    asked.setTimeout(SILENCE, () => asked.destroy(new Error(`said nothing for ${SILENCE / 1000} seconds`)));
    asked.once("error", lost);
    asked.once("response", (response) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: response, url });
    });
    if (body === undefined || body.size === 0) {
      asked.end();
      return;
    }
    const source = Readable.from(body.bytes(), { objectMode: true, highWaterMark: 2 });
    // A source that fails is the caller's error; a connection that fails is the network's.
    source.once("error", (error) => reject(error));
    pipeline(source, asked).catch(() => {});
  });
}

/** An error of the network as one that says whom it was about. */
export function unreachable(url: URL, error: unknown): Error {
  if (error instanceof UserError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new Unreachable(`${url.host} cannot be reached: ${message || code}`, { cause: error });
}

/** Lets go of an answer whose body nobody wants. */
export function done({ body, headers }: Answer): void {
  body.on("error", () => {});
  if (Number(headers["content-length"] ?? 0) > 1 << 16) body.destroy();
  else body.resume();
}

/** The whole body. @throws {UserError} where it is larger than anybody honest would send */
export async function bodyOf(answer: Answer, largest: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body as AsyncIterable<Uint8Array>) {
      size += part.length;
      if (size > largest) {
        answer.body.destroy();
        throw new UserError(`${answer.url.host} sends more than ${largest} bytes where less was due`);
      }
      parts.push(part);
    }
  } catch (error) {
    throw unreachable(answer.url, error);
  }
  return Buffer.concat(parts);
}
