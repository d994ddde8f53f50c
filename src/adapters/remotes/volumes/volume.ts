import { createHash } from "node:crypto";
import type { Sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { countOf, entryAt, type IndexEntry } from "./table.ts";

/*
 * Small objects travel together: many lie one behind the other in something that is written once and has an
 * index. In a registry that is a push, in a bucket a pack; here both are a volume.
 */

/** Bytes under their sha256. */
export interface Blob {
  readonly sha256: Sha256;
  readonly size: number;
}

/** Many objects and their index. It never changes. */
export interface Volume {
  /** Names it, and vouches for its index. */
  readonly digest: Sha256;
  readonly time: Date;
  /** Blobs that hold objects one behind the other; an object that is too large goes on in the next. */
  readonly layers: readonly Blob[];
  /** Its entries, as `entryAt` reads them. */
  readonly records: Buffer;
}

/** An object and the volume that has it. */
export interface Found<V extends Volume = Volume> {
  readonly volume: V;
  readonly entry: IndexEntry;
}

/** Bytes of a layer, from one to before another. @throws {BlobGone} where there is no such layer */
export type ReadLayer = (volume: Volume, layer: Blob, from: number, to: number) => AsyncIterable<Uint8Array>;

/** A blob is not there; whoever looked it up looks again. */
export class BlobGone extends UserError {}

/** The sha256 of bytes. */
export function sha256Of(bytes: Uint8Array): Sha256 {
  return createHash("sha256").update(bytes).digest("hex") as Sha256;
}

/** The entries of a volume. */
export function* entriesOf({ records }: Volume): Iterable<IndexEntry> {
  for (let record = 0; record < countOf(records); record++) yield entryAt(records, record);
}
