import type { Column, ColumnKind } from "../column.ts";

/** What an argument is before it is fitted: a quoted text may still become a time, NULL anything. */
export type ArgumentKind = ColumnKind | "quoted" | "null";

/** The kinds that an operation takes, one an argument, and the kind that it gives. */
export interface Signature {
  readonly takes: readonly ColumnKind[];
  readonly gives: ColumnKind;
}

/** The constants among the arguments, by position; undefined where the argument is computed. */
export type Constants = readonly (number | boolean | string | null | undefined)[];

/**
 * One operator or function of the dialect: what it takes, in SQL, and in memory.
 *
 * In memory a missing value is NaN or the code −1, and a column of one value stands for all rows.
 * In SQL it is NULL. Both say the same for every input: the property test holds them together.
 */
export interface Operation {
  readonly name: string;
  /** Kinds that fit, or the complaint: what it wants, to follow its name. */
  signature(kinds: readonly ArgumentKind[]): Signature | string;
  /** Positions whose argument must be a constant. */
  readonly constants?: readonly number[];
  /** A complaint about the constants. */
  refuse?(constants: Constants): string | undefined;
  /** Its SQL may give NaN or infinity, which the printer turns into NULL. */
  readonly unbounded?: boolean;
  /** Whether NaN or infinity in this argument always makes the answer one of them again. */
  passes?(position: number): boolean;
  sql(args: readonly string[], constants: Constants): string;
  evaluate(args: readonly Column[], constants: Constants): Column;
}

/** `count` arguments of one kind, or between `count` and `most`. */
export function all(
  kind: ColumnKind,
  gives: ColumnKind,
  count: number,
  most = count,
): Operation["signature"] {
  const many = count === most ? `${count}` : `${count} to ${most}`;
  return (kinds) =>
    kinds.length < count || kinds.length > most
      ? `takes ${many} ${most === 1 ? "argument" : "arguments"}, not ${kinds.length}`
      : { takes: kinds.map(() => kind), gives };
}

/** The one kind of several arguments; a text in quotes beside a time is a time. */
export function sameKind(kinds: readonly ArgumentKind[]): ColumnKind | string {
  const known = new Set(kinds.filter((kind) => kind !== "null" && kind !== "quoted"));
  if (known.size === 0) return kinds.includes("quoted") ? "text" : "number";
  const [kind = "number", other] = known;
  if (other !== undefined) return `wants one kind of value, not ${kind} and ${other}`;
  if (kinds.includes("quoted") && kind !== "text" && kind !== "time") {
    return `wants one kind of value, not ${kind} and a text in quotes (a column's name is quoted with ")`;
  }
  return kind;
}

/**
 * Names a value so that SQL can use it twice: DuckDB has no LET, and writing it twice makes long
 * expressions grow without bound.
 */
export function sqlLet(value: string, body: (name: string) => string): string {
  return `list_transform([${value}], lambda v: ${body("v")})[1]`;
}
