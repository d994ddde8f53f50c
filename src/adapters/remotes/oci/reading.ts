import { Unreachable } from "../../../ports/bucket.ts";
import { pause, TRIES } from "../retrying.ts";
import type { Blob } from "./manifest.ts";
import type { Found, Push } from "./pushes.ts";
import type { Registry } from "./registry.ts";
import { endsOf } from "./table.ts";

/** So many bytes are some way: patience begins anew. */
const SOME_WAY = 64 << 10;

/** Bytes of a push between two places, counted as if its layers were one file. */
export async function* readSpan(
  registry: Registry,
  { layers }: Pick<Push, "layers">,
  from: number,
  to: number,
): AsyncIterable<Uint8Array> {
  const ends = endsOf(layers);
  for (const [index, layer] of layers.entries()) {
    const end = ends[index] as number;
    const start = end - layer.size;
    if (end <= from || start >= to) continue;
    yield* patiently(registry, layer, Math.max(0, from - start), Math.min(layer.size, to - start));
  }
}

/** Goes on where a connection broke off. */
async function* patiently(
  registry: Registry,
  { sha256 }: Blob,
  from: number,
  to: number,
): AsyncIterable<Uint8Array> {
  let at = from;
  let since = from;
  for (let tries = 1; ; ) {
    try {
      for await (const chunk of registry.readBlob(sha256, at, to)) {
        at += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      if (!(error instanceof Unreachable) || tries >= TRIES) throw error;
      await pause(tries, error);
      tries = at - since >= SOME_WAY ? 1 : tries + 1;
      since = at;
    }
  }
}

/** Where an object begins, were its push's layers one file. */
export function startOf({ push, entry }: Found): number {
  const before = entry.layer === 0 ? 0 : (endsOf(push.layers.slice(0, entry.layer)).at(-1) ?? 0);
  return before + entry.offset;
}

/** An object from one of its bytes on, as the registry gives it. */
export function readObject(registry: Registry, found: Found, from = 0): AsyncIterable<Uint8Array> {
  const start = startOf(found);
  const end = start + found.entry.size;
  return readSpan(registry, found.push, Math.min(start + from, end), end);
}

/** Objects that lie close behind one another, to be read in one go. */
export interface Run {
  readonly push: Push;
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
  const starts = new Map<Push, number[]>();
  const startsOf = (push: Push): number[] => {
    let known = starts.get(push);
    if (known === undefined) {
      known = [0, ...endsOf(push.layers)];
      starts.set(push, known);
    }
    return known;
  };
  const placed = wanted.map((found) => ({
    ...found,
    start: (startsOf(found.push)[found.entry.layer] ?? 0) + found.entry.offset,
  }));
  placed.sort((a, b) => (a.push === b.push ? a.start - b.start : a.push.digest < b.push.digest ? -1 : 1));
  const runs: { push: Push; from: number; to: number; objects: (typeof placed)[number][] }[] = [];
  for (const one of placed) {
    const end = one.start + one.entry.size;
    const last = runs.at(-1);
    const joins =
      last !== undefined &&
      last.push === one.push &&
      one.start <= last.to + GAP &&
      Math.max(end, last.to) - last.from <= LONGEST_RUN;
    if (joins) {
      last.to = Math.max(last.to, end);
      last.objects.push(one);
    } else runs.push({ push: one.push, from: one.start, to: end, objects: [one] });
  }
  return runs;
}
