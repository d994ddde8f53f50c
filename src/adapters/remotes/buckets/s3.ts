import type { Bucket } from "../../../ports/bucket.ts";
import { buffersOf } from "../cloud/buffers.ts";
import { beginInRanges, readInRanges } from "../cloud/ranges.ts";
import { placeOf } from "../cloud/url.ts";
import type { OpenBucket } from "../open.ts";
import { remoteOptions } from "../options.ts";
import { lastOf, list, rangeOf } from "./s3/reading.ts";
import { removing } from "./s3/removing.ts";
import { requestsTo } from "./s3/requests.ts";
import { uploadsTo } from "./s3/uploads.ts";
import { PART, storedHow, write } from "./s3/writing.ts";

/** Bytes of large objects that are in memory at once: on their way out, and ahead of their readers. */
const OUTGOING = 5 * PART;
const AHEAD = 64 << 20;
/** Requests under way at once; on a near server more only wait for each other on this side. */
const LANES = 32;

/** What DVC can be told of a bucket; `cache_regions` and `listobjects` change nothing here. */
const KNOWN = [
  ...["region", "profile", "credentialpath", "configpath", "endpointurl", "use_ssl", "ssl_verify"],
  ...["access_key_id", "secret_access_key", "session_token", "allow_anonymous_login"],
  ...["sse", "sse_kms_key_id", "sse_customer_algorithm", "sse_customer_key"],
  ...["acl", "grant_read", "grant_read_acp", "grant_write_acp", "grant_full_control"],
  ...["read_timeout", "connect_timeout", "cache_regions", "listobjects"],
];

/** A bucket of S3, or of whatever speaks its language. */
export const openS3: OpenBucket = async (setting, environment, base): Promise<Bucket> => {
  const options = remoteOptions(setting, KNOWN, environment, base, true);
  const { bucket, prefix } = placeOf(setting);
  const stored = storedHow(options);
  const requests = requestsTo(bucket, options, environment, LANES);
  const buffers = buffersOf(OUTGOING);
  const uploads = uploadsTo(requests, prefix, base, stored.key);
  const ahead = { left: AHEAD };
  const remove = removing(requests, LANES);
  const wanted = (key: string, version?: string) => ({
    key: prefix + key,
    headers: stored.key,
    ...(version === undefined ? {} : { version }),
  });
  const url = `s3://${bucket}/${prefix}`.replace(/\/$/, "");

  return {
    url,
    lanes: LANES,
    lists: true,
    size: async (key, version) => (await lastOf(requests, wanted(key, version)))?.size,

    read: (key, from = 0, version) =>
      readInRanges(
        from,
        (first, end, state) => rangeOf(requests, wanted(key, version), first, end, state, { key, url }),
        ahead,
      ),

    range: (key, from, to) =>
      readInRanges(
        from,
        (first, end, state) => rangeOf(requests, wanted(key), first, end, state, { key, url }),
        ahead,
        to,
      ),

    begin: (key) =>
      beginInRanges(
        (first, end, state) => rangeOf(requests, wanted(key), first, end, state, { key, url }),
        ahead,
      ),

    async write(key, bytes) {
      await write(requests, prefix + key, bytes, stored, buffers, uploads);
    },

    lastVersion: (key) => lastOf(requests, wanted(key)),
    writeVersion: (key, bytes) => write(requests, prefix + key, bytes, stored, buffers, uploads),
    list: (below) => list(requests, prefix, below),
    remove: (keys) => remove(keys.map((key) => prefix + key)),

    async close() {
      requests.close();
    },
  };
};
