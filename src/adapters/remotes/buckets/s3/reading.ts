import { UserError } from "../../../../errors.ts";
import { type Entry, KeyMissing, Unreachable } from "../../../../ports/bucket.ts";
import { type Answer, bodyOf, textOf } from "../../cloud/connection.ts";
import type { Range } from "../../cloud/ranges.ts";
import { notS3, refusalOf } from "./errors.ts";
import type { Requests } from "./requests.ts";
import { elements, textOfElement } from "./xml.ts";

/** A thousand keys of 1,024 bytes, each of which may become three, with what is said of them. */
const LONGEST_LIST = 8 << 20;

/** What of an object is asked for. */
export interface Wanted {
  readonly key: string;
  readonly version?: string;
  /** What S3 wants to hear with each request for it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes of an object; undefined where none are there. */
export async function sizeOf(
  requests: Requests,
  { key, version, headers }: Wanted,
): Promise<number | undefined> {
  const query = version === undefined ? {} : { versionId: version };
  const answer = await requests.ask({ method: "HEAD", key, query, headers, expected: [404] });
  answer.body.resume();
  if (answer.status === 404) return undefined;
  const size = Number(answer.headers["content-length"] ?? Number.NaN);
  if (answer.headers.etag === undefined || Number.isNaN(size)) throw notS3(requests.origin(), `HEAD ${key}`);
  return size;
}

/** The bytes from the first to before the last; undefined where the object ends before the first. */
export async function rangeOf(
  requests: Requests,
  { key, version, headers }: Wanted,
  from: number,
  to: number,
  state: string | undefined,
  known: { readonly key: string; readonly url: string },
): Promise<Range | undefined> {
  const answer = await requests.ask({
    method: "GET",
    key,
    query: version === undefined ? {} : { versionId: version },
    headers: {
      ...headers,
      range: `bytes=${from}-${to - 1}`,
      ...(state === undefined ? {} : { "if-match": state }),
    },
    expected: [404, 416],
  });
  const { status } = answer;
  if (status === 404 || status === 416) {
    const { code } = refusalOf(answer, await textOf(requests.origin(), answer));
    if (status === 416) return undefined;
    if (code === "NoSuchBucket") {
      throw new UserError(
        `there is no such bucket at ${requests.origin()}; make it, or correct the remote's url`,
      );
    }
    throw new KeyMissing(known.key, known.url);
  }
  return partial(answer, from, to, requests.origin(), `GET ${key}`);
}

/** What an answer to a request for a range holds, where it is one. */
export function partial(answer: Answer, from: number, to: number, origin: string, request: string): Range {
  const { status, headers } = answer;
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers["content-range"] ?? "") ?? [];
  const whole = status === 200 && from === 0; // a server that knows no ranges, or an object of no bytes
  if (headers.etag === undefined || (!whole && Number(first) !== from)) {
    answer.body.destroy();
    throw notS3(origin, request);
  }
  const length = Number(headers["content-length"] ?? Number.NaN);
  const size = whole ? length : Number(total);
  if (!Number.isSafeInteger(size)) throw notS3(origin, request);
  return {
    total: size,
    state: headers.etag,
    reached: whole ? size : Math.min(to, size),
    bytes: counted(answer, (whole ? size : Math.min(to, size)) - from, origin),
  };
}

async function* counted(answer: Answer, expected: number, origin: string): AsyncGenerator<Uint8Array> {
  let seen = 0;
  for await (const chunk of bodyOf(origin, answer)) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen !== expected) throw new Unreachable(`${origin} sent ${seen} bytes where ${expected} are right`);
}

/** Every object whose key starts with the prefix; keys without what stands before all of the remote's. */
export async function* list(requests: Requests, before: string, below: string): AsyncGenerator<Entry> {
  let token: string | undefined;
  do {
    const xml = await requests.text(
      {
        method: "GET",
        key: "",
        query: {
          "list-type": "2",
          "encoding-type": "url",
          prefix: before + below,
          ...(token === undefined ? {} : { "continuation-token": token }),
        },
      },
      LONGEST_LIST,
    );
    if (!xml.includes("<ListBucketResult")) throw notS3(requests.origin(), "GET of the bucket's list");
    for (const one of elements(xml, "Contents")) {
      const key = decodeURIComponent((textOfElement(one, "Key") ?? "").replaceAll("+", " "));
      const modified = new Date(textOfElement(one, "LastModified") ?? "");
      if (!key.startsWith(before + below)) continue;
      yield {
        key: key.slice(before.length),
        size: Number(textOfElement(one, "Size")),
        ...(Number.isNaN(modified.getTime()) ? {} : { modified }),
      };
    }
    const next =
      textOfElement(xml, "IsTruncated") === "true" ? textOfElement(xml, "NextContinuationToken") : undefined;
    if (next !== undefined && next === token) {
      throw new UserError(`${requests.origin()} gives the same part of its list again and again`);
    }
    token = next;
  } while (token !== undefined);
}
