import { PACKED_BELOW } from "../../../core/artifacts/artifacts-remote.ts";
import { isDirectory, type ObjectName } from "../../../core/artifacts/digest.ts";
import type { Bucket } from "../../../ports/bucket.ts";
import type { Remote, Sending, Stored } from "../../../ports/remote.ts";
import { objectsIn } from "../volumes/objects.ts";
import { shelf } from "../volumes/shelf.ts";
import { packsIn } from "./packs.ts";
import { removePacked } from "./removing.ts";
import { PACK_SIZES, type PackSizes, sendPacked } from "./sending.ts";

/** How a remote packs, and what it remembers of packs. */
export interface Packing {
  /** Files of fewer bytes are packed where the user wants that; undefined or 0: nobody does. */
  readonly limit?: () => Promise<number | undefined>;
  /** Where indexes are kept for the next time; it need not be there. */
  readonly folder?: string;
  readonly sizes?: PackSizes;
}

/**
 * A remote in DVC's layout in which objects may lie in packs, too: see
 * docs/decisions/0013-packs-in-a-bucket.md. Everybody who asks finds them; what is sent is packed where the
 * user wants that.
 *
 * @param loose the same bucket in DVC's layout alone
 * @param bucket one that asks again by itself
 */
export function withPacks(
  loose: Remote,
  bucket: Bucket,
  { limit, folder, sizes = PACK_SIZES }: Packing,
): Remote {
  const { url } = loose;
  const packs = packsIn(bucket, shelf(folder));
  const objects = objectsIn(packs, packs.readLayer, url);
  const isPacked = (name: ObjectName): boolean => packs.find(name) !== undefined;

  const remote: Remote = {
    ...loose,

    async has(name) {
      await packs.known();
      if (isPacked(name) || (await loose.has(name))) return true;
      await packs.refresh();
      return isPacked(name);
    },

    async present(names) {
      await packs.refresh();
      const there = await loose.present(names.filter((name) => !isPacked(name)));
      return new Set(names.filter((name) => there.has(name) || isPacked(name)));
    },

    async *read(name, from) {
      await packs.known();
      yield* isPacked(name) ? objects.read(name, from) : loose.read(name, from);
    },

    async receive(names, take) {
      await packs.refresh();
      const packed = names.filter(isPacked);
      if (packed.length > 0) await objects.receive(packed, take);
      const others = new Set(packed);
      await loose.receive(packed.length === 0 ? names : names.filter((name) => !others.has(name)), take);
    },

    async *list() {
      await packs.refresh();
      const twice = new Set<ObjectName>();
      for await (const one of loose.list()) {
        const packed = packs.find(one.name);
        if (packed === undefined) yield one;
        else {
          twice.add(one.name);
          yield younger(one, packed.volume.time);
        }
      }
      for (const { volume, entry } of packs.all()) {
        if (!twice.has(entry.name)) yield { name: entry.name, size: entry.size, modified: volume.time };
      }
    },

    async remove(names) {
      await removePacked(packs, names.filter(isDirectory), sizes);
      await loose.remove(names);
      await removePacked(
        packs,
        names.filter((name) => !isDirectory(name)),
        sizes,
      );
    },

    async vouched(name) {
      const said = await loose.vouched(name);
      if (said !== undefined || isDirectory(name)) return said;
      await packs.known();
      const packed = packs.find(name);
      return packed === undefined ? undefined : { sha256: packed.entry.sha256 };
    },

    async toSend(packed) {
      const below = packed === false ? 0 : ((await limit?.()) ?? 0);
      if (below > 0) return packing(below);
      return packed === true && bucket.lists ? packing(PACKED_BELOW) : loose;
    },
  };

  /** The same for whoever sends: what is small is packed, and directories' manifests are. */
  const packing = (below: number): Remote => ({
    ...remote,

    async send(given, sent = () => {}, asked) {
      const there = asked === "absent" ? undefined : await remote.present(given.map(({ name }) => name));
      const due = new Map(given.filter(({ name }) => !there?.has(name)).map((one) => [one.name, one]));
      const isSmall = ({ name, object }: Sending): boolean => isDirectory(name) || object.size < below;
      const small: Sending[] = [];
      const large: Sending[] = [];
      for (const one of due.values()) (isSmall(one) ? small : large).push(one);
      await loose.send(large, sent, "absent");
      await sendPacked(packs, small, sent, sizes);
    },
  });

  return remote;
}

function younger(stored: Stored, time: Date): Stored {
  const { modified } = stored;
  return modified === undefined || modified >= time ? stored : { ...stored, modified: time };
}
