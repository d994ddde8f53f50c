import { nearest } from "../../text/nearest.ts";
import between from "./between.ts";
import type { Check, CheckedColumn, Unfit } from "./check.ts";
import isIn from "./in.ts";
import matches from "./matches.ts";
import missing from "./missing.ts";
import newest from "./newest.ts";
import rows from "./rows.ts";
import sql from "./sql.ts";
import type_ from "./type.ts";
import unique from "./unique.ts";

/** What a contract can expect; see `data.expect`. */
export type Expectation = ColumnExpectation | RowsExpectation | SqlExpectation;

interface Common {
  readonly severity: "fail" | "warn";
}

/** What must hold of the values of one column. */
export interface ColumnExpectation extends Common {
  readonly column: string;
  readonly type?: string | undefined;
  readonly between?: readonly [number | string, number | string] | undefined;
  readonly in?: readonly (string | number | boolean)[] | undefined;
  /** The share that may be missing. */
  readonly missing?: number | undefined;
  readonly unique?: boolean | undefined;
  readonly matches?: string | undefined;
  /** Milliseconds. */
  readonly newest?: { readonly within: number } | undefined;
  /** The share of rows that may break the others. */
  readonly allow: number;
}

/** How many rows there must be. */
export interface RowsExpectation extends Common {
  readonly table: "rows";
  readonly at_least?: number | undefined;
  readonly at_most?: number | undefined;
}

/** A condition of the expression dialect that must hold in every row. */
export interface SqlExpectation extends Common {
  readonly sql: string;
  readonly allow: number;
}

/** The checks that one expectation stands for, in the order in which the contract's reference lists them. */
export function checksOf(
  expectation: Expectation,
  columns: readonly CheckedColumn[],
  now: Date,
): (Check | Unfit)[] {
  if ("table" in expectation) return [rows(expectation.at_least, expectation.at_most)];
  if ("sql" in expectation) {
    const kinds = new Map(columns.map(({ name, kind }) => [name, kind]));
    return [allowing(sql(expectation.sql, kinds), expectation.allow)];
  }
  const column = columns.find(({ name }) => name === expectation.column);
  if (column === undefined) return [absent(expectation.column, columns)];
  const {
    type,
    between: bounds,
    in: list,
    missing: atMost,
    unique: alone,
    matches: pattern,
    newest: fresh,
  } = expectation;
  const checks: (Check | Unfit)[] = [
    ...(type === undefined ? [] : [type_(column, type)]),
    ...(bounds === undefined ? [] : [between(column, bounds)]),
    ...(list === undefined ? [] : [isIn(column, list)]),
    ...(alone !== true ? [] : [unique(column)]),
    ...(pattern === undefined ? [] : [matches(column, pattern)]),
  ].map((check) => allowing(check, expectation.allow));
  if (atMost !== undefined) checks.push(missing(column, atMost));
  if (fresh !== undefined) checks.push(newest(column, fresh.within, now));
  return checks;
}

const allowing = <C extends Check | Unfit>(check: C, allow: number): C => ({ ...check, allow });

function absent(name: string, columns: readonly CheckedColumn[]): Unfit {
  const names = columns.map((column) => column.name);
  const meant = nearest(name, names);
  const hint = meant === undefined ? `columns: ${names.slice(0, 20).join(", ")}` : `did you mean "${meant}"?`;
  return { title: `${name} is a column`, column: name, unfit: `there is no column "${name}"; ${hint}` };
}
