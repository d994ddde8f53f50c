import { UserError } from "../../../../errors.ts";
import { type Entry, KeyMissing, type LastVersion } from "../../../../ports/bucket.ts";
import { textOf } from "../../cloud/connection.ts";
import { foreign, partial } from "../../cloud/partial.ts";
import type { Range } from "../../cloud/ranges.ts";
import { noBucket, refusalOf } from "./errors.ts";
import type { Requests } from "./requests.ts";
import { bare, versionOf } from "./writing.ts";
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

/** What is known of an object without its bytes; undefined where none is there. */
export async function lastOf(
  requests: Requests,
  { key, version, headers }: Wanted,
): Promise<LastVersion | undefined> {
  const query = version === undefined ? {} : { versionId: version };
  const expected = version === undefined ? [404] : [404, 405]; // 405: where it was deleted
  const answer = await requests.ask({ method: "HEAD", key, query, headers, expected });
  answer.body.resume();
  if (expected.includes(answer.status)) return undefined;
  const size = Number(answer.headers["content-length"] ?? Number.NaN);
  if (answer.headers.etag === undefined || Number.isNaN(size)) throw foreign(requests.origin());
  const etag = bare(answer.headers.etag);
  // Of what is encrypted with a key of KMS or the customer's, it is none, and has as many digits.
  const isMd5 = /^[0-9a-f]{32}$/.test(etag);
  return { size, etag, ...versionOf(answer), ...(isMd5 ? { md5: etag } : {}) };
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
    if (code === "NoSuchBucket") throw noBucket(requests.bucket, requests.origin());
    throw new KeyMissing(known.key, known.url);
  }
  return partial(answer, from, to, requests.origin(), answer.headers.etag);
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
    if (!xml.includes("<ListBucketResult")) throw foreign(requests.origin());
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
