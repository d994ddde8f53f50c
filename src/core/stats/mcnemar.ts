import { chiSquareTail } from "./chi-square.ts";
import { logGamma } from "./gamma.ts";

/**
 * McNemar's exact test: of the rows that only one of two models decides rightly, how far from halves they
 * fall. The two-sided p-value, at most 1; 1 where the models never differ.
 *
 * With `mid` the outcome itself counts half: nearer to the share that it promises, since the exact one
 * promises too much caution, but no longer sure never to exceed it.
 *
 * Source: Q. McNemar (1947); M. W. Fagerland, S. Lydersen and P. Laake, "The McNemar test for binary
 * matched-pairs data: mid-p and asymptotic are better than exact conditional" (2013).
 *
 * @param candidate rows that only the candidate decides rightly
 * @param baseline rows that only the baseline decides rightly
 * @example mcnemarExact(1, 5) // => 0.2187499999999…
 * @example mcnemarExact(1, 5, { mid: true }) // => 0.1249999999999…
 * @example mcnemarExact(0, 0) // => 1
 */
export function mcnemarExact(candidate: number, baseline: number, { mid = false } = {}): number {
  const rows = candidate + baseline;
  const fewer = Math.min(candidate, baseline);
  if (rows === 0) return 1;
  const outcome = Math.exp(
    logGamma(rows + 1) - logGamma(fewer + 1) - logGamma(rows - fewer + 1) - rows * Math.LN2,
  );
  let term = outcome;
  let tail = outcome;
  for (let k = fewer; k > 0 && term > tail * Number.EPSILON; k--) {
    term *= k / (rows - k + 1);
    tail += term;
  }
  return Math.min(1, 2 * tail - (mid ? outcome : 0));
}

/**
 * McNemar's test with the continuity correction, for many rows: χ² = (|b − c| − 1)² / (b + c) of one
 * degree of freedom. 1 where the models never differ.
 *
 * @example mcnemarCorrected(10, 25) // => 0.01796…
 * @example mcnemarCorrected(0, 0) // => 1
 */
export function mcnemarCorrected(candidate: number, baseline: number): number {
  const rows = candidate + baseline;
  if (rows === 0) return 1;
  // statsmodels does not hold |b − c| − 1 at 0 and neither do we: for b = c it says 1 / (b + c)
  return chiSquareTail((Math.abs(candidate - baseline) - 1) ** 2 / rows, 1);
}
