import { UserError } from "../../../../errors.ts";
import { Unreachable } from "../../../../ports/bucket.ts";
import { type Answer, connectTo, drained, textOf, waitAsked } from "../../cloud/connection.ts";
import { foreign } from "../../cloud/partial.ts";
import type { Environment } from "../../open.ts";
import type { RemoteOptions } from "../../options.ts";
import { tokensOf } from "./tokens.ts";

/** A request to one bucket. */
export interface GsRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Of an object, not encoded; without one the bucket's objects are meant. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Instead of key and query: where a session of uploading is, with its query. */
  readonly path?: string;
  /** Whether it carries an object's bytes in. */
  readonly uploads?: boolean;
  /** Answers other than 2xx that are no error. */
  readonly expected?: readonly number[];
}

/** Makes requests to one bucket, with a token. */
export interface GsRequests {
  readonly origin: string;
  ask(request: GsRequest): Promise<Answer>;
  /** An answer's JSON. */
  json(answer: Answer, longest?: number): Promise<unknown>;
  /** What a 404 says where it is not the object that is missing. */
  missing(answer: Answer): Promise<UserError | undefined>;
  drain(answer: Answer): Promise<void>;
  close(): void;
}

const GOOGLE = "https://storage.googleapis.com";
const TIMEOUT = 60_000;

/** @param lanes how many requests are under way at once */
export function gsRequests(
  bucket: string,
  options: RemoteOptions,
  environment: Environment,
  lanes: number,
): GsRequests {
  const origin = originOf(
    options.text("endpointurl") ?? environment.STORAGE_EMULATOR_HOST ?? GOOGLE,
    options,
  );
  const tokens = tokensOf(origin, options, environment);
  const reach = { lanes, connectTimeout: TIMEOUT, readTimeout: TIMEOUT, verify: true, environment };
  const connection = connectTo(origin, reach);

  const noBucket = () =>
    new UserError(`there is no bucket "${bucket}" at ${origin}; make it, or correct the remote's url`);

  return {
    origin,

    async ask({ method, key, query = {}, headers = {}, body, path, uploads = false, expected = [] }) {
      const token = await tokens();
      const objects = `${uploads ? "/upload" : ""}/storage/v1/b/${encodeURIComponent(bucket)}/o`;
      const object = key === undefined ? objects : `${objects}/${encodeURIComponent(key)}`;
      const search = new URLSearchParams(query).toString();
      const answer = await connection.ask({
        method,
        path: path ?? (search === "" ? object : `${object}?${search}`),
        headers: {
          ...headers,
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined && method === "GET" ? {} : { "content-length": String(body?.length ?? 0) }),
        },
        ...(body === undefined ? {} : { body }),
      });
      const { status } = answer;
      if ((status >= 200 && status < 300) || expected.includes(status)) return answer;
      const said = reasonOf(await textOf(origin, answer));
      throw errorOf(status, said, `${method} ${key ?? "of its objects"}`, answer, token !== undefined);
    },

    async json(answer, longest) {
      const text = await textOf(origin, answer, longest);
      try {
        return JSON.parse(text);
      } catch {
        throw foreign(origin);
      }
    },

    async missing(answer) {
      return /bucket/i.test(reasonOf(await textOf(origin, answer))) ? noBucket() : undefined;
    },

    drain: (answer) => drained(origin, answer),
    close: () => connection.close(),
  };

  function errorOf(
    status: number,
    said: string,
    request: string,
    { headers }: Answer,
    known: boolean,
  ): Error {
    if (status >= 500 || status === 429 || status === 408 || status === 410) {
      return new Unreachable(`${origin} is busy: ${status} ${said}`, waitAsked(headers));
    }
    if (status === 404) return noBucket();
    if (status === 401) {
      return new UserError(
        known
          ? `${origin} does not take the credentials for "${bucket}": ${said}; sign in again`
          : `${origin} wants credentials for "${bucket}"; set credentialpath or run \`gcloud auth application-default login\``,
      );
    }
    if (status === 403) {
      return new UserError(`"${bucket}" refuses ${request}: ${said}; it needs the role Storage Object User`);
    }
    return new UserError(`${origin} answers ${request} with ${status}: ${said}`);
  }
}

function originOf(endpoint: string, options: RemoteOptions): string {
  try {
    return new URL(/^https?:\/\//.test(endpoint) ? endpoint : `http://${endpoint}`).origin;
  } catch {
    throw options.wrong("endpointurl", `is "${endpoint}", which is no address; write it as https://HOST`);
  }
}

/** What Google says of an error, which is JSON or a line. */
function reasonOf(text: string): string {
  let said = text;
  try {
    said = String((JSON.parse(text) as { error?: { message?: unknown } }).error?.message ?? text);
  } catch {
    // a line, then
  }
  return said.replace(/\s+/g, " ").trim().slice(0, 200).replace(/\.$/, "");
}
