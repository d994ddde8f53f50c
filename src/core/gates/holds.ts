import type { Operator } from "./condition.ts";

const ROUNDING = 1e-12; // what sums of a million doubles may be off by

/**
 * Whether a value satisfies a limit; what only rounding tells apart is equal.
 *
 * @example holds(0.8 - 0.1, ">=", 0.7) // => true
 * @example holds(0.1 + 0.7, "<", 0.8) // => false
 */
export function holds(value: number, operator: Operator, limit: number): boolean {
  const gap = value - limit;
  const close = Math.abs(gap) <= ROUNDING * Math.max(1, Math.abs(limit)); // 0.8 - 0.1 is not 0.7, but means it
  switch (operator) {
    case ">=":
      return gap >= 0 || close;
    case "<=":
      return gap <= 0 || close;
    case ">":
      return gap > 0 && !close;
    case "<":
      return gap < 0 && !close;
  }
}
