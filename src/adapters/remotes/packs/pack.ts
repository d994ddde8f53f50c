import { type Sha256, sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import type { Outgoing } from "../../../ports/bucket.ts";
import type { Label } from "../volumes/catalogue.ts";
import { parseStamp, printStamp } from "../volumes/stamp.ts";
import { type IndexEntry, parseIndex, printIndex } from "../volumes/table.ts";
import { entriesOf, sha256Of, type Volume } from "../volumes/volume.ts";

/*
 * A pack is one key of a bucket: an index, which is text, and behind it the objects, one after the other.
 *
 *     trainyard/packs/20261121T172549Z-2140-SHA256
 *
 * says when it was made, how long its index is, and the sha256 of the index, which says the sha256 of each
 * object: so the name vouches for every byte. It is written once, and is there as a whole or not at all.
 */

/** Where packs lie: outside of what DVC lists and collects. */
export const PACKS = "trainyard/packs/";
/** An index of 20,000 objects is a sixth of it. */
const LONGEST_INDEX = 16 << 20;

/** What a listing says of a pack. */
export interface PackLabel extends Label {
  readonly key: string;
  readonly time: Date;
  /** How long the index is. */
  readonly head: number;
  /** How long what is behind it is. */
  readonly body: number;
}

export type Pack = Volume & PackLabel;

/**
 * What the name and length of a key say, or undefined where it is no pack.
 *
 * @example labelOf("trainyard/packs/README", 12) // => undefined
 */
export function labelOf(key: string, size: number): PackLabel | undefined {
  if (!key.startsWith(PACKS)) return undefined;
  const [, stamp = "", length = "", digits = ""] =
    /^([0-9TZ]{16})-([1-9]\d{0,8})-([0-9a-f]{64})$/.exec(key.slice(PACKS.length)) ?? [];
  const [time, head, digest] = [parseStamp(stamp), Number(length), sha256(digits)];
  if (time === undefined || digest === undefined || head > LONGEST_INDEX || head > size) return undefined;
  return { key, time, digest, head, body: size - head };
}

/**
 * A pack, of its label and its index. What is no pack is none, whatever it calls itself: with another index
 * than its name says, cut short, or with objects that lie elsewhere than one behind the other.
 */
export function packOf(label: PackLabel, index: Buffer): Pack | undefined {
  const { digest, body, key } = label;
  if (index.length !== label.head || sha256Of(index) !== digest) return undefined;
  const layers = [{ sha256: digest, size: body }];
  try {
    const pack = { ...label, layers, records: parseIndex(index, layers, key) };
    let end = 0;
    for (const { layer, offset, size } of entriesOf(pack)) {
      if (layer !== 0 || offset !== end) return undefined;
      end += size;
    }
    return end === body ? pack : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** A pack that is not written yet. */
export interface NewPack {
  readonly pack: Pack;
  readonly index: Buffer;
  readonly outgoing: Outgoing;
}

/** Objects as a pack: what it is, and the bytes to be written under its key. */
export function newPack(entries: readonly IndexEntry[], bytes: Uint8Array, time: Date): NewPack {
  const index = printIndex(entries);
  const digest: Sha256 = sha256Of(index);
  const key = `${PACKS}${printStamp(time)}-${index.length}-${digest}`;
  const label = { key, time, digest, head: index.length, body: bytes.length };
  const pack = packOf(label, index);
  if (pack === undefined) throw new Error(`${key} would be no pack`);
  return { pack, index, outgoing: inOneGo(index, bytes) };
}

/** Index and bytes behind it, as something to send. */
function inOneGo(index: Uint8Array, bytes: Uint8Array): Outgoing {
  const size = index.length + bytes.length;
  return {
    size,
    async *bytes(from = 0, to = size) {
      const { length } = index;
      if (from < length) yield index.subarray(from, Math.min(to, length));
      if (to > length) yield bytes.subarray(Math.max(0, from - length), to - length);
    },
  };
}
