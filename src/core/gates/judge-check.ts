import type { Verdict } from "./verdict.ts";

/** What a check found, as far as the verdict goes. */
export interface Finding {
  readonly count: number | null;
  readonly rows: number;
  readonly holds?: boolean | undefined;
}

/**
 * What a data check's measurement means. No row to look at is never a pass.
 *
 * @param allow the share of rows that may break it
 * @param severity what a breach means
 * @example judgeCheck({ count: 2, rows: 100 }, 0.01, "fail") // => "fail"
 * @example judgeCheck({ count: 1, rows: 100 }, 0.01, "fail") // => "pass"
 * @example judgeCheck({ count: 0, rows: 0 }, 0, "fail") // => "inconclusive"
 * @example judgeCheck({ count: null, rows: 0, holds: false }, 0, "warn") // => "warn"
 */
export function judgeCheck(
  { count, rows, holds }: Finding,
  allow: number,
  severity: "fail" | "warn",
): Verdict {
  if (count === null) return holds === undefined ? "inconclusive" : holds ? "pass" : severity;
  if (rows === 0) return "inconclusive";
  // Multiplied, not divided: 3 of 300 is not more than 1 %, whatever 3 / 300 rounds to.
  return count > allow * rows + rows * Number.EPSILON ? severity : "pass";
}
