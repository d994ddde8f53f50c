import { UserError } from "../../errors.ts";
import type { Column } from "../tables/column.ts";
import { compareText } from "../text/order.ts";

/**
 * A column's values as class names; a missing one is undefined. `1` and `1.0` are the same class, and
 * a boolean is `true` or `false`.
 */
export function classNames(column: Column): (string | undefined)[] {
  if (column.kind === "text") return Array.from(column.codes, (code) => column.words[code]);
  return Array.from(column.values, (value) => {
    if (Number.isNaN(value)) return undefined;
    return column.kind === "boolean" ? String(value === 1) : String(value);
  });
}

/**
 * The classes in the order of their indices: numbers by size, else by code point; of two the positive
 * one comes second.
 *
 * @param positive the positive class's name, where the user says it
 * @throws {UserError} where there are two classes and nobody knows which is the positive one
 *
 * @example orderClasses(["b", "a", "c", "a"], undefined) // => ["a", "b", "c"]
 * @example orderClasses(["10", "9"], "9") // => ["10", "9"]
 * @example orderClasses(["1", "1"], "1") // => ["not 1", "1"]
 * @example orderClasses(["yes", "no"], undefined) // throws "say which"
 */
export function orderClasses(names: Iterable<string | undefined>, positive: string | undefined): string[] {
  const distinct = new Set<string>();
  for (const name of names) if (name !== undefined) distinct.add(name);
  const sorted = [...distinct].sort(byValue);
  if (positive !== undefined && sorted.length <= 2) {
    const [other] = sorted.filter((name) => name !== positive);
    if (sorted.length === 2 && !distinct.has(positive)) {
      throw new UserError(`the positive class "${positive}" is not among the labels: ${quoted(sorted)}`);
    }
    return [other ?? `not ${positive}`, positive];
  }
  if (sorted.length === 2 && !KNOWN_PAIRS.has(sorted.join())) {
    throw new UserError(`the label is ${quoted(sorted)}; say which of them is the positive class`);
  }
  return sorted;
}

/** Pairs whose second member everybody takes for the positive one. */
const KNOWN_PAIRS: ReadonlySet<string> = new Set(["0,1", "-1,1", "false,true"]);

/**
 * Class indices of a column.
 *
 * @throws {UserError} that counts the rows without a value or with one that is no class
 */
export function classIndices(column: Column, classes: readonly string[], noun: string): Int32Array {
  const places = new Map(classes.map((name, index) => [name, index]));
  const names = classNames(column);
  const missing = names.filter((name) => name === undefined).length;
  if (missing > 0)
    throw new UserError(
      `${missing} of ${names.length} rows ${missing === 1 ? "has" : "have"} no ${noun}; leave these rows out or mend them`,
    );
  const strangers = new Set(names.filter((name) => name !== undefined && !places.has(name)));
  if (strangers.size > 0) {
    throw new UserError(
      `the ${noun} holds ${strangers.size} values that are no class; the classes are ${quoted(classes)}`,
    );
  }
  return Int32Array.from(names, (name) => places.get(name ?? "") ?? -1);
}

function byValue(a: string, b: string): number {
  const [x, y] = [Number(a), Number(b)];
  return Number.isNaN(x) || Number.isNaN(y) ? compareText(a, b) : x - y;
}

const quoted = (names: readonly string[]): string =>
  names.length > 12 ? `${names.length} values` : names.map((name) => `"${name}"`).join(", ");
