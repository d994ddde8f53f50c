import * as z from "zod";
import type { DataChange, DataDiff } from "../artifacts/data-diff.ts";
import type { Lock } from "../artifacts/lock.ts";

const bytes = z.number().int().nonnegative().nullable();
const count = z.number().int().nonnegative();

const columns = z.array(z.string().max(500)).max(5000);
const bothCounts = z.strictObject({ before: count.nullable(), after: count.nullable() });

/** What a change does to the rows and columns of one file. Names of columns, and no value of any. */
const shapeChange = z.strictObject({
  rows: bothCounts,
  /** How many there are. */
  columns: bothCounts,
  /** Names, as many as are told. */
  added: columns,
  removed: columns,
  /** `age: BIGINT → DOUBLE` */
  retyped: columns,
});

/** What a change does to a file that is a table; where it was not read, why. */
const artifactTable = z.union([shapeChange, z.strictObject({ unread: z.string().max(300) })]);

/** What a change does to one artifact: a file or a folder that has a version. */
export const artifactChange = z.strictObject({
  path: z.string().max(500),
  kind: z.enum(["added", "changed", "removed", "renamed"]),
  /** Where it was before, where that is elsewhere. */
  from: z.string().max(500).nullable(),
  before: bytes,
  after: bytes,
  /** Of a folder; null where its manifests could not be had. */
  files: z.strictObject({ added: count, changed: count, removed: count, renamed: count }).nullable(),
  folder: z.boolean(),
  /** Null where it is no table, or the same one elsewhere. */
  table: artifactTable.nullable().default(null),
});

/** What a change does to the table that a contract reads. Names of columns, and no value of any. */
export const tableChange = z.strictObject({
  model: z.string().max(100),
  rows: bothCounts,
  added: columns,
  removed: columns,
  /** `age: BIGINT → DOUBLE` */
  retyped: columns,
});

export type ArtifactChange = z.output<typeof artifactChange>;
export type ArtifactTable = z.output<typeof artifactTable>;
export type TableChange = z.output<typeof tableChange>;

/**
 * A comparison of files as one of artifacts: what happened inside of a folder is counted.
 *
 * @example artifactsOf({ changes: [{ kind: "added", after: { path: "a", name: "60b725f10c9c85c70d97880dfe8191b3", size: 2 } }], unknown: [] })[0] // => { path: "a", kind: "added", from: null, before: null, after: 2, files: null, folder: false, table: null }
 */
export function artifactsOf({ changes, unknown }: DataDiff): readonly ArtifactChange[] {
  const folders = changes.filter((change) => placeOf(change).endsWith("/"));
  const inside = (change: DataChange): DataChange | undefined =>
    folders.find((folder) => folder !== change && placeOf(change).startsWith(placeOf(folder)));
  const counts = new Map<DataChange, { added: number; changed: number; removed: number; renamed: number }>();
  for (const folder of folders) counts.set(folder, { added: 0, changed: 0, removed: 0, renamed: 0 });
  const whole: DataChange[] = [];
  for (const change of changes) {
    const around = inside(change);
    if (around === undefined) whole.push(change);
    else {
      const counted = counts.get(around);
      if (counted !== undefined) counted[KIND[change.kind]]++;
    }
  }
  return whole.map((change) => {
    const [before, after] = [sideOf(change, "before"), sideOf(change, "after")];
    const path = placeOf(change).replace(/\/$/, "");
    return {
      path: path.slice(0, 500),
      kind: KIND[change.kind],
      from: change.kind === "renamed" ? change.before.path.replace(/\/$/, "").slice(0, 500) : null,
      before: before?.size ?? null,
      after: after?.size ?? null,
      files: unknown.includes(path) ? null : (counts.get(change) ?? null),
      folder: placeOf(change).endsWith("/"),
      table: null,
    };
  });
}

const KIND: Readonly<Record<DataChange["kind"], ArtifactChange["kind"]>> = {
  added: "added",
  deleted: "removed",
  modified: "changed",
  renamed: "renamed",
};

/** Where something is now; where it was, if it is no more. */
const placeOf = (change: DataChange): string =>
  change.kind === "deleted" ? change.before.path : change.after.path;

const sideOf = (change: DataChange, side: "before" | "after") =>
  side === "before"
    ? change.kind === "added"
      ? undefined
      : change.before
    : change.kind === "deleted"
      ? undefined
      : change.after;

/**
 * What became of the rows and columns that a contract reads, as its locks say; undefined where nothing did.
 *
 * @example tableBetween("wages", new Map(), new Map()) // => undefined
 */
export function tableBetween(model: string, before: Lock, after: Lock): TableChange | undefined {
  const [was, is] = [tableOf(before), tableOf(after)];
  if (was === undefined || is === undefined) return undefined;
  const { columns: _, ...shape } = shapesBetween(was, is);
  const { rows, added, removed, retyped } = shape;
  if (rows.before === rows.after && [...added, ...removed, ...retyped].length === 0) return undefined;
  return { model, ...shape };
}

/** Rows of a table, and the engine's types of its columns by name. */
interface Shape {
  readonly rows: number | null;
  readonly columns: Readonly<Record<string, string>>;
}

/** So many columns are named of each kind. */
const NAMED = 1000;

/**
 * What became of a table's rows and columns; undefined stands for the side that has none.
 *
 * @example shapesBetween({ rows: 1, columns: { a: "BIGINT" } }, { rows: 2, columns: { a: "DOUBLE" } }) // => { rows: { before: 1, after: 2 }, columns: { before: 1, after: 1 }, added: [], removed: [], retyped: ["a: BIGINT → DOUBLE"] }
 * @example shapesBetween(undefined, { rows: 2, columns: { a: "DOUBLE" } }) // => { rows: { before: null, after: 2 }, columns: { before: null, after: 1 }, added: [], removed: [], retyped: [] }
 */
export function shapesBetween(
  before: Shape | undefined,
  after: Shape | undefined,
): Exclude<ArtifactTable, { unread: string }> {
  const [was, is] = [typesOf(before), typesOf(after)];
  const isBoth = before !== undefined && after !== undefined;
  const names = isBoth ? [...is.keys()] : [];
  return {
    rows: { before: before?.rows ?? null, after: after?.rows ?? null },
    columns: {
      before: before === undefined ? null : was.size,
      after: after === undefined ? null : is.size,
    },
    added: told(names.filter((name) => !was.has(name))),
    removed: told(isBoth ? [...was.keys()].filter((name) => !is.has(name)) : []),
    retyped: told(
      names.flatMap((name) => {
        const [old, now] = [was.get(name), is.get(name)];
        return old === undefined || old === now ? [] : [`${name}: ${old} → ${now}`];
      }),
    ),
  };
}

const typesOf = (shape: Shape | undefined): ReadonlyMap<string, string> =>
  new Map(Object.entries(shape?.columns ?? {}));

const told = (names: readonly string[]): string[] => names.slice(0, NAMED).map((name) => name.slice(0, 500));

function tableOf(lock: Lock): Shape | undefined {
  const { rows, columns } = lock.get("ingest")?.facts ?? {};
  if (typeof columns !== "object" || columns === null || Array.isArray(columns)) return undefined;
  return {
    rows: typeof rows === "number" && Number.isInteger(rows) && rows >= 0 ? rows : null,
    columns: Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, String(type)])),
  };
}
