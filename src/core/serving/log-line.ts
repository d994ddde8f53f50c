import type { Bundle } from "../models/bundle.ts";
import type { Column, Table } from "../tables/column.ts";
import { type Answers, decisionOf } from "./answers.ts";
import { rowId } from "./prediction-id.ts";

/** A request that was answered, as the prediction log tells of it. */
export interface Answered {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly environment: string;
  readonly bundle: Pick<Bundle, "model" | "task" | "classes" | "threshold">;
  readonly version: string | undefined;
  readonly sha256: string;
  readonly table: Table;
  readonly answers: Answers;
  /** Milliseconds that the request took. */
  readonly ms: number;
}

/** Letters of a text that are kept: a category has fewer, and what is not one needs no more. */
const LONGEST = 200;

/**
 * The lines of the prediction log for one request, one a row.
 *
 * @param columns that may be written, and no other is
 */
export function logLines(answered: Answered, columns: readonly string[]): string[] {
  const { id, at, environment, bundle, version = null, sha256, table, answers, ms } = answered;
  const head = { at, model: bundle.model, version, sha256, environment };
  const read = columns.flatMap((name): [string, (row: number) => Value][] => {
    const column = table.columns.get(name);
    return column === undefined ? [] : [[name, reader(column)]];
  });
  const { outputs, scores, rows } = answers;
  return Array.from({ length: rows }, (_, row) => {
    const own = scores.subarray(row * outputs, (row + 1) * outputs);
    return `${JSON.stringify({
      id: rowId(id, row, rows),
      ...head,
      inputs: Object.fromEntries(read.map(([name, value]) => [name, value(row)])),
      score: outputs === 1 ? (own[0] ?? null) : [...own],
      decision: decisionOf(bundle, answers, row),
      ms: Math.round(ms * 1000) / 1000,
    })}\n`;
  });
}

type Value = string | number | boolean | null;

/** Values as JSON has them; infinity, which it has not, is a text of that name. */
function reader(column: Column): (row: number) => Value {
  if (column.kind === "text") {
    const { codes, words } = column;
    const kept = words.map((word) => (word.length > LONGEST ? `${word.slice(0, LONGEST)}…` : word));
    return (row) => kept[codes[row] ?? -1] ?? null;
  }
  const { kind, values } = column;
  return (row) => {
    const value = values[row] ?? NaN;
    if (Number.isNaN(value)) return null;
    if (kind === "boolean") return value === 1;
    if (kind === "time") return new Date(value).toISOString();
    return Number.isFinite(value) ? value : String(value);
  };
}
