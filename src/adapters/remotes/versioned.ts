import { isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { type Bucket, KeyMissing } from "../../ports/bucket.ts";
import { type Incoming, ObjectMissing, type Remote, type VersionPlace } from "../../ports/remote.ts";
import { checked } from "./checked.ts";
import { inLanes } from "./lanes.ts";
import { retrying } from "./retrying.ts";

/**
 * A cloud-versioned remote of DVC (`version_aware`, `worktree`): files lie in the bucket under their real
 * names, and pointer files say which version of them is meant. It is read from; DVC writes to it.
 */
export function versionedRemote(
  given: Bucket,
  atOnce?: number,
  places: ReadonlyMap<ObjectName, VersionPlace> = new Map(),
): Remote {
  const bucket = retrying(given);
  const { url } = bucket;
  const readOnly = () =>
    new UserError(
      `${url} keeps versions under real names (version_aware), which are only read here; push to a remote without it, or with DVC`,
    );

  async function* bytesOf(name: ObjectName, from = 0): AsyncGenerator<Uint8Array> {
    const { key, version, bytes } = places.get(name) ?? {};
    if (bytes !== undefined) yield bytes.subarray(from);
    else if (key === undefined) throw new ObjectMissing(name, url);
    else {
      try {
        yield* bucket.read(key, from, version);
      } catch (error) {
        throw error instanceof KeyMissing ? new ObjectMissing(name, url) : error;
      }
    }
  }

  const incoming = (name: ObjectName): Incoming => Object.assign((from?: number) => bytesOf(name, from), {});

  return {
    url,
    has: async (name) => places.has(name),
    present: async (names) => new Set(names.filter((name) => places.has(name))),

    read(name, from = 0) {
      const bytes = bytesOf(name, from);
      return from === 0 && !isLegacy(name) ? checked(name, bytes, url) : bytes;
    },

    receive: (names, take) => inLanes(atOnce ?? bucket.lanes, names, (name) => take(name, incoming(name))),

    async send(objects) {
      if (objects.length > 0) throw readOnly();
    },

    // biome-ignore lint/correctness/useYield: there is nothing that it could give
    async *list() {
      throw readOnly();
    },

    async remove(names) {
      if (names.length > 0) throw readOnly();
    },

    vouched: async () => undefined,
    async vouch() {},
    knowing: (more) => versionedRemote(given, atOnce, new Map(more.map((place) => [place.name, place]))),
    close: () => bucket.close(),
  };
}
