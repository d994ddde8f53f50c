import { git, gitOr } from "./git.ts";
import type { PullIssue } from "./pulls.ts";
import type { Account, Repository } from "./world.ts";

const PLACES = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"] as const;

/** A line's pattern as a regular expression: as in .gitignore, without negation. */
function expression(pattern: string): RegExp {
  const anchored = pattern.replace(/\/$/, "").includes("/");
  const inner = pattern
    .replace(/^\//, "")
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/?|\*|\?/g, (found) => (found.startsWith("**") ? ".*" : found === "*" ? "[^/]*" : "[^/]"));
  const end = pattern.endsWith("/") ? "" : pattern.endsWith("/*") ? "$" : "(/|$)";
  return new RegExp(`${anchored ? "^" : "(^|/)"}${inner}${end}`);
}

/** Who owns a path by the text of a CODEOWNERS file: the last line that fits decides. */
export function ownersOf(file: string, path: string): readonly string[] {
  const lines = file
    .split("\n")
    .map((line) => line.replace(/(^|\s)#.*$/, "").trim())
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/));
  const found = lines.findLast(([pattern = ""]) => expression(pattern).test(path));
  return found?.slice(1) ?? [];
}

/** Whether a changed file has owners of whom none has approved. Teams cannot be resolved and count as not having. */
export async function ownersMissing(
  repository: Repository,
  { pull }: PullIssue,
  approvers: readonly Account[],
): Promise<boolean> {
  let file: string | undefined;
  for (const place of PLACES) {
    file ??= await gitOr(repository.folder, ["show", `refs/heads/${pull.base.ref}:${place}`]);
  }
  if (file === undefined) return false;
  const parted = await git(repository.folder, ["merge-base", pull.base.sha, pull.head.sha]);
  const changed = await git(repository.folder, ["diff", "--name-only", parted, pull.head.sha]);
  const approved = new Set(approvers.map(({ login }) => `@${login.toLowerCase()}`));
  return changed.split("\n").some((path) => {
    const owners = ownersOf(file, path);
    return owners.length > 0 && !owners.some((owner) => approved.has(owner.toLowerCase()));
  });
}
