import { isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { UserError } from "../../errors.ts";
import { type Bucket, KeyMissing } from "../../ports/bucket.ts";
import { type Incoming, ObjectMissing, type Remote, type VersionPlace } from "../../ports/remote.ts";
import { checked, checkedOutgoing } from "./checked.ts";
import { inLanes } from "./lanes.ts";
import { retrying } from "./retrying.ts";

/**
 * A cloud-versioned remote of DVC (`version_aware`, `worktree`): files lie in the bucket under their real
 * names, and pointer files say which version of them is meant.
 */
export function versionedRemote(
  given: Bucket,
  remote: string,
  atOnce?: number,
  places: ReadonlyMap<ObjectName, VersionPlace> = new Map(),
): Remote {
  const bucket = retrying(given);
  const { url } = bucket;
  const noObjects = () =>
    new UserError(
      `${url} keeps files under their real names (version_aware), and not objects; do this with a remote without it`,
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
      if (objects.length > 0) throw noObjects();
    },

    // biome-ignore lint/correctness/useYield: there is nothing that it could give
    async *list() {
      throw noObjects();
    },

    async remove(names) {
      if (names.length > 0) throw noObjects();
    },

    vouched: async () => undefined,
    async vouch() {},
    versions: {
      remote,
      knowing: (more) =>
        versionedRemote(given, remote, atOnce, new Map(more.map((place) => [place.name, place]))),
      async keep(key, sending) {
        if (bucket.writeVersion === undefined) throw noObjects();
        return bucket.writeVersion(key, checkedOutgoing(sending));
      },
    },
    close: () => bucket.close(),
  };
}
