import { normalQuantile } from "../stats/normal.ts";
import { normalBelow } from "../stats/normal-tail.ts";
import { mean } from "../stats/sum.ts";

/** A number again with each row left out in turn. */
export interface LeftOut {
  readonly values: Float64Array;
  /** For each value how many rows it stands for; absent where it is one each. */
  readonly counts?: Float64Array;
}

/**
 * Which shares of the resampled values bound the bias-corrected and accelerated (BCa) interval: the
 * percentile interval's 2.5 % and 97.5 %, moved by how far the resamples lie to one side of the value,
 * and by how the value's own scatter changes with it (a sixth of the skewness of the rows' influence).
 *
 * `undefined` where it is not defined: the value lies outside all resamples, or leaving any one row out
 * changes nothing, or leaves the number undefined.
 *
 * Source: B. Efron, "Better bootstrap confidence intervals" (1987); Efron and Tibshirani, An Introduction
 * to the Bootstrap (1993), chapter 14.
 *
 * @param known resampled values, none of them NaN
 * @example bcaShares([1, 2, 3, 4], 2.5, { values: Float64Array.of(1, 2, 3) }, 0.5)?.[1].toFixed(9) // => "0.750000000"
 * @example bcaShares([1, 2, 3], 9, { values: Float64Array.of(1, 2, 3) }, 0.95) // => undefined
 */
export function bcaShares(
  known: ArrayLike<number>,
  value: number,
  leftOut: LeftOut,
  confidence: number,
): readonly [low: number, high: number] | undefined {
  const bias = normalQuantile(shareBelow(known, value));
  const speed = acceleration(leftOut);
  if (!(Number.isFinite(bias) && Number.isFinite(speed))) return undefined;
  const moved = (share: number): number => {
    const z = bias + normalQuantile(share);
    return normalBelow(bias + z / (1 - speed * z));
  };
  return [moved(0.5 - confidence / 2), moved(0.5 + confidence / 2)];
}

/** Equal ones count half. */
function shareBelow(values: ArrayLike<number>, value: number): number {
  let twice = 0;
  for (let i = 0; i < values.length; i++) {
    const own = values[i] as number;
    twice += own < value ? 2 : own === value ? 1 : 0;
  }
  return twice / (2 * values.length);
}

/**
 * Σ dᵢ³ / (6 (Σ dᵢ²)^1.5), where dᵢ is the mean of all values less the one without row i. NaN where all
 * are equal.
 *
 * @example acceleration({ values: Float64Array.of(0, 0, 3) }) // => -0.0680413817439771…
 * @example acceleration({ values: Float64Array.of(0, 3), counts: Float64Array.of(2, 1) }) // => -0.0680413817439771…
 */
export function acceleration({ values, counts }: LeftOut): number {
  const of = (row: number): number => (counts === undefined ? 1 : (counts[row] as number));
  let rows = 0;
  for (let row = 0; row < values.length; row++) rows += of(row);
  const center =
    counts === undefined
      ? mean(values)
      : mean(values.map((value, row) => value * of(row))) * (values.length / rows);
  let [squares, cubes] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const apart = center - (values[row] as number);
    squares += of(row) * apart * apart;
    cubes += of(row) * apart * apart * apart;
  }
  return squares === 0 ? Number.NaN : cubes / (6 * squares ** 1.5);
}
