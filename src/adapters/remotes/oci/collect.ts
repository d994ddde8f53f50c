import { buffer } from "node:stream/consumers";
import type { ObjectName } from "../../../core/artifacts/digest.ts";
import { isGitHubs } from "../../../core/artifacts/registry-address.ts";
import { UserError } from "../../../errors.ts";
import type { Sending } from "../../../ports/remote.ts";
import { inMemory } from "../bucket-remote.ts";
import type { Environment } from "../open.ts";
import { type Packed, packSmall } from "../volumes/packing.ts";
import { startOf } from "../volumes/reading.ts";
import { receiveAll } from "../volumes/receive.ts";
import { endsOf, type IndexEntry } from "../volumes/table.ts";
import { entriesOf } from "../volumes/volume.ts";
import { consolidate } from "./consolidate.ts";
import { joinPacked, layersOf, planPushes, SIZES, type Sizes } from "./packing.ts";
import { readingFrom } from "./patience.ts";
import type { Push, Pushes } from "./pushes.ts";
import type { Registry } from "./registry.ts";
import { commit } from "./send.ts";

/** Deletes what a push's manifest names, by the way that its registry has for it. */
export type DeletePush = (push: Push) => Promise<void>;

/**
 * Removes objects. A push of which nothing is wanted any more is deleted; one of which something is, is
 * made anew without the rest first, and then deleted. Whoever is killed between leaves objects twice,
 * never fewer; whoever is read meanwhile finds them in one of the two.
 */
export async function removeAll(
  registry: Registry,
  pushes: Pushes,
  names: readonly ObjectName[],
  deletePush: DeletePush,
  environment: Environment,
  sizes: Sizes,
): Promise<void> {
  const unwanted = new Set(names);
  await pushes.refresh();
  const touched = pushes.current().filter((push) => {
    for (const { name } of entriesOf(push)) if (unwanted.has(name)) return true;
    return false;
  });
  for (const push of touched) {
    for (;;) {
      // What another push has, too, need not be kept here; asked anew, since others may collect as well.
      await pushes.refresh();
      const kept = [...entriesOf(push)].filter(
        ({ name }) => !unwanted.has(name) && pushes.find(name, push) === undefined,
      );
      if (kept.length === 0) break;
      await commit(registry, pushes, await remade(registry, push, kept), environment);
    }
    // GitHub does not let go of a package's last version.
    if (isGitHubs(registry.address) && pushes.current().length === 1) {
      await commit(registry, pushes, { layers: [], entries: [] }, environment);
    }
    await deletePush(push);
    pushes.gone(push);
  }
  await consolidate(registry, pushes, deletePush, environment, sizes);
}

/** Below this share of a layer, what is wanted of it is packed anew; else the layer is named again as it is. */
const SHARE = 0.5;
/** Of a layer that is larger, the unwanted part stays until all of it is unwanted. */
const LARGEST_REPACKED = 64 << 20;

/** The wanted objects of a push: whole layers without a byte moved, the rest packed anew. */
async function remade(registry: Registry, push: Push, kept: readonly IndexEntry[]): Promise<Packed> {
  const ends = endsOf(push.layers);
  const wanted = new Map<number, number>();
  const reach = (entry: IndexEntry): number[] => {
    const start = startOf({ volume: push, entry });
    const end = start + entry.size;
    return [...push.layers.keys()].filter(
      (layer) =>
        start < (ends[layer] as number) && end > (ends[layer] as number) - (push.layers[layer]?.size ?? 0),
    );
  };
  const reaches = new Map(kept.map((entry) => [entry, entry.size === 0 ? [] : reach(entry)]));
  for (const [entry, layers] of reaches) {
    for (const layer of layers)
      wanted.set(
        layer,
        (wanted.get(layer) ?? 0) + (layers.length > 1 ? Number.POSITIVE_INFINITY : entry.size),
      );
  }
  const thin = (layer: number): boolean => {
    const { size } = push.layers[layer] as { size: number };
    return size <= LARGEST_REPACKED && (wanted.get(layer) ?? 0) < size * SHARE;
  };
  const stay = [...push.layers.keys()].filter((layer) => (wanted.get(layer) ?? 0) > 0 && !thin(layer));
  const place = new Map(stay.map((layer, index) => [layer, index]));
  const moving = kept.filter((entry) => (reaches.get(entry) ?? []).some((layer) => !place.has(layer)));
  const moved = new Set(moving);
  const staying: Packed = {
    layers: stay.map((layer) => push.layers[layer] as Packed["layers"][number]),
    entries: kept
      .filter((entry) => !moved.has(entry))
      .map((entry) => ({
        ...entry,
        layer: entry.size === 0 ? 0 : (place.get(entry.layer) as number),
        offset: entry.size === 0 ? 0 : entry.offset,
      })),
  };
  return joinPacked([staying, ...(await repacked(registry, push, moving))]);
}

async function repacked(registry: Registry, push: Push, moving: readonly IndexEntry[]): Promise<Packed[]> {
  const byName = new Map(moving.map((entry) => [entry.name, entry]));
  const sendings = moving.map(
    ({ name, size }): Sending => ({ name, object: inMemory(new Uint8Array(size)) }),
  );
  const packed: Packed[] = [];
  for (const parcel of planPushes(sendings, SIZES).flat()) {
    const founds = parcel.objects.map(({ name }) => ({
      volume: push,
      entry: byName.get(name) as IndexEntry,
    }));
    const bytesOf = new Map<ObjectName, Uint8Array>();
    await receiveAll(readingFrom(registry), founds, async (found, read) => {
      bytesOf.set(found.entry.name, await buffer(read()));
    });
    const objects = parcel.objects.map(({ name }) => ({
      name,
      object: inMemory(bytesOf.get(name) ?? new Uint8Array()),
    }));
    const { bytes, entries } = await packSmall({ objects, size: parcel.size });
    const layers = layersOf(bytes);
    const wrong = entries.find(({ name, sha256 }) => sha256 !== byName.get(name)?.sha256);
    if (wrong !== undefined) {
      throw new UserError(
        `${wrong.name} in ${registry.address.url} is damaged: it has sha256 ${wrong.sha256}; nothing of ${push.tag} was removed`,
      );
    }
    for (const { sha256, size } of layers)
      await registry.putBlob(sha256, size, () => inMemory(bytes).bytes());
    packed.push({ layers, entries });
  }
  return packed;
}
