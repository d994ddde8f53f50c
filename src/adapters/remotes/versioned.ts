import { isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { type Bucket, KeyMissing } from "../../ports/bucket.ts";
import {
  type Incoming,
  ObjectMissing,
  type Remote,
  type Stored,
  type VersionPlace,
} from "../../ports/remote.ts";
import { checked, checkedOutgoing } from "./checked.ts";
import { inLanes } from "./lanes.ts";
import { retrying } from "./retrying.ts";

/**
 * A cloud-versioned remote of DVC (`version_aware`, `worktree`): files lie in the bucket under their real
 * names, and pointer files say which version of them is meant.
 */
export function versionedRemote(given: Bucket, remote: string, atOnce?: number): Remote {
  return remoteOf(retrying(given), remote, atOnce, undefined);
}

/** @param told where objects are; undefined where nobody said it */
function remoteOf(
  bucket: Bucket,
  remote: string,
  atOnce: number | undefined,
  told: readonly VersionPlace[] | undefined,
): Remote {
  const { url } = bucket;
  const places = new Map<ObjectName, VersionPlace[]>();
  for (const place of told ?? []) places.set(place.name, [...(places.get(place.name) ?? []), place]);
  const noObjects = () =>
    new UserError(
      `${url} keeps files under their real names (version_aware), and not objects; do this with a remote without it`,
    );
  const lanes = atOnce ?? bucket.lanes;

  /** From the first of its places that has it: several files may have the same bytes. */
  async function* bytesOf(name: ObjectName, from = 0): AsyncGenerator<Uint8Array> {
    for (const { key, version, bytes } of places.get(name) ?? []) {
      if (bytes !== undefined) return yield bytes.subarray(from);
      if (key === undefined) continue;
      try {
        return yield* bucket.read(key, from, version);
      } catch (error) {
        if (!(error instanceof KeyMissing)) throw error;
      }
    }
    throw new ObjectMissing(name, url);
  }

  /** How many bytes an object has there; undefined where none of its places has it. */
  async function sizeOf(name: ObjectName): Promise<number | undefined> {
    for (const { key, version, bytes } of places.get(name) ?? []) {
      const size = key === undefined ? bytes?.length : await bucket.size(key, version);
      if (size !== undefined) return size;
    }
    return undefined;
  }

  async function present(names: readonly ObjectName[]): Promise<ReadonlySet<ObjectName>> {
    const partsOf = (name: ObjectName) => places.get(name)?.find(({ parts }) => parts !== undefined)?.parts;
    const there = new Set<ObjectName>();
    const asked = new Set(names.flatMap((name) => partsOf(name) ?? [name]));
    await inLanes(lanes, [...asked], async (name) => {
      if ((await sizeOf(name)) !== undefined) there.add(name);
    });
    return new Set(names.filter((name) => (partsOf(name) ?? [name]).every((part) => there.has(part))));
  }

  const incoming = (name: ObjectName): Incoming => Object.assign((from?: number) => bytesOf(name, from), {});

  return {
    url,
    has: async (name) => (await present([name])).has(name),
    present,

    read(name, from = 0) {
      const bytes = bytesOf(name, from);
      return from === 0 && !isLegacy(name) ? checked(name, bytes, url) : bytes;
    },

    receive: (names, take) => inLanes(lanes, names, (name) => take(name, incoming(name))),

    async send(objects) {
      if (objects.length > 0) throw noObjects();
    },

    async *list() {
      if (told === undefined) throw noObjects();
      const found: Stored[] = [];
      await inLanes(lanes, [...places.keys()], async (name) => {
        const size = await sizeOf(name);
        if (size !== undefined) found.push({ name, size });
      });
      yield* found;
    },

    async remove(names) {
      if (names.length > 0) throw noObjects();
    },

    vouched: async () => undefined,
    async vouch() {},
    versions: {
      remote,
      knowing: (more) => remoteOf(bucket, remote, atOnce, more),

      async keys(prefix) {
        const keys = new Set<string>();
        for await (const { key } of bucket.list(prefix)) keys.add(key);
        return keys;
      },

      async last(key, { size, md5 }) {
        const found = await bucket.lastVersion?.(key);
        if (found?.version === undefined || found.size !== size || found.md5 !== md5) return undefined;
        return { etag: found.etag, version: found.version };
      },

      async keep(key, sending) {
        if (bucket.writeVersion === undefined) throw noObjects();
        return bucket.writeVersion(key, checkedOutgoing(sending));
      },
    },
    close: () => bucket.close(),
  };
}
