import { setState, tellIssue } from "./issues.ts";
import type { Doing } from "./routes.ts";
import type { Repository } from "./world.ts";

const WORDS = /\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):?\s+#(\d+)\b/gi;

/**
 * The issues that a text closes when it comes to the default branch: a pull request's description, or a
 * commit's message.
 *
 * @example closes("A retrained model. Closes #3, fixes: #4 and mentions #5.") // => [3, 4]
 */
export const closes = (text: string): readonly number[] => [
  ...new Set([...text.matchAll(WORDS)].map(([, number]) => Number(number))),
];

/** Closes what a text says. @param by what is named on the issue's page: `#7`, or a commit */
export async function closeBySaying(
  doing: Doing,
  repository: Repository,
  text: string,
  by: string,
): Promise<void> {
  for (const number of closes(text)) {
    const issue = repository.issues.get(number);
    if (issue === undefined || issue.pull !== undefined || issue.state === "closed") continue;
    setState(doing, issue, "closed", "completed", by);
    await tellIssue(doing, repository, issue, "closed");
  }
}
