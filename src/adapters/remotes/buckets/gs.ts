import { type Bucket, KeyMissing } from "../../../ports/bucket.ts";
import { buffersOf } from "../cloud/buffers.ts";
import { drained } from "../cloud/connection.ts";
import { foreign, partial } from "../cloud/partial.ts";
import { readInRanges } from "../cloud/ranges.ts";
import { placeOf } from "../cloud/url.ts";
import { inLanes } from "../lanes.ts";
import type { OpenBucket } from "../open.ts";
import { remoteOptions } from "../options.ts";
import { gsRequests } from "./gs/requests.ts";
import { PART, write, writtenOf } from "./gs/writing.ts";

/** Bytes of large objects that are in memory at once: on their way out, and ahead of their readers. */
const OUTGOING = 5 * PART;
const AHEAD = 64 << 20;
const LANES = 32;
/** A page of a list: a thousand names of 1,024 bytes, with what is said of them. */
const LONGEST_LIST = 16 << 20;

const KNOWN = ["projectname", "credentialpath", "endpointurl", "allow_anonymous_login"];

/** A bucket of Google Cloud Storage. */
export const openGs: OpenBucket = async (setting, environment, base): Promise<Bucket> => {
  const options = remoteOptions(setting, KNOWN, environment, base, true);
  const { bucket, prefix } = placeOf(setting);
  const requests = gsRequests(bucket, options, environment, LANES);
  const buffers = buffersOf(OUTGOING);
  const ahead = { left: AHEAD };
  const url = `gs://${bucket}/${prefix}`.replace(/\/$/, "");

  const range = async (key: string, from: number, to: number, generation?: string) => {
    const answer = await requests.ask({
      method: "GET",
      key: prefix + key,
      query: { alt: "media", ...(generation === undefined ? {} : { generation }) },
      headers: { range: `bytes=${from}-${to - 1}` },
      expected: [404, 416],
    });
    if (answer.status === 404) throw (await requests.missing(answer)) ?? new KeyMissing(key, url);
    if (answer.status !== 416) {
      const state = answer.headers["x-goog-generation"];
      return partial(answer, from, to, requests.origin, typeof state === "string" ? state : undefined);
    }
    await drained(requests.origin, answer);
    return undefined;
  };

  /** What is said of an object without its bytes; undefined where there is none. */
  const said = async (key: string, fields: string, generation?: string): Promise<unknown> => {
    const query = { fields, ...(generation === undefined ? {} : { generation }) };
    const answer = await requests.ask({ method: "GET", key: prefix + key, query, expected: [404] });
    if (answer.status !== 404) return requests.json(answer);
    const trouble = await requests.missing(answer);
    if (trouble !== undefined) throw trouble;
    return undefined;
  };

  return {
    url,
    lanes: LANES,
    lists: true,

    size: async (key, generation) => sizeIn(await said(key, "size", generation)),

    read: (key, from = 0, version) =>
      readInRanges(from, (first, end, state) => range(key, first, end, state ?? version), ahead),

    range: (key, from, to) =>
      readInRanges(from, (first, end, state) => range(key, first, end, state), ahead, to),

    async write(key, bytes) {
      await write(requests, prefix + key, bytes, buffers);
    },

    async lastVersion(key) {
      const found = await said(key, "size,etag,generation,md5Hash");
      const size = sizeIn(found);
      if (size === undefined) return undefined;
      const { md5Hash } = found as { md5Hash?: unknown };
      const md5 = typeof md5Hash === "string" ? Buffer.from(md5Hash, "base64").toString("hex") : undefined;
      return { size, ...writtenOf(found, requests), ...(md5 === undefined ? {} : { md5 }) };
    },

    writeVersion: (key, bytes) => write(requests, prefix + key, bytes, buffers),

    async *list(below) {
      let pageToken: string | undefined;
      do {
        const query = {
          prefix: prefix + below,
          fields: "items(name,size,updated),nextPageToken",
          maxResults: "1000",
          ...(pageToken === undefined ? {} : { pageToken }),
        };
        const page = await requests.json(await requests.ask({ method: "GET", query }), LONGEST_LIST);
        for (const item of itemsOf(page)) {
          const { name, updated } = item as { name?: unknown; updated?: unknown };
          if (typeof name !== "string" || !name.startsWith(prefix + below)) continue;
          const modified = new Date(typeof updated === "string" ? updated : Number.NaN);
          yield {
            key: name.slice(prefix.length),
            size: sizeIn(item) ?? 0,
            ...(Number.isNaN(modified.getTime()) ? {} : { modified }),
          };
        }
        const { nextPageToken: next } = page as { nextPageToken?: unknown };
        if (next !== undefined && next === pageToken) throw foreign(requests.origin);
        pageToken = typeof next === "string" && next !== "" ? next : undefined;
      } while (pageToken !== undefined);
    },

    remove: (keys) =>
      inLanes(LANES, keys, async (key) => {
        const answer = await requests.ask({ method: "DELETE", key: prefix + key, expected: [404] });
        await drained(requests.origin, answer);
      }),

    async close() {
      requests.close();
    },
  };

  function sizeIn(value: unknown): number | undefined {
    if (value === undefined) return undefined;
    const size = Number((value as { size?: unknown } | null)?.size);
    if (!Number.isSafeInteger(size)) throw foreign(requests.origin);
    return size;
  }

  function itemsOf(page: unknown): readonly unknown[] {
    const { items = [] } = (page ?? {}) as { items?: unknown };
    if (!Array.isArray(items)) throw foreign(requests.origin);
    return items;
  }
};
