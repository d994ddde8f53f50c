import { callsIn } from "./calls.ts";
import type { Workflow } from "./workflow.ts";

/**
 * What the summary of a pull request says where its base branch has no judge yet, in Markdown: GitHub
 * starts `workflow_run` from the default branch alone, so the pull request that brings the judge has no
 * verdict itself.
 *
 * @param base the base branch's workflow files
 * @returns undefined where the judge is there
 *
 * @example beginningNote([]).startsWith("**Verdicts begin when this is merged.**") // => true
 */
export function beginningNote(base: readonly Workflow[]): string | undefined {
  if (callsIn(base).some(({ called }) => called === "judge")) return undefined;
  return [
    "**Verdicts begin when this is merged.** This pull request is trained, which shows that data, contract and training work.",
    "It has no verdict yet: GitHub starts the workflow that judges from the default branch alone, and the base branch does not have it.",
    "After the merge every pull request gets one; `npx trainyard doctor` says what is left to do then.",
  ].join(" ");
}
