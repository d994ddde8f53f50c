import { UserError } from "../../../errors.ts";
import { type Bucket, KeyMissing, Unreachable } from "../../../ports/bucket.ts";
import { again } from "../retrying.ts";
import { type Catalogue, catalogueOf } from "../volumes/catalogue.ts";
import type { Shelf } from "../volumes/shelf.ts";
import { BlobGone, type ReadLayer } from "../volumes/volume.ts";
import { labelOf, type NewPack, PACKS, type Pack, type PackLabel, packOf } from "./pack.ts";

/** The packs of a bucket. */
export interface Packs extends Omit<Catalogue<Pack>, "made" | "gone"> {
  readonly readLayer: ReadLayer;
  /** Writes one; it is there when this ends. */
  write(made: NewPack): Promise<void>;
  remove(packs: readonly Pack[]): Promise<void>;
}

/**
 * Who may read objects and not list them sees no packs, and is told of objects that are missing.
 *
 * @param bucket one that asks again by itself
 */
export function packsIn(bucket: Bucket, shelf: Shelf): Packs {
  const { url } = bucket;
  let listed = true;

  async function* labels(): AsyncIterable<PackLabel> {
    if (!bucket.lists || !listed) return;
    try {
      for await (const { key, size } of bucket.list(PACKS)) {
        const label = labelOf(key, size);
        if (label !== undefined) yield label;
      }
    } catch (error) {
      if (!(error instanceof UserError) || error instanceof Unreachable) throw error;
      listed = false;
    }
  }

  const catalogue = catalogueOf<Pack, PackLabel>({
    url,
    labels,

    async load(label) {
      const kept = shelf.get(label.digest);
      if (kept !== undefined) return packOf(label, kept);
      const parts: Uint8Array[] = [];
      try {
        for await (const part of rangeIn(bucket, label.key, 0, label.head)) parts.push(part);
      } catch (error) {
        if (error instanceof KeyMissing) return undefined;
        throw error;
      }
      const index = Buffer.concat(parts);
      const pack = packOf(label, index);
      if (pack !== undefined) shelf.put(label.digest, index);
      return pack;
    },

    isStill: async ({ key }) => (await bucket.size(key)) !== undefined,

    known(packs) {
      shelf.keep(new Set(packs.map(({ digest }) => digest)));
    },
  });

  return {
    ...catalogue,
    refresh: () => again(catalogue.refresh),
    known: () => again(catalogue.known),

    async *readLayer(volume, _layer, from, to) {
      const { key, head } = volume as Pack;
      try {
        yield* rangeIn(bucket, key, head + from, head + to);
      } catch (error) {
        if (error instanceof KeyMissing) throw new BlobGone(error.message);
        throw error;
      }
    },

    async write({ pack, index, outgoing }) {
      await bucket.write(pack.key, outgoing);
      shelf.put(pack.digest, index);
      catalogue.made(pack);
    },

    async remove(packs) {
      await bucket.remove(packs.map(({ key }) => key));
      for (const pack of packs) catalogue.gone(pack);
    },
  };
}

/** Bytes of a key from one to before another; what a bucket gives behind them is not waited for. */
async function* rangeIn(bucket: Bucket, key: string, from: number, to: number): AsyncIterable<Uint8Array> {
  if (from >= to) return;
  let left = to - from;
  for await (const chunk of bucket.range?.(key, from, to) ?? bucket.read(key, from)) {
    yield chunk.subarray(0, left);
    left -= chunk.length;
    if (left <= 0) return;
  }
}
