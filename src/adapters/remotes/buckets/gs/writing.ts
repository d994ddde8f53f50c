import { type Outgoing, Unreachable, type WrittenVersion } from "../../../../ports/bucket.ts";
import type { Buffers } from "../../cloud/buffers.ts";
import type { Answer } from "../../cloud/connection.ts";
import { foreign } from "../../cloud/partial.ts";
import { inParts, wholeOf } from "../../cloud/parts.ts";
import type { GsRequests } from "./requests.ts";

/** Objects above this many bytes go in parts of as many; Google wants a multiple of 256 KiB. */
export const PART = 16 << 20;

/** Stores an object: at once where it is small, otherwise in a session that takes one part after the other. */
export async function write(
  requests: GsRequests,
  key: string,
  outgoing: Outgoing,
  buffers: Buffers,
): Promise<WrittenVersion> {
  if (outgoing.size > PART) return inSession(requests, key, outgoing, buffers);
  const held = outgoing.size > 1 << 20 ? await buffers.take(outgoing.size) : undefined;
  try {
    const body = await wholeOf(outgoing, held);
    const query = { uploadType: "media", name: key };
    const headers = { "content-type": "application/octet-stream" };
    const answer = await requests.ask({ method: "POST", query, headers, body, uploads: true });
    return writtenOf(await requests.json(answer), requests);
  } finally {
    if (held !== undefined) buffers.give(held);
  }
}

async function inSession(
  requests: GsRequests,
  key: string,
  outgoing: Outgoing,
  buffers: Buffers,
): Promise<WrittenVersion> {
  const path = await begin(requests, key);
  let written: WrittenVersion | undefined;
  let unsure = false;
  const put = async (body: Uint8Array, number: number): Promise<void> => {
    const from = number * PART;
    const end = from + body.length;
    let at = unsure ? await reached(requests, path, outgoing.size) : from;
    unsure = true;
    while (at < end) {
      if (at < from) throw new Error(`${requests.origin} forgot what it had of ${key}`);
      const headers = { "content-range": `bytes ${at}-${end - 1}/${outgoing.size}` };
      const part = body.subarray(at - from);
      const answer = await requests.ask({ method: "PUT", path, headers, body: part, expected: [308] });
      if (answer.status === 308) {
        at = reachedIn(answer);
        await requests.drain(answer);
      } else {
        at = end;
        written = writtenOf(await requests.json(answer), requests);
      }
    }
    unsure = false;
  };
  try {
    await inParts(outgoing, PART, buffers, put, 1); // Google takes parts in their order only
    if (written !== undefined) return written;
    throw foreign(requests.origin);
  } catch (error) {
    const ended = requests.ask({ method: "DELETE", path, expected: [404, 410, 499] });
    await ended.then(requests.drain).catch(() => {}); // the first error counts
    throw error;
  }
}

/** The byte after the last that a session has kept, after something had gone wrong. */
async function reached(requests: GsRequests, path: string, size: number): Promise<number> {
  const headers = { "content-range": `bytes */${size}` };
  const answer = await requests.ask({ method: "PUT", path, headers, expected: [308] });
  await requests.drain(answer);
  if (answer.status === 308) return reachedIn(answer);
  throw new Unreachable(`${requests.origin} ended a session before its answer was heard`);
}

function reachedIn({ headers }: Answer): number {
  return Number(/^bytes=0-(\d+)$/.exec(String(headers.range ?? ""))?.[1] ?? -1) + 1;
}

/** Opens a session: where its parts are to be sent. */
async function begin(requests: GsRequests, key: string): Promise<string> {
  const answer = await requests.ask({
    method: "POST",
    query: { uploadType: "resumable", name: key },
    headers: { "x-upload-content-type": "application/octet-stream" },
    uploads: true,
  });
  await requests.drain(answer);
  const { location } = answer.headers;
  if (location === undefined) throw foreign(requests.origin);
  const { pathname, search } = new URL(location, requests.origin); // the host stays the one that was asked
  return `${pathname}${search}`;
}

export function writtenOf(answer: unknown, requests: GsRequests): WrittenVersion {
  const { etag, generation } = (answer ?? {}) as { etag?: unknown; generation?: unknown };
  if (typeof generation !== "string") throw foreign(requests.origin);
  return { etag: typeof etag === "string" ? etag : "", version: generation };
}
