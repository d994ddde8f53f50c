import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDirectory, isLegacy, type ObjectName } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { ObjectDamaged, type Sending } from "../../../ports/remote.ts";
import type { IndexEntry } from "./table.ts";
import { type Blob, sha256Of } from "./volume.ts";

/** Objects that become one or more layers: many small ones, or a large one. */
export interface Parcel {
  readonly objects: readonly Sending[];
  readonly size: number;
  /** Whether it is one object that is not held in memory. */
  readonly large: boolean;
}

/** Layers and what is in them; layers are counted from the first of these. */
export interface Packed {
  readonly layers: readonly Blob[];
  readonly entries: readonly IndexEntry[];
}

/** Sorts objects into parcels; directories' manifests come last. An object of half a parcel has one to itself. */
export function parcelsOf(
  objects: readonly Sending[],
  most: { readonly bytes: number; readonly objects: number },
): Parcel[] {
  const parcels: Parcel[] = [];
  for (const group of [
    objects.filter((one) => !isDirectory(one.name)),
    objects.filter((one) => isDirectory(one.name)),
  ]) {
    let open: Sending[] = [];
    let size = 0;
    const close = (): void => {
      if (open.length > 0) parcels.push({ objects: open, size, large: false });
      [open, size] = [[], 0];
    };
    for (const sending of group) {
      const bytes = sending.object.size;
      if (bytes >= most.bytes / 2) parcels.push({ objects: [sending], size: bytes, large: true });
      else {
        if (size + bytes > most.bytes || open.length >= most.objects) close();
        open.push(sending);
        size += bytes;
      }
    }
    close();
  }
  return parcels;
}

/** Many small objects one behind the other, as a single layer, held to their names. */
export async function packSmall({
  objects,
  size,
}: Pick<Parcel, "objects" | "size">): Promise<Omit<Packed, "layers"> & { readonly bytes: Buffer }> {
  const bytes = Buffer.allocUnsafe(size);
  const entries: IndexEntry[] = [];
  let at = 0;
  for (const sending of objects) {
    const { name, object } = sending;
    const offset = at;
    const end = at + object.size;
    const whole = object.path === undefined ? undefined : readWhole(object.path);
    for await (const chunk of whole ?? object.bytes()) {
      if (at + chunk.length > end) throw changed(name);
      bytes.set(chunk, at);
      at += chunk.length;
    }
    if (whole !== undefined) await object.settled?.();
    if (at !== end) throw changed(name);
    const own = bytes.subarray(offset, end);
    holdTo(name, createHash("md5").update(own).digest("hex"));
    const sha256 = sha256Of(own);
    await sending.hashed?.(sha256);
    entries.push({ name, sha256, size: object.size, layer: 0, offset });
  }
  return { bytes, entries };
}

/** A small file in one go: a stream takes ten times as long. Where it cannot be read, the stream says why. */
function readWhole(path: string): readonly Uint8Array[] | undefined {
  try {
    return [readFileSync(path)];
  } catch {
    return undefined;
  }
}

/** @throws {ObjectDamaged} where the md5 of bytes is not their name */
export function holdTo(name: ObjectName, found: string): void {
  if (!isLegacy(name) && found !== name.slice(0, 32))
    throw new ObjectDamaged(name, found, "what was to be sent");
}

export function changed(name: ObjectName): UserError {
  return new UserError(`${name} changed its size while it was sent; run \`trainyard push\` again`);
}
