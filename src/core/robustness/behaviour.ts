import type { Contract } from "../../config/contract.ts";
import { wilson } from "../stats/wilson.ts";
import type { Column, Table } from "../tables/column.ts";
import { constantColumn, withColumns } from "./columns.ts";
import { frequentValues } from "./dependence.ts";
import type { Facts } from "./facts.ts";

/** What is expected of the score when one column of a row is another, and nothing else is. */
export type Behaviour =
  | { readonly kind: "changing"; readonly column: string; readonly most: number }
  | {
      readonly kind: "moving";
      readonly column: string;
      readonly up: boolean;
      readonly never: "lowers" | "raises";
      /** In the column's own unit; a quarter, a half and a whole standard deviation if absent. */
      readonly by: number | undefined;
    };

/** An expectation as a contract has it. */
export type Expected = NonNullable<Contract["evaluate"]["robustness"]>["expect"][number];

/** What a contract's expectation asks. */
export function behaviourOf(expected: Expected): Behaviour {
  if ("changing" in expected) return { kind: "changing", column: expected.changing, most: expected.moves };
  const { never, by } = expected;
  return "raising" in expected
    ? { kind: "moving", column: expected.raising, up: true, never, by }
    : { kind: "moving", column: expected.lowering, up: false, never, by };
}

/**
 * A contract's expectation in words, as gates and waivers name it.
 *
 * @example expectedText({ raising: "age", never: "lowers", of: "gold", allow: 0, severity: "fail" }) // => "raising age never lowers the score of gold"
 */
export function expectedText(expected: Expected): string {
  const score = expected.of === undefined ? "the score" : `the score of ${expected.of}`;
  return behaviourText(behaviourOf(expected), score);
}

/** Rows with one column made another; `asked` says in which of them that is a question at all. */
export interface Alternative {
  readonly table: Table;
  readonly asked: (row: number) => boolean;
}

/** Values that a column is changed to. */
const MOST_VALUES = 12;
/** Steps of a number, in standard deviations. */
const STEPS = [0.25, 0.5, 1] as const;
/** What the rounding of a model in 32 bits may move. */
const ROUNDING = 1e-6;

/**
 * The rows as they would be otherwise. A column that changes takes the values that most rows have, twelve at
 * most, of numbers with more the twelve quantiles; one that is raised stays within what the rows hold.
 */
export function alternativesOf(behaviour: Behaviour, table: Table, facts: Facts): Alternative[] {
  const column = table.columns.get(behaviour.column);
  if (column === undefined) return [];
  if (behaviour.kind === "changing") {
    return valuesOf(column).map((value) => ({
      table: withColumns(table, [[behaviour.column, constantColumn(column.kind, value, table.rows)]]),
      asked: () => true,
    }));
  }
  if (column.kind === "text") return [];
  const sign = behaviour.up ? 1 : -1;
  const steps = behaviour.by === undefined ? usualSteps(facts) : [behaviour.by];
  return steps.map((step) => {
    const values = column.values.map((value) => value + sign * step);
    return {
      table: withColumns(table, [[behaviour.column, { kind: column.kind, values }]]),
      asked: (row) => (values[row] as number) >= facts.least && (values[row] as number) <= facts.most,
    };
  });
}

function usualSteps({ deviation, whole }: Facts): number[] {
  if (deviation === 0) return [];
  return [
    ...new Set(STEPS.map((part) => (whole ? Math.max(1, Math.round(part * deviation)) : part * deviation))),
  ];
}

function valuesOf(column: Column): (number | string)[] {
  const frequent = frequentValues(column, MOST_VALUES + 1);
  if (column.kind === "text" || frequent.length <= MOST_VALUES) return frequent.slice(0, MOST_VALUES);
  const sorted = column.values.filter(Number.isFinite).sort();
  return [
    ...new Set(
      Array.from(
        { length: MOST_VALUES },
        (_, place) => sorted[Math.round((place / (MOST_VALUES - 1)) * (sorted.length - 1))] as number,
      ),
    ),
  ];
}

/** In how many rows a score did what it never should. */
export interface Broken {
  /** Rows in which it was a question. */
  readonly rows: number;
  readonly broken: number;
  /** The farthest that a score moved in the wrong way; 0 where none did. */
  readonly farthest: number;
}

/**
 * Counts the rows that break an expectation.
 *
 * @param scores each row's score as it is
 * @param others the same under each alternative
 */
export function brokenRows(
  behaviour: Behaviour,
  scores: Float64Array,
  others: readonly { readonly scores: Float64Array; readonly asked: (row: number) => boolean }[],
): Broken {
  let [rows, broken, farthest] = [0, 0, 0];
  for (let row = 0; row < scores.length; row++) {
    const own = scores[row] as number;
    let [asked, most] = [false, 0];
    for (const other of others) {
      if (!other.asked(row)) continue;
      asked = true;
      const moved = (other.scores[row] as number) - own;
      const wrong =
        behaviour.kind === "changing" ? Math.abs(moved) : behaviour.never === "lowers" ? -moved : moved;
      most = Math.max(most, wrong);
    }
    if (!asked) continue;
    rows++;
    farthest = Math.max(farthest, most);
    const limit = behaviour.kind === "changing" ? behaviour.most : 0;
    if (most > limit + ROUNDING * Math.max(1, Math.abs(own))) broken++;
  }
  return { rows, broken, farthest };
}

/** The share of rows that break it, with Wilson's interval. */
export function brokenShare({ rows, broken }: Broken, confidence: number) {
  return rows === 0 ? undefined : { value: broken / rows, interval: wilson(broken, rows, confidence) };
}

/**
 * An expectation in words.
 *
 * @example behaviourText({ kind: "changing", column: "gender", most: 0.01 }, "the score") // => "changing gender moves the score by at most 0.01"
 * @example behaviourText({ kind: "moving", column: "experience", up: true, never: "lowers", by: undefined }, "the score") // => "raising experience never lowers the score"
 */
export function behaviourText(behaviour: Behaviour, score: string): string {
  const { column } = behaviour;
  if (behaviour.kind === "changing") return `changing ${column} moves ${score} by at most ${behaviour.most}`;
  const by = behaviour.by === undefined ? "" : ` by ${behaviour.by}`;
  return `${behaviour.up ? "raising" : "lowering"} ${column}${by} never ${behaviour.never} ${score}`;
}
