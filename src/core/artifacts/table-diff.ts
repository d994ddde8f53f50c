import type { ColumnProfile, Profile } from "../tables/profile.ts";

/** A figure on both sides; null where a side has none. */
export interface BeforeAfter<T> {
  readonly before: T | null;
  readonly after: T | null;
}

/** What became of one column. Cell values are not among it. */
export interface ColumnDiff {
  readonly name: string;
  readonly kind: "added" | "removed" | "changed";
  readonly type: BeforeAfter<string>;
  /** Share of the rows without a value. */
  readonly missing: BeforeAfter<number>;
  readonly distinct: BeforeAfter<number>;
  readonly mean: BeforeAfter<number>;
  readonly deviation: BeforeAfter<number>;
}

/** What became of a table. */
export interface TableDiff {
  readonly rows: BeforeAfter<number>;
  /** How many columns there are. */
  readonly columns: BeforeAfter<number>;
  /** Whether names or types of columns differ, or their order. */
  readonly schema: "same" | "reordered" | "changed";
  /** Columns of which any figure differs; in the order of the table as it is now, those that are gone last. */
  readonly changes: readonly ColumnDiff[];
}

/**
 * Compares two tables by what their columns hold.
 *
 * @example diffProfiles({ rows: 1, columns: [] }, { rows: 2, columns: [] }).rows // => { "before": 1, "after": 2 }
 */
export function diffProfiles(before: Profile, after: Profile): TableDiff {
  const was = new Map(before.columns.map((column) => [column.name, column]));
  const is = new Map(after.columns.map((column) => [column.name, column]));
  const names = [...is.keys(), ...[...was.keys()].filter((name) => !is.has(name))];
  const diffs = names.map((name) => diffColumn(name, was.get(name), is.get(name), before.rows, after.rows));
  return {
    rows: { before: before.rows, after: after.rows },
    columns: { before: was.size, after: is.size },
    schema: schemaOf(before, after),
    changes: diffs.filter(isChange),
  };
}

function diffColumn(
  name: string,
  before: ColumnProfile | undefined,
  after: ColumnProfile | undefined,
  rowsBefore: number,
  rowsAfter: number,
): ColumnDiff {
  const both = <T>(of: (column: ColumnProfile, rows: number) => T | null): BeforeAfter<T> => ({
    before: before === undefined ? null : of(before, rowsBefore),
    after: after === undefined ? null : of(after, rowsAfter),
  });
  return {
    name,
    kind: before === undefined ? "added" : after === undefined ? "removed" : "changed",
    type: both(({ type }) => type),
    missing: both(({ missing }, rows) => (rows === 0 ? null : missing / rows)),
    distinct: both(({ distinct }) => distinct),
    mean: both(({ mean }) => mean),
    deviation: both(({ deviation }) => deviation),
  };
}

const isChange = ({ kind, type, missing, distinct, mean, deviation }: ColumnDiff): boolean =>
  kind !== "changed" ||
  [type, missing, distinct, mean, deviation].some(({ before, after }) => before !== after);

function schemaOf(before: Profile, after: Profile): TableDiff["schema"] {
  const listed = ({ columns }: Profile): string[] => columns.map(({ name, type }) => `${name}\n${type}`);
  const [was, is] = [listed(before), listed(after)];
  if (was.join("\n\n") === is.join("\n\n")) return "same";
  return was.sort().join("\n\n") === is.sort().join("\n\n") ? "reordered" : "changed";
}
