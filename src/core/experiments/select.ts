import { EXIT, UserError } from "../../errors.ts";
import type { Column, Table } from "../tables/column.ts";
import {
  columnsOf as columnsIn,
  compile,
  ExpressionError,
  parseExpression,
} from "../tables/expression/index.ts";
import { compareText } from "../text/order.ts";
import { type Columns, columnsOf, type Reader, UnknownColumn, type Value } from "./columns.ts";
import type { Experiment } from "./record.ts";

/** Which experiments are meant, and in which order. */
export interface Selection {
  /** A condition in the dialect of docs/reference/expressions.md. */
  readonly where?: string | undefined;
  /** Columns, the most important first; one that begins with - is sorted from the greatest down. */
  readonly sort?: readonly string[];
  readonly branch?: string | undefined;
  /** Those that failed or were killed, too. */
  readonly failed?: boolean;
}

/**
 * The experiments that a person asks for; where nothing is said of the order, the newest first.
 *
 * @throws {UserError} exit 2 where a condition or a column is none
 */
export function select(experiments: readonly Experiment[], asked: Selection): readonly Experiment[] {
  const columns = columnsOf(experiments);
  const found = experiments.filter(
    (one) =>
      (asked.failed === true || one.status === "finished") &&
      (asked.branch === undefined || one.branch === asked.branch),
  );
  const kept = asked.where === undefined ? found : holding(found, asked.where, columns);
  const keys = (asked.sort ?? []).map((key) => {
    const down = key.startsWith("-");
    return { down, read: columnNamed(columns, down ? key.slice(1) : key).read };
  });
  return [...kept].sort((a, b) => {
    for (const { down, read } of keys) {
      const order = compareValues(read(a), read(b), down);
      if (order !== 0) return order;
    }
    return compareText(b.id, a.id);
  });
}

/** @throws {UserError} exit 2 */
export function columnNamed(
  columns: Columns,
  name: string,
): { readonly name: string; readonly read: Reader } {
  try {
    return columns.find(name);
  } catch (error) {
    if (!(error instanceof UnknownColumn)) throw error;
    throw new UserError(error.message, { exit: EXIT.usage });
  }
}

/**
 * The experiments of which a condition is true.
 *
 * @throws {UserError} exit 2, saying what in the condition is wrong
 */
function holding(experiments: readonly Experiment[], where: string, columns: Columns): readonly Experiment[] {
  try {
    const expression = parseExpression(quoteNames(where));
    const names = columnsIn(expression);
    for (const name of names) columns.find(name);
    const table: Table = {
      rows: experiments.length,
      columns: new Map(names.map((name) => [name, columnOf(name, experiments.map(columns.find(name).read))])),
    };
    const answer = compile(expression)(table);
    if (answer.kind !== "boolean") {
      throw new UserError(`--where gives ${answer.kind}; it is a condition, such as roc_auc > 0.8`, {
        exit: EXIT.usage,
      });
    }
    return experiments.filter((_, row) => answer.values[row] === 1);
  } catch (error) {
    if (!(error instanceof ExpressionError || error instanceof UnknownColumn)) throw error;
    throw new UserError(`--where: ${error.message}`, { exit: EXIT.usage });
  }
}

const NAME =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w.])[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}\p{M}\p{N}_]+)+/gu;

/**
 * Puts names with points into the quotes that the dialect wants, since the names of parameters have them.
 *
 * @example quoteNames("params.hidden.0 > 16 and branch = 'a.b'") // => '"params.hidden.0" > 16 and branch = \'a.b\''
 * @example quoteNames('"metrics.roc_auc" > 0.8') // => '"metrics.roc_auc" > 0.8'
 * @example quoteNames("1.5 < epochs") // => "1.5 < epochs"
 */
export function quoteNames(condition: string): string {
  return condition.replace(NAME, (found) => (/^['"]/.test(found) ? found : `"${found}"`));
}

/** Values as a column: numbers, truth values and times where all of them are, else text. */
function columnOf(name: string, values: readonly Value[]): Column {
  const there = values.filter((value) => value !== null);
  if (name === "started_at") {
    return { kind: "time", values: Float64Array.from(values, (value) => Date.parse(String(value))) };
  }
  const number = there.every((value) => typeof value === "number");
  if (number || there.every((value) => typeof value === "boolean")) {
    return {
      kind: number ? "number" : "boolean",
      values: Float64Array.from(values, (value) => (value === null ? NaN : Number(value))),
    };
  }
  const words = [...new Set(there.map(String))];
  const codes = new Map(words.map((word, code) => [word, code]));
  return {
    kind: "text",
    words,
    codes: Int32Array.from(values, (value) => (value === null ? -1 : (codes.get(String(value)) ?? -1))),
  };
}

/** Numbers by size, texts by code point; what is missing comes last, whichever way it is sorted. */
function compareValues(a: Value, b: Value, down: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order =
    typeof a === "string" || typeof b === "string"
      ? compareText(String(a), String(b))
      : Number(a) - Number(b);
  return down ? -order : order;
}
