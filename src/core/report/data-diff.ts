import {
  type ChangeKind,
  countChanges,
  type DataChange,
  type DataDiff,
  type DataSide,
} from "../artifacts/data-diff.ts";
import { digitsOf } from "../artifacts/digest.ts";
import type { BeforeAfter, ColumnDiff, TableDiff } from "../artifacts/table-diff.ts";
import { formatBytes } from "../text/bytes.ts";
import { markdownCode, terminalText } from "./escape.ts";
import { formatCount, formatNumber, formatShare } from "./numbers.ts";

/** Paths of DVC's are long; cut, they would say nothing. */
const LONGEST = 5000;

/** What is shown of data that differ. */
export interface DataDiffView {
  readonly diff: DataDiff;
  /** Tables that differ, by path. */
  readonly tables: ReadonlyMap<string, TableDiff>;
  /** What the older side names and the cache has not. */
  readonly missing: readonly DataSide[];
  readonly showHash: boolean;
}

const KINDS: readonly ChangeKind[] = ["added", "deleted", "renamed", "modified"];

/** What differs, grouped as DVC groups it, for a terminal. */
export function dataDiffText(view: DataDiffView): string {
  const { diff, tables, missing, showHash } = view;
  const groups = KINDS.flatMap((kind) => {
    const changes = diff.changes.filter((change) => change.kind === kind);
    if (changes.length === 0) return [];
    const lines = changes.flatMap((change) => [
      `    ${showHash ? `${hashOf(change)}  ` : ""}${shown(pathOf(change))}${sizeOf(change)}`,
      ...tableLines(tables.get(afterOf(change)?.path ?? "")),
    ]);
    return [[`${kind[0]?.toUpperCase()}${kind.slice(1)}:`, ...lines].join("\n")];
  });
  if (missing.length > 0) {
    const lines = missing.map(({ path, name }) => `    ${showHash ? `${short(name)}  ` : ""}${shown(path)}`);
    groups.push(["Not in cache:", ...lines].join("\n"));
  }
  for (const path of diff.unknown)
    groups.push(`${shown(path)}/ changed; which of its files, no manifest tells`);
  const counts = countChanges(diff);
  const summary = KINDS.filter((kind) => counts[kind].files > 0).map(
    (kind) => `${formatCount(counts[kind].files)} ${kind}`,
  );
  if (missing.length > 0) summary.push(`${formatCount(missing.length)} not in cache`);
  if (summary.length > 0) groups.push(`files summary: ${summary.join(", ")}`);
  return groups.join("\n\n");
}

/** The same as a table of Markdown. Paths come from anybody. */
export function dataDiffMarkdown({ diff, missing, showHash, tables }: DataDiffView): string {
  if (diff.changes.length + missing.length === 0) return "";
  const head = showHash ? ["Status", "Hash", "Path"] : ["Status", "Path"];
  const row = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = KINDS.flatMap((kind) =>
    diff.changes
      .filter((change) => change.kind === kind)
      .map((change) => row([kind, ...(showHash ? [hashOf(change)] : []), markdownPath(change)])),
  );
  const lost = missing.map(({ path, name }) =>
    row(["not in cache", ...(showHash ? [short(name)] : []), markdownCode(path)]),
  );
  const described = [...tables].map(([path, table]) => `\n${markdownCode(path)}: ${sentenceOf(table)}`);
  return [row(head), row(head.map(() => "---")), ...rows, ...lost, ...described].join("\n");
}

/**
 * What became of a table, in one line.
 *
 * @example sentenceOf({ rows: { before: 10, after: 12 }, columns: { before: 2, after: 2 }, schema: "same", changes: [] }) // => "10 → 12 rows, 2 columns"
 */
export function sentenceOf({ rows, columns, schema }: TableDiff): string {
  const both = ({ before, after }: BeforeAfter<number>): string =>
    before === after ? formatCount(after ?? 0) : `${formatCount(before ?? 0)} → ${formatCount(after ?? 0)}`;
  const words = { same: "", reordered: ", in another order", changed: ", another schema" };
  return `${both(rows)} rows, ${both(columns)} columns${words[schema]}`;
}

function tableLines(table: TableDiff | undefined): string[] {
  if (table === undefined) return [];
  return [
    `        ${sentenceOf(table)}`,
    ...table.changes.map((column) =>
      `        ${signOf(column)} ${terminalText(column.name)}  ${figuresOf(column)}`.trimEnd(),
    ),
  ];
}

const shown = (path: string): string => terminalText(path, LONGEST);

const signOf = ({ kind }: ColumnDiff): string => ({ added: "+", removed: "-", changed: "~" })[kind];

function figuresOf({ kind, type, missing, mean, distinct }: ColumnDiff): string {
  if (kind !== "changed") return type.after ?? type.before ?? "";
  const part = <T>(
    name: string,
    { before, after }: BeforeAfter<T>,
    show: (value: T | null) => string,
  ): string[] => (before === after ? [] : [`${name} ${show(before)} → ${show(after)}`]);
  return [
    ...part("type", type, (value) => value ?? "–"),
    ...part("missing", missing, formatShare),
    ...part("mean", mean, formatNumber),
    ...part("distinct", distinct, formatCount),
  ].join(", ");
}

const afterOf = (change: DataChange): DataSide | undefined =>
  change.kind === "deleted" ? undefined : change.after;

function pathOf(change: DataChange): string {
  if (change.kind === "renamed") return `${change.before.path} -> ${change.after.path}`;
  return change.kind === "added" ? change.after.path : change.before.path;
}

function markdownPath(change: DataChange): string {
  if (change.kind === "renamed")
    return `${markdownCode(change.before.path)} → ${markdownCode(change.after.path)}`;
  return markdownCode(pathOf(change));
}

function sizeOf(change: DataChange): string {
  const before = change.kind === "added" ? undefined : change.before.size;
  const after = change.kind === "deleted" ? undefined : change.after.size;
  if (change.kind === "modified" && before !== undefined && after !== undefined && before !== after) {
    return `  ${formatBytes(before)} → ${formatBytes(after)}`;
  }
  const size = after ?? before;
  return size === undefined ? "" : `  ${formatBytes(size)}`;
}

const short = (name: string): string => digitsOf(name).slice(0, 8);

function hashOf(change: DataChange): string {
  if (change.kind === "modified") return `${short(change.before.name)}..${short(change.after.name)}`;
  return short(change.kind === "added" ? change.after.name : change.before.name);
}
