import type { ObjectName, Sha256 } from "../../../core/artifacts/digest.ts";
import { UserError } from "../../../errors.ts";
import { inLanes } from "../lanes.ts";
import { entryAt, type Table, tableOf } from "./table.ts";
import type { Found, Volume } from "./volume.ts";

/** What a listing alone says of a volume. */
export interface Label {
  readonly digest: Sha256;
}

/** Where volumes are. */
export interface Source<V extends Volume, L extends Label> {
  /** For messages. */
  readonly url: string;
  /** All that are there. */
  labels(): AsyncIterable<L>;
  /** Reads what a volume says; undefined where it is gone by now, or is none. */
  load(label: L): Promise<V | undefined>;
  /** Whether one that this process has made is there still, although a listing has left it out. */
  isStill(volume: V): Promise<boolean>;
  /** Told of all that are there, as soon as all are known. */
  known?(volumes: readonly V[]): void;
}

/** All that a place holds, as far as it was asked. */
export interface Catalogue<V extends Volume> {
  /** Asks what is there, and for what is new of it; several who ask at once ask together. */
  refresh(): Promise<void>;
  /** Asks where nobody has yet. */
  known(): Promise<void>;
  /** @param but a volume that does not count */
  find(name: ObjectName, but?: V): Found<V> | undefined;
  /** Every object once. */
  all(): Iterable<Found<V>>;
  current(): readonly V[];
  /** Counts one in that this process has just made. */
  made(volume: V): void;
  /** Leaves one out that this process has just deleted. */
  gone(volume: V): void;
}

const LANES = 8;
/** What all indexes together may take in memory. */
const LARGEST_TOTAL = 1 << 30;

export function catalogueOf<V extends Volume, L extends Label>(source: Source<V, L>): Catalogue<V> {
  let volumes = new Map<Sha256, V | undefined>(); // undefined: looked at, and none
  let table: { readonly table: Table; readonly list: readonly V[] } | undefined;
  let asked = false;
  let asking: Promise<void> | undefined;
  // What this process has made and deleted: a listing may be older than that.
  const own = new Map<Sha256, V | "gone">();

  const there = (): { readonly table: Table; readonly list: readonly V[] } => {
    if (table === undefined) {
      // The newest first: of several copies of an object its is the one least likely to be collected.
      const list = [...volumes.values()].filter((one) => one !== undefined);
      list.sort((a, b) => b.time.getTime() - a.time.getTime() || (a.digest < b.digest ? -1 : 1));
      table = { table: tableOf(list.map(({ records }) => records)), list };
    }
    return table;
  };

  const look = async (): Promise<void> => {
    const labels = new Map<Sha256, L>();
    for await (const label of source.labels()) labels.set(label.digest, label);
    const found = new Map<Sha256, V | undefined>();
    const missing: L[] = [];
    for (const [digest, label] of labels) {
      if (volumes.has(digest)) found.set(digest, volumes.get(digest));
      else missing.push(label);
    }
    let bytes = [...found.values()].reduce((sum, one) => sum + (one?.records.length ?? 0), 0);
    await inLanes(LANES, missing, async (label) => {
      const volume = await source.load(label);
      bytes += volume?.records.length ?? 0;
      if (bytes > LARGEST_TOTAL) {
        throw new UserError(
          `the indexes of ${source.url} hold more than ${LARGEST_TOTAL} bytes; use another remote for so many objects`,
        );
      }
      found.set(label.digest, volume);
    });
    for (const [digest, volume] of own) {
      if (volume === "gone") found.delete(digest);
      else if (found.has(digest)) continue;
      else if (await source.isStill(volume)) found.set(digest, volume);
      else own.delete(digest); // somebody has collected it
    }
    volumes = found;
    table = undefined;
    asked = true;
    source.known?.(there().list);
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
      const volume = at === undefined ? undefined : list[at.list];
      return at === undefined || volume === undefined
        ? undefined
        : { volume, entry: entryAt(volume.records, at.record) };
    },

    *all() {
      const { table, list } = there();
      for (const at of table.all()) {
        const volume = list[at.list];
        if (volume !== undefined) yield { volume, entry: entryAt(volume.records, at.record) };
      }
    },

    current: () => there().list,

    made(volume) {
      volumes.set(volume.digest, volume);
      own.set(volume.digest, volume);
      table = undefined;
    },

    gone({ digest }) {
      volumes.delete(digest);
      own.set(digest, "gone");
      table = undefined;
    },
  };
}
