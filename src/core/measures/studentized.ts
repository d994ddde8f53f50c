import type { Interval } from "../report/report.ts";
import { quantile } from "../stats/quantile.ts";
import { bootstrap } from "./bootstrap.ts";
import type { Certainty } from "./interval.ts";
import type { Measured, RowSums } from "./metrics/metric.ts";

/** A sum of amounts by a sum of what they are held against; a mean is held against 1 a row. */
export interface Quotient {
  readonly values: Float64Array;
  readonly over: Float64Array;
}

/**
 * The bootstrap-t interval of a quotient, or of the difference of two on the same rows: what each resample is
 * off is measured in its own standard error. Amounts with a long tail on one side make the percentile interval too
 * short on the other; this one keeps its promise on either side, which an accusation needs.
 *
 * Null where a standard error is not defined. Ends may be infinite where rows are few.
 *
 * Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 12.5; P. Hall, "Theoretical
 * comparison of bootstrap confidence intervals" (1988).
 */
export function studentized(
  one: Quotient,
  other: Quotient | undefined,
  certainty: Certainty,
  confidence: number,
): Interval | null {
  const rows = one.values.length;
  const columns = [one.values, one.over, ...(other === undefined ? [] : [other.values, other.over])];
  const amounts = [...columns, ...products(columns)];
  const all = amounts.map((amount) => amount.reduce((sum, value) => sum + value, 0));
  const { value, error } = estimate(all, columns.length);
  if (!Number.isFinite(value) || !(error > 0)) return null;
  const offset: RowSums["value"] = (sums) => {
    const drawn = estimate(sums, columns.length);
    return (drawn.value - value) / drawn.error;
  };
  const measured: Measured = { value: 0, sums: () => ({ slots: 1, amounts, value: offset }) };
  const { values, title } = bootstrap([[measured]], rows, certainty);
  const drawn = (values[0]?.[0] ?? new Float64Array()).filter((t) => !Number.isNaN(t)).sort();
  if (drawn.length < LEAST * certainty.resamples) return null;
  const beyond = 0.5 - confidence / 2;
  return {
    low: value - quantile(drawn, 1 - beyond) * error,
    high: value - quantile(drawn, beyond) * error,
    confidence,
    method: `bootstrap-t of ${title}`,
  };
}

/** So large a part of the resamples must define it. */
const LEAST = 0.9;

/** Every product of two columns, row by row: the squares, and those across. */
function products(columns: readonly Float64Array[]): Float64Array[] {
  return columns.flatMap((a, i) =>
    columns.slice(i).map((b) => a.map((value, row) => value * (b[row] as number))),
  );
}

/** The quotient, or the difference of two, and its standard error to first order. */
function estimate(
  sums: ArrayLike<number>,
  columns: number,
): { readonly value: number; readonly error: number } {
  const at = (place: number): number => sums[place] as number;
  const first = at(0) / at(1);
  const second = columns > 2 ? at(2) / at(3) : 0;
  const factors = [1 / at(1), -first / at(1), -1 / at(3), second / at(3)];
  let variance = 0;
  let place = columns;
  for (let i = 0; i < columns; i++) {
    for (let j = i; j < columns; j++) {
      const twice = i === j ? 1 : 2;
      variance += twice * (factors[i] as number) * (factors[j] as number) * at(place++);
    }
  }
  return { value: first - second, error: Math.sqrt(Math.max(0, variance)) };
}
