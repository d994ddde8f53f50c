/**
 * What a step wants to know of the training rows of one column. Whoever has an engine asks; the
 * steps stay pure.
 */
export interface Asked {
  /** Mean and standard deviation. */
  readonly moments?: true;
  /** Smallest and largest value. */
  readonly range?: true;
  /** Shares from 0 to 1, answered in this order. */
  readonly quantiles?: readonly number[];
  /** The most frequent value; of several the smallest. */
  readonly mode?: true;
  /** The `most` most frequent values that stand at least `least` times. */
  readonly categories?: { readonly most: number; readonly least: number };
}

/** A value of a column: times are milliseconds since 1970. */
export type Value = number | boolean | string;

/** What the training rows answer about one column: only what was asked is filled in, the rest is empty or NaN. */
export interface Answers {
  /** Training rows, and those of them that have a value. */
  readonly rows: number;
  readonly present: number;
  /** Of the values that are there; NaN where none is. The deviation divides by n. */
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly greatest: number;
  readonly quantiles: readonly number[];
  readonly mode: Value | undefined;
  /** Ascending: numbers as numbers, texts by code point. */
  readonly categories: readonly Value[];
}
