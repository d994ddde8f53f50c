import { buffer } from "node:stream/consumers";
import { isDirectory, type ObjectName } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import type { Incoming } from "../../../ports/remote.ts";
import { readObject } from "../volumes/reading.ts";
import { receiveAll } from "../volumes/receive.ts";
import type { IndexEntry } from "../volumes/table.ts";
import { BlobGone, entriesOf, type Found, sha256Of } from "../volumes/volume.ts";
import { newPack, type Pack } from "./pack.ts";
import type { Packs } from "./packs.ts";
import type { PackSizes } from "./sending.ts";

/** How often packs are looked for anew that others have removed meanwhile. */
const ROUNDS = 3;

/**
 * Removes objects. A pack of which nothing is wanted any more is removed; what is wanted of the others is
 * packed anew first. Whoever is killed between leaves objects twice, never fewer.
 */
export async function removePacked(
  packs: Packs,
  names: readonly ObjectName[],
  sizes: PackSizes,
): Promise<void> {
  const unwanted = new Set(names);
  for (let round = 1; ; round++) {
    await packs.refresh();
    try {
      for (const group of groupsOf(packs.current(), unwanted, sizes)) await remake(packs, group, unwanted);
      return;
    } catch (error) {
      if (!(error instanceof BlobGone) || round === ROUNDS) throw error; // somebody else collects, too
    }
  }
}

/** Packs that are made anew as one. What lists directories goes first: whoever sees one relies on its files. */
function groupsOf(packs: readonly Pack[], unwanted: ReadonlySet<ObjectName>, sizes: PackSizes): Pack[][] {
  const small = packs.filter(({ body }) => body < sizes.bytes / 4);
  const joined = new Set(small.length > sizes.small ? small : []);
  const ranks = new Map<Pack, number>();
  for (const pack of packs) {
    let rank: number | undefined;
    for (const { name } of entriesOf(pack)) {
      if (unwanted.has(name)) rank = isDirectory(name) ? 0 : (rank ?? 1);
    }
    if (rank !== undefined || joined.has(pack)) ranks.set(pack, rank ?? 2);
  }
  const groups: { readonly packs: Pack[]; readonly rank: number; bytes: number; objects: number }[] = [];
  for (const [pack, rank] of [...ranks].sort(([, a], [, b]) => a - b)) {
    const kept = keptOf(pack, unwanted);
    const bytes = kept.reduce((sum, { size }) => sum + size, 0);
    const last = groups.at(-1);
    const fits =
      last !== undefined &&
      (last.rank === 0) === (rank === 0) &&
      last.bytes + bytes <= sizes.bytes &&
      last.objects + kept.length <= sizes.objects;
    if (fits) {
      last.packs.push(pack);
      last.bytes += bytes;
      last.objects += kept.length;
    } else groups.push({ packs: [pack], rank, bytes, objects: kept.length });
  }
  const changes = ({ packs: [only, another], rank }: (typeof groups)[number]): boolean =>
    rank < 2 || (only !== undefined && another !== undefined);
  return groups.filter(changes).map((group) => group.packs);
}

const keptOf = (pack: Pack, unwanted: ReadonlySet<ObjectName>): IndexEntry[] =>
  [...entriesOf(pack)].filter(({ name }) => !unwanted.has(name));

/** Makes one pack of several without what is unwanted, and removes them. */
async function remake(
  packs: Packs,
  group: readonly Pack[],
  unwanted: ReadonlySet<ObjectName>,
): Promise<void> {
  const bytesOf = new Map<ObjectName, Uint8Array>();
  const entries: IndexEntry[] = [];
  let end = 0;
  for (const volume of group) {
    const kept = keptOf(volume, unwanted).filter(({ name }) => !bytesOf.has(name));
    const wanted = kept.map((entry) => ({ volume, entry }));
    await receiveAll(packs.readLayer, wanted, async (found, incoming) => {
      bytesOf.set(found.entry.name, await asTheyAre(packs, found, incoming));
    });
    for (const entry of kept) {
      entries.push({ ...entry, offset: end });
      end += entry.size;
    }
  }
  let remaining: Pack | undefined;
  if (entries.length > 0) {
    // Not younger than what is in it: being made anew keeps nothing from being collected.
    const time = new Date(Math.max(...group.map((pack) => pack.time.getTime())));
    const bytes = Buffer.concat(entries.map(({ name }) => bytesOf.get(name) ?? new Uint8Array()));
    const made = newPack(entries, bytes, time);
    remaining = group.find(({ digest }) => digest === made.pack.digest);
    if (remaining === undefined) await packs.write(made);
  }
  await packs.remove(group.filter((pack) => pack !== remaining));
}

/** An object's bytes: read twice where they are not those of its name, and moved although they are not. */
async function asTheyAre(packs: Packs, found: Found, incoming: Incoming): Promise<Uint8Array> {
  const first = await buffer(incoming());
  if (sha256Of(first) === found.entry.sha256) return first;
  const again = await buffer(readObject(packs.readLayer, found));
  if (again.length === found.entry.size) return again;
  throw new UserError(
    `${(found.volume as Pack).key} ends before its index says so; remove it, and push again`,
  );
}
