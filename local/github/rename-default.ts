import { git } from "./git.ts";
import { isPull } from "./pulls.ts";
import type { Repository } from "./world.ts";

/**
 * Gives the default branch another name, as the settings page does: open pull requests and rules of the
 * branch go with it, and nothing is told of it.
 */
export async function renameDefault(repository: Repository, to: string): Promise<void> {
  const from = repository.defaultBranch;
  await git(repository.folder, ["branch", "--move", from, to]);
  await git(repository.folder, ["symbolic-ref", "HEAD", `refs/heads/${to}`]);
  repository.defaultBranch = to;
  const rules = repository.rules.get(from);
  if (rules !== undefined) {
    repository.rules.delete(from);
    repository.rules.set(to, { ...rules, branch: to });
  }
  for (const issue of repository.issues.values()) {
    if (isPull(issue) && issue.state === "open" && issue.pull.base.ref === from) issue.pull.base.ref = to;
  }
}
