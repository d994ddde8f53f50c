import * as http from "node:http";
import * as https from "node:https";
import { UserError } from "../../../errors.ts";
import { Unreachable } from "../../../ports/bucket.ts";

/** One request, as it goes out. */
export interface Ask {
  readonly method: string;
  /** With its query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What came back. Its body must be read to its end, or destroyed. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: http.IncomingMessage;
}

/** Connections to one server that are kept and used again. */
export interface Connection {
  /** `https://host:port` */
  readonly origin: string;
  readonly host: string;
  readonly secure: boolean;
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
}

/** An answer that says more than a message needs is not read on. */
const LONGEST_MESSAGE = 1 << 20;

/** Opens nothing yet: connections are made as they are needed. */
export function connectTo(origin: string, reach: Reach): Connection {
  const { protocol, hostname, port, host } = new URL(origin);
  const secure = protocol === "https:";
  const kept = { keepAlive: true, maxSockets: reach.lanes + 4, scheduling: "lifo" as const };
  const agent = secure
    ? new https.Agent({
        ...kept,
        rejectUnauthorized: reach.verify,
        ...(reach.authorities === undefined ? {} : { ca: reach.authorities }),
      })
    : new http.Agent(kept);
  const where = {
    agent,
    host: hostname.replace(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 443 : 80) : port,
  };
  const { request: begin } = secure ? https : http;

  const once = ({ method, path, headers, body }: Ask, retryStale: boolean): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = begin({ ...where, method, path, headers, timeout: reach.readTimeout }, (body) =>
        resolve({ status: body.statusCode ?? 0, headers: body.headers, body }),
      );
      request.on("socket", (socket) => {
        if (!socket.connecting) return;
        socket.setTimeout(reach.connectTimeout);
        socket.once("connect", () => socket.setTimeout(reach.readTimeout));
      });
      request.on("timeout", () => request.destroy(new Unreachable(`${origin} does not answer`)));
      request.on("error", (error: NodeJS.ErrnoException) => {
        // A kept connection that the server had closed meanwhile says nothing about the server.
        if (retryStale && request.reusedSocket && error.code === "ECONNRESET") {
          once({ method, path, headers, ...(body === undefined ? {} : { body }) }, false).then(
            resolve,
            reject,
          );
        } else reject(troubleWith(origin, error));
      });
      request.end(body);
    });

  return { origin, host, secure, ask: (request) => once(request, true), close: () => agent.destroy() };
}

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
  if (/^(E[A-Z]+|EAI_[A-Z]+|HPE_[A-Z_]+|ERR_STREAM_PREMATURE_CLOSE)$/.test(code) || message === "aborted") {
    const why =
      code === "ENOTFOUND" ? "there is no host of that name" : message === "aborted" ? "it hung up" : code;
    return new Unreachable(`${origin} cannot be reached: ${why}`, { cause: error });
  }
  return error as Error;
}

/** The bytes of an answer as they come; what breaks off on the way can be tried again. */
export async function* bodyOf(origin: string, { body }: Answer): AsyncGenerator<Uint8Array> {
  try {
    yield* body as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw troubleWith(origin, error);
  }
}

/** All bytes of an answer that is known to be small. */
export function wholeBody(origin: string, { body }: Answer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    body.on("data", (part: Buffer) => parts.push(part));
    body.on("end", () =>
      resolve(parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)),
    );
    body.on("error", (error) => reject(troubleWith(origin, error)));
    body.on("close", () => reject(new Unreachable(`${origin} hung up`))); // after the end it says nothing
  });
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
export function drained(origin: string, { body }: Answer): Promise<void> {
  return new Promise((resolve, reject) => {
    if (body.complete && body.readableLength === 0 && body.readableEnded) return resolve();
    body.on("end", resolve);
    body.on("error", (error) => reject(troubleWith(origin, error)));
    body.resume();
  });
}

/** Milliseconds that a server asked to wait, where it did: `Retry-After: 3`. */
export function waitAsked(headers: http.IncomingHttpHeaders): { readonly after?: number } {
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds >= 0 ? { after: seconds * 1000 } : {};
}
