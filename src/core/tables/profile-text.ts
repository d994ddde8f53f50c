import type { ColumnProfile, Profile } from "./profile.ts";

/** Columns of the printed table, left to right. */
const HEADS = [
  "column",
  "type",
  "missing",
  "distinct",
  "min",
  "25%",
  "median",
  "75%",
  "max",
  "mean",
  "deviation",
];
/** Texts in the table are cut after so many letters. */
const WIDTH = 24;

/**
 * A profile for a terminal: one line a column, then the most frequent values of texts.
 *
 * @example profileText({ schema: "trainyard/profile/1", rows: 0, columns: [] }) // => "0 rows, 0 columns"
 */
export function profileText({ rows, columns }: Profile): string {
  const title = `${rows.toLocaleString("en-US")} rows, ${columns.length} columns`;
  if (columns.length === 0) return title;
  const cells = [HEADS, ...columns.map((column) => lineOf(column, rows))];
  const widths = HEADS.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  const table = cells.map((line) =>
    line
      .map((cell, index) => (index < 2 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const tops = columns.flatMap(({ name, top }) =>
    top === null || top.length === 0
      ? []
      : [
          `${name}: ${top
            .slice(0, 6)
            .map(({ value, share }) => `${cut(value)} ${percent(share)}`)
            .join(", ")}`,
        ],
  );
  const estimates = columns.some(({ approximate }) => approximate) ? ["~ estimated"] : [];
  return [title, "", ...table, ...(tops.length > 0 ? ["", ...tops] : []), ...estimates].join("\n");
}

function lineOf(column: ColumnProfile, rows: number): string[] {
  const { name, type, missing, distinct, approximate, min, max, quartiles, mean, deviation } = column;
  const [low, middle, high] = quartiles ?? [];
  return [
    cut(name),
    cut(type.toLowerCase()),
    rows === 0 ? "–" : percent(missing / rows),
    `${approximate ? "~" : ""}${distinct.toLocaleString("en-US")}`,
    ...[min, low, middle, high, max, mean, deviation].map(shown),
  ];
}

/** Four digits of a number; a time as it stands; nothing for what there is not. */
function shown(value: number | string | null | undefined): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string"
    ? value
    : String(Number(value.toPrecision(Math.abs(value) >= 1000 ? 7 : 4)));
}

const percent = (share: number): string => `${Number((share * 100).toPrecision(3))}%`;

// Control characters from the data would steer the terminal.
const cut = (text: string): string => {
  const clean = text.replace(/\p{Cc}|\p{Cf}/gu, "\u{fffd}");
  return clean.length > WIDTH ? `${clean.slice(0, WIDTH - 1)}…` : clean;
};
