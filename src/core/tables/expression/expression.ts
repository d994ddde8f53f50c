import { UserError } from "../../../errors.ts";

/*
 * The dialect of conditions and derived values, docs/reference/expressions.md.
 *
 * An expression is a tree of four shapes. Operators, CASE and functions are all calls: what each of
 * them takes, means in SQL and means in memory stands in one row of the catalogue.
 */
export type Expression = Literal | ColumnReference | Call;

/** A constant. Times are milliseconds since 1970, UTC. */
export interface Literal {
  readonly node: "literal";
  readonly kind: "number" | "boolean" | "text" | "time" | "null";
  readonly value: number | boolean | string | null;
  /** Where it begins in the text, counted from 0. */
  readonly at: number;
}

/** The value of a column in the row at hand. */
export interface ColumnReference {
  readonly node: "column";
  readonly name: string;
  readonly at: number;
}

/** An operator, CASE or function with its arguments. */
export interface Call {
  readonly node: "call";
  /** The operation's name in the catalogue, such as `+`, `case`, `coalesce`. */
  readonly name: string;
  readonly args: readonly Expression[];
  readonly at: number;
}

/** Longer texts are refused: they come from outside, and no person writes them. */
export const MAX_LENGTH = 10_000;

/** Deeper trees are refused. DuckDB stops at 1,000 levels, and one of ours makes up to six of its. */
export const MAX_DEPTH = 100;

/** An expression that is not one, or does not fit its columns; `offset` is where, counted from 0. */
export class ExpressionError extends UserError {
  override readonly name = "ExpressionError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * The columns that an expression reads, each once, in the order in which they appear.
 *
 * @example columnsOf({ node: "column", name: "age", at: 0 }) // => ["age"]
 */
export function columnsOf(expression: Expression): string[] {
  const names = new Set<string>();
  const visit = (node: Expression): void => {
    if (node.node === "column") names.add(node.name);
    if (node.node === "call") node.args.forEach(visit);
  };
  visit(expression);
  return [...names];
}
