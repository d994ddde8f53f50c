/**
 * The logarithm of the gamma function of a positive number.
 *
 * Lanczos' approximation with g = 7 and nine terms: relative error about 1e-15.
 *
 * Source: C. Lanczos (1964); the coefficients are P. Godfrey's (2001).
 *
 * @example logGamma(1) // => 0
 * @example logGamma(5) // => 3.17805383034794…
 */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const series = LANCZOS.reduce((total, term, i) => total + (i === 0 ? term : term / (x - 1 + i)), 0);
  const value = 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(series);
  return x === 1 || x === 2 ? 0 : value;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const MOST_STEPS = 10_000;
const EXACT = 1e-16;

/**
 * The regularised upper incomplete gamma function Q(a, x): what is left of the gamma distribution of
 * shape a beyond x. Small values keep their digits.
 *
 * Source: Numerical Recipes, 3rd edition, 6.2: the series below a + 1, Lentz' continued fraction above.
 *
 * @example gammaTail(1, 0) // => 1
 * @example gammaTail(1, 2) // => 0.13533528323661…
 */
export function gammaTail(a: number, x: number): number {
  if (Number.isNaN(a) || Number.isNaN(x) || a <= 0) return Number.NaN;
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let step = 1; step < MOST_STEPS && term > total * EXACT; step++) {
    term *= x / (a + step);
    total += term;
  }
  return total;
}

function fraction(a: number, x: number): number {
  const tiny = 1e-300;
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let step = 1; step < MOST_STEPS; step++) {
    const an = -step * (step - a);
    b += 2;
    d = 1 / (Math.abs(an * d + b) < tiny ? tiny : an * d + b);
    c = Math.abs(b + an / c) < tiny ? tiny : b + an / c;
    value *= d * c;
    if (Math.abs(d * c - 1) < EXACT * 8) break;
  }
  return value;
}
