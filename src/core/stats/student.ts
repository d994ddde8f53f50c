import { logGamma } from "./gamma.ts";
import { normalQuantile } from "./normal.ts";

const MOST_STEPS = 10_000;
const TINY = 1e-300;

/**
 * The upper tail of Student's t distribution: how often a t of so many degrees of freedom (not
 * necessarily whole) is greater than this one.
 *
 * Source: Numerical Recipes, 3rd edition, 6.4 and 6.14.9: Lentz' continued fraction of the incomplete beta
 * function.
 *
 * @example studentTail(0, 5) // => 0.5
 * @example studentTail(2, 10) // => 0.03669401738537…
 * @example studentTail(-Infinity, 3) // => 1
 */
export function studentTail(t: number, degrees: number): number {
  if (Number.isNaN(t) || !(degrees > 0)) return Number.NaN;
  if (t < 0) return 1 - studentTail(-t, degrees);
  if (t === Infinity) return 0;
  if (t === 0) return 0.5;
  const a = degrees / 2;
  const x = degrees / (degrees + t * t);
  const front = Math.exp(
    a * Math.log1p((-t * t) / (degrees + t * t)) +
      0.5 * Math.log1p(-x) +
      logGammaHalf(a) -
      0.5 * Math.log(Math.PI),
  );
  const whole =
    x < (a + 1) / (a + 2.5) ? (front * fraction(x, a, 0.5)) / a : 1 - front * 2 * fraction(1 - x, 0.5, a);
  return whole / 2;
}

/**
 * The t below which a share of Student's distribution lies; the share is at least a half.
 *
 * @example studentQuantile(0.975, 10) // => 2.22813885198…
 * @example studentQuantile(0.5, 3) // => 0
 */
export function studentQuantile(share: number, degrees: number): number {
  if (!(share >= 0.5 && share < 1)) return share === 1 ? Infinity : Number.NaN;
  const scale = logGammaHalf(degrees / 2) - 0.5 * Math.log(degrees * Math.PI);
  // the tail is convex above 0 and the normal quantile lies below the root, so Newton's steps only rise
  let t = normalQuantile(share);
  for (let step = 0; step < MOST_STEPS; step++) {
    const density = Math.exp(scale - ((degrees + 1) / 2) * Math.log1p((t * t) / degrees));
    const next = t + (studentTail(t, degrees) - (1 - share)) / density;
    if (!(next - t > Math.abs(t) * 1e-14)) break;
    t = next;
  }
  return t;
}

/** ln Γ(a + ½) − ln Γ(a): for large a by its series, since the difference of the two would lose its digits. */
function logGammaHalf(a: number): number {
  if (a < 40) return logGamma(a + 0.5) - logGamma(a);
  const inverse = 1 / a;
  return 0.5 * Math.log(a) - inverse * (1 / 8 - inverse ** 2 * (1 / 192 - inverse ** 2 / 640));
}

function fraction(x: number, a: number, b: number): number {
  const kept = (value: number): number => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m < MOST_STEPS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return value;
}
