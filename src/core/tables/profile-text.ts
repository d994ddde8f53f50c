import { terminalText } from "../report/escape.ts";
import { formatCount, formatNumber, formatShare } from "../report/numbers.ts";
import type { ColumnProfile, Profile } from "./profile.ts";

/** A profile for a person at a terminal: a line a column. */
export function profileText({ rows, columns }: Profile): string {
  const table = [
    ["column", "type", "missing", "distinct", "min", "median", "max", "mean", "most frequent"],
    ...columns.map((column) => lineOf(column, rows)),
  ];
  const widths = (table[0] ?? []).map((_, place) =>
    Math.max(...table.map((line) => (line[place] ?? "").length)),
  );
  const lines = table.map((line) =>
    line
      .map((cell, place) => cell.padEnd(widths[place] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [`${formatCount(rows)} rows, ${formatCount(columns.length)} columns`, ...lines].join("\n");
}

function lineOf(column: ColumnProfile, rows: number): string[] {
  const { name, type, missing, distinct, approximate, min, max, mean, quartiles, top } = column;
  const [first] = top ?? [];
  return [
    terminalText(name, 40),
    type.toLowerCase(),
    missing === 0 ? "–" : formatShare(missing / rows),
    `${approximate ? "~" : ""}${formatCount(distinct)}`,
    cell(min),
    cell(quartiles?.[1] ?? null),
    cell(max),
    formatNumber(mean),
    first === undefined ? "" : `${terminalText(first.value, 24)} (${formatShare(first.share)})`,
  ];
}

const cell = (value: number | string | null): string =>
  typeof value === "string" ? terminalText(value, 24) : formatNumber(value);
