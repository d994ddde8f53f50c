import { isDirectory } from "../../../core/artifacts/digest.ts";
import type { Sending } from "../../../ports/remote.ts";
import { inLanes } from "../lanes.ts";
import { type Parcel, packSmall, parcelsOf } from "../volumes/packing.ts";
import { newPack } from "./pack.ts";
import type { Packs } from "./packs.ts";

/** How packs are made. */
export interface PackSizes {
  /** What a pack has at most: it is in memory on its way out. */
  readonly bytes: number;
  readonly objects: number;
  /** Collections join packs of less than a quarter of it, when there are more than so many. */
  readonly small: number;
}

export const PACK_SIZES: PackSizes = { bytes: 32 << 20, objects: 20_000, small: 100 };
/** Packs that are sent at once. */
const LANES = 2;

/** Sends objects in packs: files, and when all of them are there, directories' manifests. */
export async function sendPacked(
  packs: Packs,
  objects: readonly Sending[],
  sent: (object: Sending) => void,
  sizes: PackSizes,
): Promise<void> {
  const parcels = parcelsOf(objects, sizes);
  const isOfManifests = ({ objects: [first] }: Parcel): boolean =>
    first !== undefined && isDirectory(first.name);
  for (const group of [parcels.filter((one) => !isOfManifests(one)), parcels.filter(isOfManifests)]) {
    await inLanes(LANES, group, async (parcel) => {
      const { bytes, entries } = await packSmall(parcel);
      await packs.write(newPack(entries, bytes, now()));
      for (const one of parcel.objects) sent(one);
    });
  }
}

/** To the second, as names say it. */
function now(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}
