import { buffer } from "node:stream/consumers";
import type { ObjectName, Sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { inLanes } from "../lanes.ts";
import { again } from "../retrying.ts";
import { type Blob, parsePush, parseTag, sha256Of } from "./manifest.ts";
import { BlobGone, type Registry } from "./registry.ts";
import type { Shelf } from "./shelf.ts";
import { countOf, entryAt, type IndexEntry, parseIndex, type Table, tableOf } from "./table.ts";

/** One manifest and its index. */
export interface Push {
  readonly digest: Sha256;
  readonly tag: string;
  readonly time: Date;
  readonly layers: readonly Blob[];
  readonly index: Blob;
  /** Its entries, as `entryAt` reads them. */
  readonly records: Buffer;
}

/** An object and the push that has it. */
export interface Found {
  readonly push: Push;
  readonly entry: IndexEntry;
}

/** All that a repository holds, as far as it was asked. */
export interface Pushes {
  /** Asks for the tags, and for what is new behind them; several who ask at once ask together. */
  refresh(): Promise<void>;
  /** Asks for the tags where nobody has yet. */
  known(): Promise<void>;
  /** @param but a push that does not count */
  find(name: ObjectName, but?: Push): Found | undefined;
  all(): Iterable<Found>;
  current(): readonly Push[];
  /** Counts one in that this process has just made. */
  made(push: Push, manifest: Uint8Array, index: Uint8Array): void;
  /** Leaves one out that this process has just deleted. */
  gone(push: Push): void;
}

const LANES = 8;
/** What all indexes together may take in memory. */
const LARGEST_TOTAL = 1 << 30;

export function pushesOf(registry: Registry, shelf: Shelf): Pushes {
  let pushes = new Map<Sha256, Push | undefined>(); // undefined: a tag of ours on something else
  let table: { readonly table: Table; readonly list: readonly Push[] } | undefined;
  let asked = false;
  let asking: Promise<void> | undefined;
  // What this process has made and deleted: a list of tags may be older than that.
  const own = new Map<Sha256, Push | "gone">();

  const there = (): { readonly table: Table; readonly list: readonly Push[] } => {
    if (table === undefined) {
      // The newest first: of several copies of an object its is the one least likely to be collected.
      const list = [...pushes.values()].filter((one) => one !== undefined);
      list.sort((a, b) => b.time.getTime() - a.time.getTime() || (a.digest < b.digest ? -1 : 1));
      table = { table: tableOf(list.map(({ records }) => records)), list };
    }
    return table;
  };

  const look = async (): Promise<void> => {
    const tags = new Map<Sha256, { readonly tag: string; readonly time: Date }>();
    for await (const tag of registry.tags()) {
      const said = parseTag(tag);
      if (said !== undefined) tags.set(said.digest, { tag, time: said.time });
    }
    const found = new Map<Sha256, Push | undefined>();
    const missing: Sha256[] = [];
    for (const digest of tags.keys()) {
      if (pushes.has(digest)) found.set(digest, pushes.get(digest));
      else missing.push(digest);
    }
    let bytes = [...found.values()].reduce((sum, push) => sum + (push?.records.length ?? 0), 0);
    await inLanes(LANES, missing, async (digest) => {
      const { tag, time } = tags.get(digest) as { tag: string; time: Date };
      const push = await load(digest, tag, time);
      bytes += push?.records.length ?? 0;
      if (bytes > LARGEST_TOTAL) {
        throw new UserError(
          `the indexes of ${registry.address.url} hold more than ${LARGEST_TOTAL} bytes; use another remote for so many objects`,
        );
      }
      found.set(digest, push);
    });
    for (const [digest, push] of own) {
      if (push === "gone") found.delete(digest);
      else if (found.has(digest)) continue;
      else if (await isStill(digest)) found.set(digest, push);
      else own.delete(digest); // somebody has collected it
    }
    pushes = found;
    table = undefined;
    asked = true;
    const wanted = [...found.values()].flatMap((push) =>
      push === undefined ? [] : [push.digest, push.index.sha256],
    );
    shelf.keep(new Set(wanted));
  };

  const isStill = async (digest: Sha256): Promise<boolean> => (await registry.manifest(digest)) !== undefined;

  /** A push, from the shelf or the registry; undefined where it was deleted meanwhile, or is another's. */
  const load = async (digest: Sha256, tag: string, time: Date): Promise<Push | undefined> => {
    const kept = shelf.get(digest);
    const bytes = kept ?? (await registry.manifest(digest));
    if (bytes === undefined) return undefined;
    const where = `${registry.address.url}:${tag}`;
    const manifest = parsePush(bytes, where);
    if (manifest === undefined) return undefined;
    const { index, layers } = manifest;
    const text = manifest.inline ?? shelf.get(index.sha256) ?? (await indexOf(index));
    if (text === undefined) return undefined;
    const records = parseIndex(text, layers, where);
    if (kept === undefined) {
      if (manifest.inline === undefined) shelf.put(index.sha256, text);
      shelf.put(digest, bytes);
    }
    return { digest, tag, time, layers, index, records };
  };

  const indexOf = async (index: Blob): Promise<Buffer | undefined> => {
    try {
      const text = await again(() => buffer(registry.readBlob(index.sha256, 0, index.size)));
      if (sha256Of(text) === index.sha256) return text;
    } catch (error) {
      if (error instanceof BlobGone) return undefined;
      throw error;
    }
    throw new UserError(`${registry.address.url} answers with another index than sha256:${index.sha256}`);
  };

  const refresh = (): Promise<void> => {
    asking ??= look().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    refresh,
    known: async () => {
      if (!asked) await refresh();
    },

    find(name, but) {
      const { table, list } = there();
      const at = table.find(name, but === undefined ? undefined : list.indexOf(but));
      const push = at === undefined ? undefined : list[at.list];
      return at === undefined || push === undefined
        ? undefined
        : { push, entry: entryAt(push.records, at.record) };
    },

    *all() {
      const { table, list } = there();
      for (const at of table.all()) {
        const push = list[at.list];
        if (push !== undefined) yield { push, entry: entryAt(push.records, at.record) };
      }
    },

    current: () => there().list,

    made(push, manifest, index) {
      pushes.set(push.digest, push);
      own.set(push.digest, push);
      table = undefined;
      shelf.put(push.digest, manifest);
      shelf.put(push.index.sha256, index);
    },

    gone({ digest }) {
      pushes.delete(digest);
      own.set(digest, "gone");
      table = undefined;
    },
  };
}

/** The entries of a push. */
export function* entriesOf({ records }: Push): Iterable<IndexEntry> {
  for (let record = 0; record < countOf(records); record++) yield entryAt(records, record);
}
