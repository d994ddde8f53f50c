import { endsOf } from "./table.ts";
import type { Found, ReadLayer, Volume } from "./volume.ts";

/** Bytes of a volume between two places, counted as if its layers were one file. */
export async function* readSpan(
  read: ReadLayer,
  volume: Volume,
  from: number,
  to: number,
): AsyncIterable<Uint8Array> {
  const ends = endsOf(volume.layers);
  for (const [index, layer] of volume.layers.entries()) {
    const end = ends[index] as number;
    const start = end - layer.size;
    if (end <= from || start >= to) continue;
    yield* read(volume, layer, Math.max(0, from - start), Math.min(layer.size, to - start));
  }
}

/** Where an object begins, were its volume's layers one file. */
export function startOf({ volume, entry }: Found): number {
  const before = entry.layer === 0 ? 0 : (endsOf(volume.layers.slice(0, entry.layer)).at(-1) ?? 0);
  return before + entry.offset;
}

/** An object from one of its bytes on, as it comes. */
export function readObject(read: ReadLayer, found: Found, from = 0): AsyncIterable<Uint8Array> {
  const start = startOf(found);
  const end = start + found.entry.size;
  return readSpan(read, found.volume, Math.min(start + from, end), end);
}

/** Objects that lie close behind one another, to be read in one go. */
export interface Run {
  readonly volume: Volume;
  readonly from: number;
  readonly to: number;
  readonly objects: readonly (Found & { readonly start: number })[];
}

/** A gap that is read over rather than asked around: what a request costs, in bytes. */
const GAP = 256 << 10;
/** A run that is longer is cut, so that several can be read at once. */
const LONGEST_RUN = 16 << 20;

/** Cuts what is wanted into runs. */
export function runsOf(wanted: readonly Found[]): Run[] {
  const starts = new Map<Volume, number[]>();
  const startsOf = (volume: Volume): number[] => {
    let known = starts.get(volume);
    if (known === undefined) {
      known = [0, ...endsOf(volume.layers)];
      starts.set(volume, known);
    }
    return known;
  };
  const placed = wanted.map((found) => ({
    ...found,
    start: (startsOf(found.volume)[found.entry.layer] ?? 0) + found.entry.offset,
  }));
  placed.sort((a, b) =>
    a.volume === b.volume ? a.start - b.start : a.volume.digest < b.volume.digest ? -1 : 1,
  );
  const runs: { volume: Volume; from: number; to: number; objects: (typeof placed)[number][] }[] = [];
  for (const one of placed) {
    const end = one.start + one.entry.size;
    const last = runs.at(-1);
    const joins =
      last !== undefined &&
      last.volume === one.volume &&
      one.start <= last.to + GAP &&
      Math.max(end, last.to) - last.from <= LONGEST_RUN;
    if (joins) {
      last.to = Math.max(last.to, end);
      last.objects.push(one);
    } else runs.push({ volume: one.volume, from: one.start, to: end, objects: [one] });
  }
  return runs;
}
