import type { Random } from "./random.ts";

/** Below this many expected successes, counting up from zero is faster than rejection. */
const SMALL = 10;

/**
 * One draw from the binomial distribution: successes in `trials` tries of probability `chance`.
 *
 * Exact for every size: inversion where few successes are expected, else Hörmann's transformed
 * rejection BTRS. A chance of at most 0 gives 0, of at least 1 gives `trials`.
 *
 * Source: W. Hörmann, "The generation of binomial random variates" (1993).
 *
 * @example binomial(5, 1, { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => 5
 * @example binomial(0, 0.5, { next: () => 0, uniform: () => 0.5, below: () => 0 }) // => 0
 */
export function binomial(trials: number, chance: number, random: Random): number {
  if (trials <= 0 || chance <= 0) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - binomial(trials, 1 - chance, random);
  return trials * chance < SMALL ? byInversion(trials, chance, random) : byRejection(trials, chance, random);
}

/** Adds up P(0), P(1), … until the sum passes a uniform number. */
function byInversion(trials: number, chance: number, random: Random): number {
  const odds = chance / (1 - chance);
  const start = Math.exp(trials * Math.log1p(-chance));
  for (;;) {
    let probability = start;
    let rest = random.uniform();
    for (let successes = 0; successes <= trials; successes++) {
      if (rest <= probability) return successes;
      rest -= probability;
      probability *= (odds * (trials - successes)) / (successes + 1);
    }
  } // rounding alone can get past the last; then it is drawn anew
}

function byRejection(trials: number, chance: number, random: Random): number {
  const spread = Math.sqrt(trials * chance * (1 - chance));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * chance;
  const center = trials * chance + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const odds = chance / (1 - chance);
  const mode = Math.floor((trials + 1) * chance);
  for (;;) {
    const u = random.uniform() - 0.5;
    let v = random.uniform();
    const half = 0.5 - Math.abs(u);
    const successes = Math.floor(((2 * a) / half + b) * u + center);
    if (half >= 0.07 && v <= squeeze) return successes;
    if (successes < 0 || successes > trials) continue;
    v = Math.log((v * alpha) / (a / (half * half) + b));
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (trials - mode + 1))) +
      tail(mode) +
      tail(trials - mode) +
      (trials + 1) * Math.log((trials - mode + 1) / (trials - successes + 1)) +
      (successes + 0.5) * Math.log((odds * (trials - successes + 1)) / (successes + 1)) -
      tail(successes) -
      tail(trials - successes);
    if (v <= bound) return successes;
  }
}

/** ln k! less Stirling's approximation of it: exact for k below ten, then its series. */
function tail(k: number): number {
  const known = TAILS[k];
  if (known !== undefined) return known;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

/** ln k! − (k + ½) ln(k + 1) + (k + 1) − ½ ln 2π for k = 0 … 9. */
const TAILS: readonly number[] = Array.from({ length: 10 }, (_, k) => {
  let factorial = 1;
  for (let i = 2; i <= k; i++) factorial *= i;
  return Math.log(factorial) - (k + 0.5) * Math.log(k + 1) + (k + 1) - 0.5 * Math.log(2 * Math.PI);
});
