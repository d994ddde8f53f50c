import { createHash } from "node:crypto";
import { UserError } from "../../../../errors.ts";
import { type Outgoing, Unreachable, type WrittenVersion } from "../../../../ports/bucket.ts";
import type { Buffers } from "../../cloud/buffers.ts";
import { type Answer, drained } from "../../cloud/connection.ts";
import { foreign } from "../../cloud/partial.ts";
import { inParts, wholeOf } from "../../cloud/parts.ts";
import type { RemoteOptions } from "../../options.ts";
import type { Requests } from "./requests.ts";
import type { Uploads } from "./uploads.ts";
import { textOfElement, toXml } from "./xml.ts";

/** Objects above this many bytes go in parts of as many. */
export const PART = 16 << 20;
/** S3 takes no more parts of one object. */
const MOST_PARTS = 10_000;

/**
 * Stores an object: at once where it is small, otherwise in parts that are put together when all are there.
 * Parts that an interrupted upload left are kept where they are ours.
 */
export async function write(
  requests: Requests,
  key: string,
  outgoing: Outgoing,
  stored: StoredHow,
  buffers: Buffers,
  uploads: Uploads,
): Promise<WrittenVersion> {
  if (outgoing.size > PART) return inManyParts(requests, key, outgoing, stored, buffers, uploads);
  const held = outgoing.size > 1 << 20 ? await buffers.take(outgoing.size) : undefined;
  try {
    const { bytes: body, digest } = (await outgoing.whole?.()) ?? { bytes: await wholeOf(outgoing, held) };
    if (body.length !== outgoing.size) throw new Error(`${body.length} bytes came, not ${outgoing.size}`);
    // Checked by the server, and asked for by buckets whose objects are locked.
    const md5 =
      digest === undefined
        ? createHash("md5").update(body).digest("base64")
        : Buffer.from(digest.md5, "hex").toString("base64");
    const headers = { "content-md5": md5, ...stored.object, ...stored.key };
    const known = digest === undefined ? {} : { sha256: digest.sha256 };
    const answer = await requests.ask({ method: "PUT", key, headers, body, ...known });
    await drained(requests.origin(), answer);
    return writtenOf(answer, requests);
  } finally {
    if (held !== undefined) buffers.give(held);
  }
}

async function inManyParts(
  requests: Requests,
  key: string,
  outgoing: Outgoing,
  { object, key: encryption }: StoredHow,
  buffers: Buffers,
  uploads: Uploads,
): Promise<WrittenVersion> {
  const { id: uploadId, parts } = await uploads.begin(key, { ...object, ...encryption });
  try {
    const etags: string[] = [];
    let digests = false;
    const size = Math.max(PART, Math.ceil(outgoing.size / MOST_PARTS));
    await inParts(outgoing, size, buffers, async (body, number) => {
      const there = parts.get(number + 1);
      if (there?.size === body.length && there.etag === createHash("md5").update(body).digest("hex")) {
        etags[number] = there.etag;
        return;
      }
      const put = async (withDigest: boolean): Promise<void> => {
        const md5 = withDigest ? { "content-md5": createHash("md5").update(body).digest("base64") } : {};
        const query = { partNumber: String(number + 1), uploadId };
        const headers = { ...encryption, ...md5 };
        const answer = await requests.ask({ method: "PUT", key, query, headers, body });
        await drained(requests.origin(), answer);
        etags[number] = writtenOf(answer, requests).etag;
      };
      const tried = digests;
      try {
        await put(tried);
      } catch (error) {
        if (tried || !/Content-MD5/i.test((error as Error).message)) throw error;
        digests = true; // a bucket with locks wants them; others are spared the time
        await put(true);
      }
    });
    const written = await putTogether(requests, key, uploadId, etags, encryption);
    uploads.end(key);
    return written;
  } catch (error) {
    if (error instanceof Unreachable) uploads.leave(key);
    else {
      const query = { uploadId };
      await requests.text({ method: "DELETE", key, query, expected: [404] }).catch(() => {}); // the first error counts
      uploads.end(key);
    }
    throw error;
  }
}

