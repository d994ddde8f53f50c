import { randomInt } from "node:crypto";
import {
  digitsOf,
  isDirectory,
  isLegacy,
  legacyMd5,
  md5,
  type ObjectName,
  type Sha256,
  sha256,
} from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import type { Blob } from "./volume.ts";

/*
 * An index is text, one object a line, so that anybody can get their objects back without us:
 *
 *     trainyard-objects 1
 *     NAME SHA256 SIZE LAYER OFFSET
 *
 * In memory an entry takes 65 bytes, and finding one costs one look: a remote of a million objects is
 * 65 MB and not a gigabyte.
 */

/** Where one object of a push lies. */
export interface IndexEntry {
  readonly name: ObjectName;
  readonly sha256: Sha256;
  readonly size: number;
  /** Counted from the first layer of objects; a large object goes on in the layers behind it. */
  readonly layer: number;
  readonly offset: number;
}

const HEAD = "trainyard-objects 1";
const RECORD = 65; // md5 16, kind 1, sha256 32, size 6, layer 4, offset 6
const LARGEST = 2 ** 48 - 1;
/** Characters of the shortest line there is: two digests, three numbers, and what parts them. */
const SHORTEST = 32 + 64 + 3 + 5;

export function printIndex(entries: readonly IndexEntry[]): Buffer {
  const lines = entries.map((one) => `${one.name} ${one.sha256} ${one.size} ${one.layer} ${one.offset}`);
  return Buffer.from(`${[HEAD, ...lines].join("\n")}\n`);
}

/**
 * An index as records, held to the layers that it speaks of.
 *
 * @throws {UserError} where it is none
 */
export function parseIndex(text: Buffer, layers: readonly Blob[], where: string): Buffer {
  const wrong = (line: number, what: string): UserError =>
    new UserError(`line ${line} of the index of ${where} ${what}; delete that push`);
  let lines = 0;
  for (const byte of text) if (byte === 10) lines++;
  if (lines * SHORTEST > text.length + SHORTEST) throw wrong(lines, "is none");
  const records = Buffer.alloc(Math.max(0, lines - 1) * RECORD);
  const ends = endsOf(layers);
  let at = 0;
  let record = 0;
  for (let line = 1; at < text.length; line++) {
    const end = text.indexOf(10, at);
    if (end < 0 || end - at > 300) throw wrong(line, "does not end");
    const words = text.toString("latin1", at, end);
    at = end + 1;
    if (line === 1) {
      if (words !== HEAD) throw wrong(line, `is not "${HEAD}"`);
      continue;
    }
    const entry = entryOf(words);
    if (entry === undefined) throw wrong(line, "is none");
    const start = (entry.layer === 0 ? 0 : (ends[entry.layer - 1] ?? Number.NaN)) + entry.offset;
    if (entry.size > 0 && !(start + entry.size <= (ends.at(-1) ?? 0))) {
      throw wrong(line, "names bytes that no layer has");
    }
    write(records, record++, entry);
  }
  if (record * RECORD !== records.length) throw wrong(1, "is missing");
  return records;
}

/** Where each layer ends, were they one file. */
export function endsOf(layers: readonly Blob[]): number[] {
  let end = 0;
  return layers.map(({ size }) => (end += size));
}

function entryOf(line: string): IndexEntry | undefined {
  const [name = "", long = "", ...numbers] = line.split(" ");
  const found = isLegacy(name) ? legacyMd5(digitsOf(name)) : md5(name);
  const vouched = sha256(long);
  if (found !== name || vouched === undefined || numbers.length !== 3) return undefined;
  if (!numbers.every((one) => /^(0|[1-9]\d{0,15})$/.test(one))) return undefined;
  const [size = 0, layer = 0, offset = 0] = numbers.map(Number);
  if (size > LARGEST || offset > LARGEST || layer > 0xffff_ffff) return undefined;
  return { name: found, sha256: vouched, size, layer, offset };
}

function kindOf(name: ObjectName): number {
  return (isDirectory(name) ? 1 : 0) + (isLegacy(name) ? 2 : 0);
}

