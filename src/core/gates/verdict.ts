/** What is decided of one gate, and of all together. No data is never a pass. */
export const VERDICTS = ["pass", "warn", "inconclusive", "fail"] as const;
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