async function putTogether(
  requests: Requests,
  key: string,
  uploadId: string,
  etags: readonly string[],
  encryption: Readonly<Record<string, string>>,
): Promise<WrittenVersion> {
  const parts = etags.map(
    (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${toXml(etag)}</ETag></Part>`,
  );
  const answer = await requests.ask({
    method: "POST",
    key,
    query: { uploadId },
    headers: { "content-type": "application/xml", ...encryption },
    body: Buffer.from(`<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`),
  });
  const text = await requests.textOf(answer);
  // Here 200 is said before the work is done, and may be followed by an error.
  const code = textOfElement(text, "Code");
  if (code !== undefined) throw new Unreachable(`${requests.origin()} did not put ${key} together: ${code}`);
  const etag = textOfElement(text, "ETag");
  if (etag === undefined) throw foreign(requests.origin());
  return { etag: bare(etag), ...versionOf(answer) };
}

function writtenOf(answer: Answer, requests: Requests): WrittenVersion {
  const { etag } = answer.headers;
  if (etag === undefined) throw foreign(requests.origin());
  return { etag: bare(etag), ...versionOf(answer) };
}

/** The version of an object that an answer speaks of; `null` is what buckets without versions call it. */
export function versionOf({ headers }: Answer): { readonly version?: string } {
  const version = headers["x-amz-version-id"];
  return typeof version === "string" && version !== "null" ? { version } : {};
}

/**
 * An ETag without its quotes, as DVC writes it.
 *
 * @example bare('"d41d8cd98f00b204e9800998ecf8427e"') // => "d41d8cd98f00b204e9800998ecf8427e"
 */
export function bare(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}

/** Headers for what the configuration says of stored objects. */
export interface StoredHow {
  /** With whatever makes an object. */
  readonly object: Readonly<Record<string, string>>;
  /** The customer's key: with whatever reads or writes one. */
  readonly key: Readonly<Record<string, string>>;
}

const PLAIN = {
  sse: "x-amz-server-side-encryption",
  sse_kms_key_id: "x-amz-server-side-encryption-aws-kms-key-id",
  acl: "x-amz-acl",
  grant_read: "x-amz-grant-read",
  grant_read_acp: "x-amz-grant-read-acp",
  grant_write_acp: "x-amz-grant-write-acp",
  grant_full_control: "x-amz-grant-full-control",
} as const;

/** @throws {UserError} where options exclude each other, as in DVC */
export function storedHow(options: RemoteOptions): StoredHow {
  const object: Record<string, string> = {};
  for (const [option, header] of Object.entries(PLAIN)) {
    const value = options.text(option);
    if (value !== undefined) object[header] = value;
  }
  const grants = Object.keys(PLAIN).filter((option) => option.startsWith("grant_") && options.text(option));
  if (options.text("acl") !== undefined && grants.length > 0) {
    throw new UserError(`acl and ${grants[0]} exclude each other; keep one of them`);
  }
  if (object[PLAIN.sse_kms_key_id] !== undefined) object[PLAIN.sse] ??= "aws:kms";
  const customers = options.text("sse_customer_key");
  if (customers === undefined) return { object, key: {} };
  if (options.text("sse_kms_key_id") !== undefined) {
    throw new UserError("sse_kms_key_id and sse_customer_key exclude each other; keep one of them");
  }
  const key = Buffer.from(customers, "base64");
  const name = "x-amz-server-side-encryption-customer";
  return {
    object,
    key: {
      [`${name}-algorithm`]: options.text("sse_customer_algorithm") ?? "AES256",
      [`${name}-key`]: key.toString("base64"),
      [`${name}-key-md5`]: createHash("md5").update(key).digest("base64"),
    },
  };
}
