import type { ContainerClient } from "@azure/storage-blob";
import {
  type Bucket,
  type Entry,
  KeyMissing,
  type LastVersion,
  type Outgoing,
  type WrittenVersion,
} from "../../../ports/bucket.ts";
import { buffersOf } from "../cloud/buffers.ts";
import { foreign } from "../cloud/partial.ts";
import { inParts, wholeOf } from "../cloud/parts.ts";
import { type Range, readInRanges } from "../cloud/ranges.ts";
import { placeOf } from "../cloud/url.ts";
import { inLanes } from "../lanes.ts";
import type { OpenBucket } from "../open.ts";
import { remoteOptions } from "../options.ts";
import { containerOf } from "./azure/container.ts";
import { errorOf, isMissing, statusOf } from "./azure/errors.ts";

/** Objects above this many bytes go in blocks of as many. */
const PART = 16 << 20;
/** Azure takes no more blocks of one blob. */
const MOST_BLOCKS = 50_000;
/** Bytes of large objects that are in memory at once: on their way out, and ahead of their readers. */
const OUTGOING = 5 * PART;
const AHEAD = 64 << 20;
const LANES = 32;

const KNOWN = [
  ...["connection_string", "sas_token", "account_name", "account_key", "allow_anonymous_login"],
  ...["tenant_id", "client_id", "client_secret", "timeout", "read_timeout", "connection_timeout"],
  ...["exclude_environment_credential", "exclude_visual_studio_code_credential"],
  ...["exclude_shared_token_cache_credential", "exclude_managed_identity_credential"],
];

/** A container of Azure Blob Storage. */
export const openAzure: OpenBucket = async (setting, environment, base): Promise<Bucket> => {
  const options = remoteOptions(setting, KNOWN, environment, base, true);
  const { bucket, prefix } = placeOf(setting);
  const container = await containerOf(bucket, options, environment);
  const buffers = buffersOf(OUTGOING);
  const ahead = { left: AHEAD };
  const url = `azure://${bucket}/${prefix}`.replace(/\/$/, "");
  const origin = new URL(container.url).origin;
  const blob = (key: string) => container.getBlockBlobClient(prefix + key);

  /** Does one thing with the SDK, and says what went wrong as we do. */
  const asked = async <T>(request: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw errorOf(error, request, bucket, origin);
    }
  };

  const range = async (
    key: string,
    from: number,
    to: number,
    state?: string,
    version?: string,
  ): Promise<Range | undefined> => {
    const conditions = state === undefined ? {} : { conditions: { ifMatch: state } };
    try {
      const of = version === undefined ? blob(key) : blob(key).withVersion(version);
      const answer = await of.download(from, to - from, { maxRetryRequests: 0, ...conditions });
      const { etag, contentRange, contentLength, readableStreamBody } = answer;
      const total = Number(/\/(\d+)$/.exec(contentRange ?? "")?.[1] ?? contentLength ?? Number.NaN);
      if (etag === undefined || readableStreamBody === undefined || !Number.isSafeInteger(total)) {
        throw foreign(origin);
      }
      const bytes = streamed(readableStreamBody as AsyncIterable<Uint8Array>, `GET ${key}`);
      return { total, state: etag, reached: Math.min(to, total), bytes };
    } catch (error) {
      if (statusOf(error) === 416) return undefined;
      if (isMissing(error)) throw new KeyMissing(key, url);
      throw errorOf(error, `GET ${key}`, bucket, origin);
    }
  };

  async function* streamed(bytes: AsyncIterable<Uint8Array>, request: string): AsyncGenerator<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      throw errorOf(error, request, bucket, origin);
    }
  }

  const write = async (key: string, outgoing: Outgoing): Promise<WrittenVersion> => {
    const { size } = outgoing;
    if (size > PART) {
      const ids: string[] = [];
      await inParts(outgoing, Math.max(PART, Math.ceil(size / MOST_BLOCKS)), buffers, (body, number) => {
        const id = Buffer.from(String(number).padStart(8, "0")).toString("base64");
        ids[number] = id;
        return asked(`PUT ${key}`, async () => void (await blob(key).stageBlock(id, body, body.length)));
      });
      return written(await asked(`PUT ${key}`, () => blob(key).commitBlockList(ids)));
    }
    const held = size > 1 << 20 ? await buffers.take(size) : undefined;
    try {
      const body = await wholeOf(outgoing, held);
      return written(await asked(`PUT ${key}`, () => blob(key).upload(body, size)));
    } finally {
      if (held !== undefined) buffers.give(held);
    }
  };

  /** What is known of a blob without its bytes; undefined where there is none. */
  const said = async (key: string, version?: string): Promise<LastVersion | undefined> => {
    try {
      const of = version === undefined ? blob(key) : blob(key).withVersion(version);
      const { contentLength, etag, versionId, contentMD5 } = await of.getProperties();
      if (contentLength === undefined || etag === undefined) throw foreign(origin);
      return {
        size: contentLength,
        ...written({ etag, ...(versionId === undefined ? {} : { versionId }) }),
        ...(contentMD5 === undefined ? {} : { md5: Buffer.from(contentMD5).toString("hex") }),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw errorOf(error, `HEAD ${key}`, bucket, origin);
    }
  };

  return {
    url,
    lanes: LANES,
    lists: true,

    size: async (key, version) => (await said(key, version))?.size,
    lastVersion: (key) => said(key),

    read: (key, from = 0, version) =>
      readInRanges(from, (first, end, state) => range(key, first, end, state, version), ahead),

    range: (key, from, to) =>
      readInRanges(from, (first, end, state) => range(key, first, end, state), ahead, to),

    async write(key, outgoing) {
      await write(key, outgoing);
    },

    writeVersion: write,

    async *list(below) {
      try {
        yield* entries(container, prefix, below);
      } catch (error) {
        throw errorOf(error, "the list of its blobs", bucket, origin);
      }
    },

    remove: (keys) =>
      inLanes(LANES, keys, (key) =>
        asked(`DELETE ${key}`, async () => void (await blob(key).deleteIfExists())),
      ),

    async close() {},
  };
};

function written({ etag = "", versionId }: { etag?: string; versionId?: string }): WrittenVersion {
  return { etag: etag.replace(/^"|"$/g, ""), ...(versionId === undefined ? {} : { version: versionId }) };
}

async function* entries(container: ContainerClient, before: string, below: string): AsyncGenerator<Entry> {
  for await (const { name, properties } of container.listBlobsFlat({ prefix: before + below })) {
    if (!name.startsWith(before + below)) continue;
    yield {
      key: name.slice(before.length),
      size: properties.contentLength ?? 0,
      modified: properties.lastModified,
    };
  }
}
