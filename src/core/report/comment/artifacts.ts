import type { ArtifactChange, ArtifactTable, TableChange } from "../../proposal/artifacts.ts";
import type { Judgement } from "../../proposal/documents.ts";
import { formatBytes } from "../../text/bytes.ts";
import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { type Block, foldBlock, left, right, tableVersions } from "../markdown/blocks.ts";
import { counted, formatCount, UNKNOWN } from "../numbers.ts";

/** So many columns are named, and so many artifacts in the fold's line; the rest is counted. */
const COLUMNS = 8;
const NAMED = 3;

/** What happened to data and models, folded: sizes and counts, never a value. */
export function artifactBlocks({
  artifacts,
  tables,
}: Pick<Judgement, "artifacts" | "tables">): (Block | null)[] {
  return [artifactsBlock(artifacts), tablesBlock(tables)];
}

function artifactsBlock(artifacts: readonly ArtifactChange[]): Block | null {
  if (artifacts.length === 0) return null;
  const isOfTables = artifacts.some(({ table }) => table !== null);
  const headings = [
    ...[left("Artifact"), left("Change"), right("Size"), left("Files")],
    ...(isOfTables ? [right("Rows"), left("Columns")] : []),
  ];
  const versions = tableVersions(headings, artifacts, "artifacts", (artifact) => [
    markdownCode(artifact.path, 120),
    artifact.from === null ? artifact.kind : `renamed from ${markdownCode(artifact.from, 80)}`,
    sizeText(artifact),
    filesText(artifact),
    ...(isOfTables ? tableCells(artifact.table) : []),
  ]);
  const named = artifacts.slice(0, NAMED).map(({ path }) => summaryCode(path, 60));
  const more = artifacts.length - named.length;
  const told = `${named.join(", ")}${more > 0 ? ` and ${formatCount(more)} more` : ""}`;
  return foldBlock("Artifacts", 88, versions, `${counted(artifacts.length, "artifact")} changed: ${told}`);
}

function tablesBlock(tables: readonly TableChange[]): Block | null {
  if (tables.length === 0) return null;
  const headings = [left("Model"), right("Rows"), left("Columns")];
  const versions = tableVersions(headings, tables, "tables", (table) => [
    markdownCode(table.model, 80),
    rowsText(table),
    columnsText(table) || "the same",
  ]);
  const [only] = tables.length === 1 ? tables : [];
  const told = only === undefined ? "" : `${rowsText(only)} rows; columns ${columnsChanged(only)}`;
  return foldBlock("Rows and columns", 87, versions, told);
}

const columnsChanged = (table: TableChange): string =>
  columnLists(table)
    .map(([what, names]) => `${formatCount(names.length)} ${what}`)
    .join(", ") || "the same";

/** Rows and columns of an artifact; of one that was not read, why. */
function tableCells(table: ArtifactTable | null): readonly [string, string] {
  if (table === null) return ["", ""];
  if ("unread" in table) return ["not read", markdownText(table.unread, 200)];
  return [rowCount(table), columnsText(table) || columnCount(table)];
}

const columnsText = (table: Pick<TableChange, "added" | "removed" | "retyped">): string =>
  columnLists(table)
    .map(([what, names]) => `${what} ${named(names)}`)
    .join("; ");

type Shape = Exclude<ArtifactTable, { unread: string }>;

/**
 * Rows of a file before and after; of one that is new or gone, those that it has or had.
 *
 * @example rowCount({ rows: { before: null, after: 600 } }) // => "600"
 * @example rowCount({ rows: { before: 534, after: 600 } }) // => "534 → 600"
 */
export const rowCount = ({ rows }: Pick<Shape, "rows">): string =>
  rows.before === null || rows.after === null ? formatCount(rows.before ?? rows.after) : rowsText({ rows });

/**
 * How many columns a file has of which no name and no type changed.
 *
 * @example columnCount({ columns: { before: 3, after: 3 } }) // => "the same 3"
 * @example columnCount({ columns: { before: null, after: 3 } }) // => "3"
 */
export function columnCount({ columns: { before, after } }: Pick<Shape, "columns">): string {
  const count = formatCount(after ?? before);
  return before === null || after === null ? count : `the same ${count}`;
}

const named = (names: readonly string[]): string => {
  const shown = names.slice(0, COLUMNS).map((name) => markdownCode(name, 80));
  const more = names.length > COLUMNS ? ` and ${names.length - COLUMNS} more` : "";
  return `${shown.join(", ")}${more}`;
};

/** Lists of columns that are not empty, with what became of them. */
export const columnLists = ({
  added,
  removed,
  retyped,
}: Pick<TableChange, "added" | "removed" | "retyped">): readonly (readonly [string, readonly string[]])[] =>
  (
    [
      ["added", added],
      ["removed", removed],
      ["other type", retyped],
    ] as const
  ).filter(([, names]) => names.length > 0);

/**
 * Sizes before and after.
 *
 * @example sizeText({ kind: "changed", before: 1000, after: 2000 }) // => "1.0 kB → 2.0 kB"
 * @example sizeText({ kind: "added", before: null, after: null }) // => "–"
 */
export function sizeText({ kind, before, after }: Pick<ArtifactChange, "kind" | "before" | "after">): string {
  const [was, is] = [before, after].map((size) => (size === null ? UNKNOWN : formatBytes(size)));
  if (kind === "added" || was === is) return is ?? "";
  return kind === "removed" ? (was ?? "") : `${was} → ${is}`;
}

/**
 * How many files of a folder changed in which way.
 *
 * @example filesText({ folder: true, kind: "changed", files: { added: 2, changed: 1, removed: 0, renamed: 0 } }) // => "2 added, 1 changed"
 * @example filesText({ folder: true, kind: "changed", files: null }) // => "not known: its manifest is not to be had"
 */
export function filesText({ folder, files }: Pick<ArtifactChange, "folder" | "files" | "kind">): string {
  if (!folder) return "";
  if (files === null) return "not known: its manifest is not to be had";
  const parts = Object.entries(files).filter(([, count]) => count > 0);
  return parts.map(([kind, count]) => `${formatCount(count)} ${kind}`).join(", ") || "the same";
}

/**
 * Rows before and after.
 *
 * @example rowsText({ rows: { before: 534, after: 600 } }) // => "534 → 600"
 * @example rowsText({ rows: { before: 534, after: 534 } }) // => "534"
 */
export function rowsText({ rows: { before, after } }: Pick<TableChange, "rows">): string {
  const [was, is] = [before, after].map((rows) => (rows === null ? UNKNOWN : formatCount(rows)));
  return was === is ? (is ?? "") : `${was} → ${is}`;
}
