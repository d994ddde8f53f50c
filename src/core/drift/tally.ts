import type { CountedColumn } from "./decide.ts";
import { type Histogram, histogramOf, onlyNew } from "./histogram.ts";
import { type LogRow, readLogRow } from "./log-row.ts";
import { momentOf } from "./moment.ts";
import { columnOf, type Reference, type ReferenceColumn } from "./reference.ts";
import { type SeenIds, seenIds } from "./seen-ids.ts";
import { comesRound } from "./time-parts.ts";

/** Which rows of a log are compared. */
export interface TallyOptions {
  readonly reference: Reference;
  readonly model: string;
  readonly environment: string;
  /** Of the model that is served; undefined where rows of any version count. */
  readonly sha256: string | undefined;
  /** Milliseconds since 1970: rows from before are left out. */
  readonly from: number;
  /** Rows from long after are left out. */
  readonly now: number;
  /** Ids that are known at once. */
  readonly most?: number;
}

/** Rows that were left out, by why. */
export interface LeftOut {
  /** Lines that are no prediction. */
  broken: number;
  /** Of other models or environments. */
  others: number;
  /** From before the window. */
  earlier: number;
  future: number;
  /** Of other versions of the model. */
  versions: number;
}

/** What a log holds. */
export interface Tallied {
  /** Different predictions that were counted. */
  readonly rows: number;
  /** One in so many was counted, by its id. */
  readonly oneIn: number;
  readonly repeated: number;
  /** Times of the first and the last row of those; undefined where there is none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly leftOut: Readonly<LeftOut>;
  readonly columns: readonly CountedColumn[];
  /** Columns of the reference that not one row brings. */
  readonly absent: readonly string[];
  /** Columns that the reference does not know; a few of them. */
  readonly unknown: readonly string[];
  /** Columns that must never be logged, and are. */
  readonly personal: readonly string[];
}

/** Counts the lines of a prediction log, in memory that does not grow with it. */
export interface Tally {
  add(line: string): void;
  /** For a line that was too long to be read. */
  addBroken(): void;
  tallied(): Tallied;
}

/** Clocks of two machines differ by less. */
const SKEW = 5 * 60_000;
/** Other columns that are named. */
const NAMED = 20;
/** Days that are told apart: all that a part of a time may ask for. */
const MOST_DAYS = 400;
const DAY = 86_400_000;

/** Begins to count a log for a model. */
export function openTally(options: TallyOptions): Tally {
  const { reference, model, environment, sha256, from, now, most } = options;
  const known = reference.columns.map(openColumn);
  const names = new Set(known.map(({ input }) => input));
  const never = new Set(reference.personal);
  const [unknown, personal] = [new Set<string>(), new Set<string>()];
  const leftOut: LeftOut = { broken: 0, others: 0, earlier: 0, future: 0, versions: 0 };
  const ids = seenIds(most);
  const rows: number[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  const reasonAgainst = (row: LogRow): keyof LeftOut | undefined => {
    if (row.model !== model || row.environment !== environment) return "others";
    if (row.at > now + SKEW) return "future";
    if (row.at < from) return "earlier";
    return sha256 === undefined || row.sha256 === sha256 ? undefined : "versions";
  };

  return {
    add(line) {
      const row = readLogRow(line);
      const reason = row === undefined ? "broken" : reasonAgainst(row);
      if (row === undefined || reason !== undefined) {
        leftOut[reason ?? "broken"]++;
        return;
      }
      const level = ids.add(row.id);
      if (level === undefined) return;
      rows[level] = (rows[level] ?? 0) + 1;
      first = Math.min(first, row.at);
      last = Math.max(last, row.at);
      for (const column of known) column.add(row.inputs, level);
      for (const name of Object.keys(row.inputs)) {
        if (names.has(name)) continue;
        const place = never.has(name) ? personal : unknown;
        if (place.size < NAMED) place.add(name);
      }
    },

    addBroken() {
      leftOut.broken++;
    },

    tallied() {
      const counted = known.map((column) => column.counted(ids));
      const total = addUp(rows, ids);
      return {
        rows: total,
        oneIn: 2 ** ids.least,
        repeated: ids.repeated,
        from: total > 0 ? first : undefined,
        to: total > 0 ? last : undefined,
        leftOut,
        columns: counted.flatMap((one) => one ?? []),
        absent: total === 0 ? [] : known.filter((_, i) => counted[i] === undefined).map(({ name }) => name),
        unknown: [...unknown].sort(),
        personal: [...personal].sort(),
      };
    },
  };
}

/** One column while it is counted. */
interface OpenColumn {
  readonly name: string;
  /** The column of the request. */
  readonly input: string;
  add(inputs: LogRow["inputs"], level: number): void;
  /** Undefined where no row brings it. */
  counted(ids: SeenIds): CountedColumn | undefined;
}

function openColumn(column: ReferenceColumn): OpenColumn {
  const { name, kind, of } = column;
  const input = columnOf(column);
  const histogram: Histogram = histogramOf(column);
  const { cells, reference, cellOf } = histogram;
  const levels: Float64Array[] = [];
  const days = new Set<number>();
  return {
    name,
    input,
    add(inputs, level) {
      if (!Object.hasOwn(inputs, input)) return;
      const value = inputs[input];
      const cell = cellOf(value);
      levels[level] ??= new Float64Array(cells.length);
      const counts = levels[level];
      counts[cell] = (counts[cell] ?? 0) + 1;
      if (of === undefined || days.size >= MOST_DAYS) return;
      const time = typeof value === "string" ? momentOf(value) : undefined;
      if (time !== undefined) days.add(Math.floor(time / DAY));
    },
    counted(ids) {
      const current = cells.map((_, cell) =>
        addUp(
          levels.map((counts) => counts[cell] ?? 0),
          ids,
        ),
      );
      if (current.every((count) => count === 0)) return undefined;
      const counted = { cells, reference, current };
      const all = of === undefined || comesRound(of.part, days.size);
      return { name, kind, ...(all ? counted : onlyNew(counted)) };
    },
  };
}

/** Adds up what was counted in the levels that are still in the sample. */
function addUp(levels: readonly (number | undefined)[], { least }: SeenIds): number {
  let total = 0;
  for (let level = least; level < levels.length; level++) total += levels[level] ?? 0;
  return total;
}
