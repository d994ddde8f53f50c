/**
 * What is decided of one gate, and of all together, from the least grave on. No data is never a pass, and nor is
 * what a waiver lets through.
 */
export const VERDICTS = ["pass", "warn", "waived", "inconclusive", "fail"] as const;
export type Verdict = (typeof VERDICTS)[number];

/**
 * The gravest of several verdicts; `pass` where there are none.
 *
 * @example gravest(["pass", "fail", "warn"]) // => "fail"
 * @example gravest([]) // => "pass"
 */
export function gravest(verdicts: Iterable<Verdict>): Verdict {
  let worst = 0;
  for (const verdict of verdicts) worst = Math.max(worst, VERDICTS.indexOf(verdict));
  return VERDICTS[worst] ?? "pass";
}