function write(records: Buffer, record: number, { name, sha256, size, layer, offset }: IndexEntry): void {
  const at = record * RECORD;
  records.write(digitsOf(name).slice(0, 32), at, "hex");
  records[at + 16] = kindOf(name);
  records.write(sha256, at + 17, "hex");
  records.writeUIntBE(size, at + 49, 6);
  records.writeUInt32BE(layer, at + 55);
  records.writeUIntBE(offset, at + 59, 6);
}

/** The entry at a place of the records. */
export function entryAt(records: Buffer, record: number): IndexEntry {
  const at = record * RECORD;
  const kind = records[at + 16] ?? 0;
  const digits = `${records.toString("hex", at, at + 16)}${(kind & 1) === 1 ? ".dir" : ""}`;
  const name = (kind & 2) === 2 ? legacyMd5(digits) : md5(digits);
  return {
    name: name as ObjectName,
    sha256: records.toString("hex", at + 17, at + 49) as Sha256,
    size: records.readUIntBE(at + 49, 6),
    layer: records.readUInt32BE(at + 55),
    offset: records.readUIntBE(at + 59, 6),
  };
}

/** How many entries there are. */
export function countOf(records: Buffer): number {
  return records.length / RECORD;
}

/** All entries of all pushes, to be found by name. */
export interface Table {
  /** The first that was found, as a place in one of the lists; one of which may not count. */
  find(name: ObjectName, but?: number): { readonly list: number; readonly record: number } | undefined;
  /** Every name once. */
  all(): Iterable<{ readonly list: number; readonly record: number }>;
}

/** Lays many lists of records out as one table; of equal names the first in the earliest list counts. */
export function tableOf(lists: readonly Buffer[]): Table {
  const total = lists.reduce((sum, list) => sum + countOf(list), 0);
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(total * 2 + 2))).fill(-1);
  // Names can be chosen; where they are put cannot be foretold.
  const [seed, odd] = [randomInt(2 ** 32), randomInt(2 ** 31) * 2 + 1];
  const starts: number[] = [];
  let filled = 0;
  for (const list of lists) {
    starts.push(filled);
    for (let record = 0; record < countOf(list); record++) put(list, record, filled + record);
    filled += countOf(list);
  }

  function put(list: Buffer, record: number, ordinal: number): void {
    const key = list.subarray(record * RECORD, record * RECORD + 17);
    for (let slot = first(key); ; slot = (slot + 1) & (slots.length - 1)) {
      const there = slots[slot] as number;
      if (there < 0) {
        slots[slot] = ordinal;
        return;
      }
    }
  }

  function first(key: Buffer): number {
    const mixed =
      Math.imul(key.readUInt32BE(0) ^ seed, odd) ^ Math.imul(key.readUInt32BE(12) + (key[16] ?? 0), odd);
    return (mixed ^ (mixed >>> 15)) & (slots.length - 1);
  }

  function placeOf(ordinal: number): { list: number; record: number } {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= ordinal) low = middle;
      else high = middle - 1;
    }
    return { list: low, record: ordinal - (starts[low] as number) };
  }

  function equal(ordinal: number, key: Buffer): boolean {
    const { list, record } = placeOf(ordinal);
    return (lists[list] as Buffer).compare(key, 0, 17, record * RECORD, record * RECORD + 17) === 0;
  }

  return {
    find(name, but) {
      const key = Buffer.alloc(17);
      key.write(digitsOf(name).slice(0, 32), "hex");
      key[16] = kindOf(name);
      for (let slot = first(key); ; slot = (slot + 1) & (slots.length - 1)) {
        const there = slots[slot] as number;
        if (there < 0) return undefined;
        if (!equal(there, key)) continue;
        const place = placeOf(there);
        if (place.list !== but) return place;
      }
    },
    *all() {
      for (const [list, records] of lists.entries()) {
        for (let record = 0; record < countOf(records); record++) {
          const place = this.find(entryAt(records, record).name);
          if (place?.list === list && place.record === record) yield place;
        }
      }
    },
  };
}
