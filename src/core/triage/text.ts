import { terminalText } from "../report/escape.ts";
import { counted, formatNumber } from "../report/numbers.ts";
import { timeOf } from "./issue.ts";
import type { Measurement } from "./measurement.ts";

/** A measurement for a terminal: its answer first, then the columns, those that moved before the others. */
export function measurementText(measurement: Measurement): string {
  const { model, environment, columns, notes } = measurement;
  const sorted = [...columns].sort(
    (a, b) => Number(b.moved) - Number(a.moved) || (b.psi ?? 0) - (a.psi ?? 0),
  );
  const width = Math.min(40, Math.max(5, ...columns.map(({ name }) => terminalText(name, 40).length)));
  return [
    `${model} in ${environment}: ${verdictWords(measurement)}`,
    ...sorted.map(({ name, psi, threshold, moved, words = "" }) =>
      [
        moved ? "moved " : "      ",
        terminalText(name, 40).padEnd(width),
        `PSI ${formatNumber(psi).padStart(6)}`,
        `limit ${formatNumber(threshold).padStart(6)}`,
        terminalText(words, 200),
      ]
        .join("  ")
        .trimEnd(),
    ),
    ...notes.map((note) => terminalText(note, 500)),
  ].join("\n");
}

/**
 * The answer in one sentence without a full stop.
 *
 * @example verdictWords({ verdict: "not enough data", why: "3 rows are there", columns: [], rows: 3, window: { from: "2026-11-14T00:00", to: "2026-11-21T00:00" } }) // => "not enough data: 3 rows are there"
 */
export function verdictWords({
  verdict,
  why,
  columns,
  rows,
  window,
}: Pick<Measurement, "verdict" | "why" | "columns" | "rows" | "window">): string {
  if (verdict === "not enough data") return `not enough data: ${why ?? "nothing is there"}`;
  const moved = columns.filter((column) => column.moved).length;
  const found = verdict === "quiet" ? "nothing has moved" : `${counted(moved, "input")} moved`;
  return `${found}, by ${counted(rows, "prediction")} from ${timeOf(window.from)} to ${timeOf(window.to)}`;
}
