/**
 * Sums that do not depend on the order of the rows, as SQL.
 *
 * Adding doubles rounds at each step, so a sum differs from one number of threads to another. Here
 * each value is scaled by a power of two, which is exact, and rounded to a 128-bit integer; integers add
 * up to the same total in any order. With the largest value at 2^e and n rows, a value keeps its bits
 * down to 2^(e − 125 + log2 n): more than any double has, unless values differ by 2^50 and cancel.
 */
export interface FixedPoint {
  /** Values are multiplied by two to this power. */
  readonly shift: number;
}

/** Bits of a signed 128-bit integer that a total may fill. */
const BITS = 126;

/** Largest power of two that a double holds; a scale beyond it is applied in two steps. */
const STEP = 1000;

/**
 * The scale for `count` values of which none is larger than `largest` in size.
 *
 * @example fixedPoint(1, 1) // => { shift: 124 }
 * @example fixedPoint(1000, 1_000_000) // => { shift: 96 }
 * @example fixedPoint(0, 5) // => { shift: 0 }
 */
export function fixedPoint(largest: number, count: number): FixedPoint {
  if (largest === 0 || count === 0) return { shift: 0 };
  // One bit of room each for the exponents, which log2 may round down at a power of two.
  return { shift: BITS - exponentAbove(largest) - exponentAbove(count) };
}

/**
 * An e with x < 2^e, for positive finite x; the smallest, or one more where a logarithm is rounded up.
 *
 * @example exponentAbove(1) // => 1
 * @example exponentAbove(0.3) // => -1
 */
export function exponentAbove(x: number): number {
  let e = Math.floor(Math.log2(x)) + 1;
  if (x >= 2 ** Math.min(e, 1023) && e <= 1023) e++;
  return e;
}

/**
 * An aggregate that adds up a DOUBLE expression in fixed point; rows in which it is NULL count for nothing.
 *
 * @example exactSum("x", { shift: 3 }) // => "sum(CAST(round((x) * 8e0) AS HUGEINT))"
 */
export function exactSum(expression: string, { shift }: FixedPoint): string {
  return `sum(CAST(round(${scaled(`(${expression})`, shift)}) AS HUGEINT))`;
}

/** A DOUBLE expression times two to the power `shift`, exactly while the result is a normal double. */
export function scaled(expression: string, shift: number): string {
  let text = expression;
  for (let left = shift; left !== 0; ) {
    const step = Math.max(-STEP, Math.min(STEP, left));
    text = `${text} * ${literal(2 ** step)}`;
    left -= step;
  }
  return text;
}

/** A double as SQL reads it back, digit for digit; with an exponent, so that no engine takes it for a DECIMAL. */
export function literal(value: number): string {
  const text = String(value);
  return text.includes("e") ? text : `${text}e0`;
}

/**
 * The double nearest to a total in fixed point.
 *
 * @example fromFixed(12n, { shift: 3 }) // => 1.5
 */
export function fromFixed(total: bigint, { shift }: FixedPoint): number {
  let value = Number(total);
  for (let left = shift; left !== 0; ) {
    const step = Math.max(-STEP, Math.min(STEP, left));
    value *= 2 ** -step;
    left -= step;
  }
  return value;
}

/**
 * The double nearest to a total in fixed point, divided by a whole number: a mean that is rounded once.
 *
 * @example fixedMean(10n, { shift: 0 }, 4) // => 2.5
 */
export function fixedMean(total: bigint, fixed: FixedPoint, count: number): number {
  if (count === 0) return Number.NaN;
  // 65 more bits lie far beyond a double's 53; the last of them says whether the division left a rest.
  const [dividend, divisor] = [total << 65n, BigInt(count)];
  const rest = dividend % divisor === 0n ? 0n : 1n;
  return fromFixed((dividend / divisor) | rest, { shift: fixed.shift + 65 });
}
