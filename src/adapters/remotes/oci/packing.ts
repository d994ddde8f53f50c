import { createHash } from "node:crypto";
import type { Sha256 } from "../../../core/artifacts/digest.ts";
import type { Sending } from "../../../ports/remote.ts";
import { changed, holdTo, type Packed, type Parcel, parcelsOf } from "../volumes/packing.ts";
import type { IndexEntry } from "../volumes/table.ts";
import { type Blob, sha256Of } from "../volumes/volume.ts";
import { MOST_LAYERS } from "./manifest.ts";

/** How objects are cut and joined. */
export interface Sizes {
  /** A layer of small objects has at most so many bytes; an object of half as many has layers to itself. */
  readonly pack: number;
  /** A large object is cut into layers of this size: what has to be sent again after a broken connection. */
  readonly part: number;
  /** Bytes and objects of one manifest: an interrupted push goes on behind the last one. */
  readonly bytes: number;
  readonly objects: number;
  /** From so many pushes on, a collection makes few of them. */
  readonly pushes: number;
}

export const SIZES: Sizes = {
  pack: 16 << 20,
  part: 256 << 20,
  bytes: 4 * 2 ** 30,
  objects: 200_000,
  pushes: 100,
};

/** Sorts objects into parcels, and parcels into pushes; directories' manifests come last. */
export function planPushes(objects: readonly Sending[], sizes: Sizes): readonly (readonly Parcel[])[] {
  return cutPushes(parcelsOf(objects, { bytes: sizes.pack, objects: sizes.objects / 4 }), sizes);
}

function cutPushes(parcels: readonly Parcel[], sizes: Sizes): Parcel[][] {
  const pushes: Parcel[][] = [];
  let [bytes, objects, layers] = [Number.POSITIVE_INFINITY, 0, 0];
  for (const parcel of parcels) {
    const more = parcel.large ? Math.ceil(parcel.size / partOf(parcel.size, sizes)) : 1;
    bytes += parcel.size;
    objects += parcel.objects.length;
    layers += more;
    if (bytes > sizes.bytes || objects > sizes.objects || layers > MOST_LAYERS) {
      pushes.push([]);
      [bytes, objects, layers] = [parcel.size, parcel.objects.length, more];
    }
    pushes.at(-1)?.push(parcel);
  }
  return pushes;
}

/** How large the layers of a large object are. */
function partOf(size: number, { part }: Sizes): number {
  return Math.max(part, Math.ceil(size / (MOST_LAYERS / 2)));
}

/**
 * A large object's layers. Each is told as soon as its digest is known, and may be sent while the next is
 * hashed; nothing has the object's name before all of it was held to that name.
 */
export async function packLarge(
  sending: Sending,
  sizes: Sizes,
  tell: (layer: Blob, from: number) => Promise<void>,
): Promise<Packed> {
  const { name, object } = sending;
  const part = partOf(object.size, sizes);
  const short = createHash("md5");
  const long = createHash("sha256");
  const layers: Blob[] = [];
  let own = createHash("sha256");
  let size = 0;
  const close = async (): Promise<void> => {
    const layer = { sha256: own.digest("hex") as Sha256, size };
    own = createHash("sha256");
    size = 0;
    await tell(
      layer,
      layers.reduce((sum, one) => sum + one.size, 0),
    );
    layers.push(layer);
  };
  for await (const chunk of object.bytes()) {
    short.update(chunk);
    long.update(chunk);
    for (let at = 0; at < chunk.length; ) {
      const due = chunk.subarray(at, at + part - size);
      own.update(due);
      size += due.length;
      at += due.length;
      if (size === part) await close();
    }
  }
  if (size > 0) await close();
  if (layers.reduce((sum, one) => sum + one.size, 0) !== object.size) throw changed(name);
  holdTo(name, short.digest("hex"));
  const sha256 = long.digest("hex") as Sha256;
  await sending.hashed?.(sha256);
  return { layers, entries: [{ name, sha256, size: object.size, layer: 0, offset: 0 }] };
}

/** A parcel's bytes as a layer; no bytes are none. */
export function layersOf(bytes: Uint8Array): readonly Blob[] {
  return bytes.length === 0 ? [] : [{ sha256: sha256Of(bytes), size: bytes.length }];
}

/** Several packed parcels as what one manifest says. */
export function joinPacked(packed: readonly Packed[]): Packed {
  const layers: Blob[] = [];
  const entries: IndexEntry[] = [];
  for (const one of packed) {
    for (const entry of one.entries)
      entries.push({ ...entry, layer: entry.size === 0 ? 0 : entry.layer + layers.length });
    layers.push(...one.layers);
  }
  return { layers, entries };
}
