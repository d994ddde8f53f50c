import { duplicateBody, issueMarker } from "../../core/triage/body.ts";
import type { Forge, Issue } from "../../ports/forge.ts";

/**
 * The issues of a model in an environment that are ours, by marker and author. Labels do not count:
 * people may take them away.
 */
export const ourIssues = (forge: Forge, model: string, environment: string): Promise<readonly Issue[]> =>
  forge.issues.find(issueMarker(model, environment), []);

/**
 * Closes what says the same as an older open issue, as two runs at once may leave it.
 *
 * @returns what is left
 */
export async function withoutDuplicates(
  forge: Forge,
  marker: string,
  issues: readonly Issue[],
): Promise<readonly Issue[]> {
  const open = issues.filter(({ state }) => state === "open").sort((a, b) => a.number - b.number);
  const [oldest] = open;
  const doubled = open.slice(1).filter(({ locked }) => !locked);
  for (const { number, body } of oldest === undefined ? [] : doubled) {
    await forge.issues.update(number, {
      body: duplicateBody(body, marker, oldest?.number ?? 0),
      state: "closed",
      reason: "duplicate",
    });
  }
  return issues.filter((issue) => !doubled.includes(issue));
}
