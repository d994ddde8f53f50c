import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Answer, type Connection, connectTo, textOf } from "../../cloud/connection.ts";
import type { Environment } from "../../open.ts";
import type { RemoteOptions } from "../../options.ts";
import { errorOf, refusalOf } from "./errors.ts";
import { findPlace, type Place } from "./place.ts";
import { encoded, queryOf, signed } from "./sign.ts";

/** A request to one bucket. */
export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "POST" | "DELETE";
  /** Below the bucket, not encoded; "" is the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Of the body, where it is known. */
  readonly sha256?: string;
  /** Answers other than 2xx that are no error. */
  readonly expected?: readonly number[];
}

/** Makes signed requests to one bucket, wherever it is. */
export interface Requests {
  readonly bucket: string;
  /** The answer, its body not read yet. @throws {UserError, Unreachable} */
  ask(request: S3Request): Promise<Answer>;
  /** Makes a request and reads its answer's text. */
  text(request: S3Request, longest?: number): Promise<string>;
  textOf(answer: Answer): Promise<string>;
  /** Where requests go, once the first has gone. */
  origin(): string;
  close(): void;
}

/** Seconds that a server may be silent, as in DVC. */
const TIMEOUT = 60;
/** Bodies up to this many bytes are hashed into the signature where no TLS keeps them. */
const SIGNED_BODY = 1 << 20;
const EMPTY = createHash("sha256").digest("hex");

/** @param lanes how many requests are under way at once */
export function requestsTo(
  bucket: string,
  options: RemoteOptions,
  environment: Environment,
  lanes: number,
): Requests {
  let known: Promise<{ readonly place: Place; readonly connection: Connection }> | undefined;
  let origin = "S3";
  let closed = false;

  const found = async (region?: string) => {
    const place = await findPlace(bucket, options, environment, region);
    origin = place.origin;
    return { place, connection: connectTo(place.origin, reachOf(options, environment, lanes)) };
  };

  const ask = async (request: S3Request, mayMove = true): Promise<Answer> => {
    if (closed) throw new Error("the bucket was closed");
    known ??= found();
    known.catch(() => {
      known = undefined;
    });
    const { place, connection } = await known;
    const { method, key, query = {}, headers = {}, body, sha256, expected = [] } = request;
    const credentials = await place.credentials();
    const path = `${place.path}/${key.split("/").map(encoded).join("/")}`;
    const sent: Record<string, string> = {
      ...headers,
      ...(body === undefined ? {} : { "content-length": String(body.length) }),
    };
    const unsigned = {
      method,
      host: connection.host,
      path,
      query,
      headers: sent,
      payload: payloadOf(body, connection, sha256),
    };
    const answer = await connection.ask({
      method,
      path: Object.keys(query).length === 0 ? path : `${path}?${queryOf(query)}`,
      headers: credentials === undefined ? sent : signed(unsigned, credentials, place.region, new Date()),
      ...(body === undefined ? {} : { body }),
    });
    if ((answer.status >= 200 && answer.status < 300) || expected.includes(answer.status)) return answer;

    const refusal = refusalOf(answer, await textOf(connection.origin, answer));
    const elsewhere = refusal.region !== undefined && refusal.region !== place.region;
    if (
      elsewhere &&
      mayMove &&
      options.text("region") === undefined &&
      options.text("endpointurl") === undefined
    ) {
      known = found(refusal.region); // nobody said where it is: the bucket knows
      connection.close();
      return ask(request, false);
    }
    throw errorOf(refusal, answer.headers, {
      bucket,
      origin: connection.origin,
      region: place.region,
      keyId: credentials?.accessKeyId,
      request: key === "" ? `${method} of the bucket` : `${method} ${key}`,
    });
  };

  return {
    bucket,
    ask: (request) => ask(request),
    text: async (request, longest) => textOf(origin, await ask(request), longest),
    textOf: (answer) => textOf(origin, answer),
    origin: () => origin,
    close() {
      closed = true;
      known?.then(({ connection }) => connection.close()).catch(() => {});
    },
  };
}

function payloadOf(body: Uint8Array | undefined, { secure }: Connection, sha256?: string): string {
  if (body === undefined) return EMPTY;
  if (secure || body.length > SIGNED_BODY) return "UNSIGNED-PAYLOAD";
  return sha256 ?? createHash("sha256").update(body).digest("hex");
}

function reachOf(options: RemoteOptions, environment: Environment, lanes: number) {
  const verify = options.text("ssl_verify") ?? "true";
  const milliseconds = (key: string): number => (options.number(key) ?? TIMEOUT) * 1000;
  return {
    lanes,
    environment,
    connectTimeout: milliseconds("connect_timeout"),
    readTimeout: milliseconds("read_timeout"),
    verify: verify.toLowerCase() !== "false",
    ...(/^(true|false)$/i.test(verify) ? {} : { authorities: authorities(options) }),
  };
}

function authorities(options: RemoteOptions): Buffer {
  try {
    return readFileSync(options.file("ssl_verify") ?? "");
  } catch (error) {
    throw options.wrong(
      "ssl_verify",
      `cannot be read (${(error as Error).message}); it is true, false or a file of certificates`,
    );
  }
}
