import * as z from "zod";
import type { Column, ColumnKind } from "../tables/column.ts";
import type { Answers, Asked } from "./answers.ts";

/** One feature step of the contract for one column. */
export interface Spec {
  readonly step: string;
  readonly column: string;
}

/** What was learnt of it: part of the recipe. */
export interface Fitted {
  readonly step: string;
  readonly column: string;
  /** Names of the features it makes, in their order. */
  readonly outputs: readonly string[];
}

/**
 * What a step makes of a column: one number a row, or a row's only 1 among `width` zeros (−1: none).
 */
export type Made =
  | { readonly kind: "values"; readonly values: Float64Array }
  | { readonly kind: "hot"; readonly hot: Int32Array; readonly width: number };

/**
 * One kind of feature step. `fit` sees answers about the training rows; `apply` sees columns, each
 * value on its own, so that a batch and a single row give the same bits.
 */
export interface FeatureKind<S extends Spec = Spec, F extends Fitted = Fitted> {
  readonly name: string;
  /** The kinds of column that it takes. */
  readonly accepts: readonly ColumnKind[];
  /** Whether a missing value has a meaning here. Else it makes NaN, and is refused in training. */
  readonly takesMissing: boolean;
  /** What the recipe holds of it. */
  readonly fitted: z.ZodType<F>;
  asks(spec: S): Asked;
  fit(spec: S, answers: Answers): F;
  apply(fitted: F, column: Column): Made;
  /** The same in SQL, for fitting a later step on it. Absent where no later step may name it. */
  sql?(fitted: F, column: string): string;
  /** Its SQL ends in a function whose last digit depends on the C library. */
  readonly approximate?: boolean;
}

/** What every fitted step holds. */
export const fittedShape = {
  column: z.string().min(1),
  outputs: z.array(z.string().min(1)).min(1).max(100_000),
};

/** The outputs of a step that makes a single feature. */
export const one = { outputs: z.tuple([z.string().min(1)]) };

/** One number a row; missing stays NaN. */
export function valuesOf(column: Column, f: (x: number) => number): Made {
  if (column.kind === "text") throw new TypeError("the recipe let a text through");
  const values = new Float64Array(column.values.length);
  for (let i = 0; i < values.length; i++) {
    const x = column.values[i] as number;
    values[i] = Number.isFinite(x) ? f(x) : NaN;
  }
  return { kind: "values", values };
}

/** A number for each row, computed once a category; `missing` where there is no value. */
export function codesOf(column: Column, f: (category: string) => number, missing: number): Float64Array {
  const known = new Map<number, number>(); // sparse: batches share a dictionary of all words
  const once = (key: number, category: () => string): number => {
    const answer = known.get(key) ?? f(category());
    known.set(key, answer);
    return answer;
  };
  if (column.kind === "text") {
    const { words } = column;
    return Float64Array.from(column.codes, (code) => {
      const word = words[code];
      return word === undefined ? missing : once(code, () => word);
    });
  }
  const text = column.kind === "boolean" ? (x: number) => String(x === 1) : categoryText;
  return Float64Array.from(column.values, (x) => (Number.isFinite(x) ? once(x, () => text(x)) : missing));
}

/**
 * A value as the name of a category: numbers as JavaScript writes them, −0 as 0.
 *
 * @example categoryText(3) // => "3"
 * @example categoryText(-0) // => "0"
 * @example categoryText(true) // => "true"
 */
export function categoryText(value: number | boolean | string): string {
  return String(value === 0 ? 0 : value);
}
