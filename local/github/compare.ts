import { notFound, ok } from "./answers.ts";
import { commitsOf, commitView, filesBetween, readCommit } from "./commits.ts";
import { commitOf, git, gitOr } from "./git.ts";
import { pageOf as pageOfList } from "./pages-of-lists.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { on, param, type RepositoryCall, type Route } from "./routes.ts";
import { findRepository, rootOf } from "./world.ts";

/** A commit as one side of a comparison names it: `main`, a hash, or `owner:branch` of a fork. */
async function side(call: RepositoryCall, name: string): Promise<string> {
  const { world, repository } = call;
  const [owner, branch] = name.includes(":") ? name.split(":", 2) : [undefined, name];
  const forks = [...world.repositories.values()].filter(
    (other) =>
      rootOf(other) === rootOf(repository) && other.owner.login.toLowerCase() === owner?.toLowerCase(),
  );
  const where =
    owner === undefined ? repository : (forks[0] ?? findRepository(world, `${owner}/${repository.name}`));
  const sha = where ? await commitOf(where.folder, branch ?? "") : undefined;
  if (!sha) throw notFound();
  return sha;
}

/** How two commits differ, from where they parted. */
export const compareRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/compare/{basehead}", [{ contents: "read" }], async (call) => {
    const { world, repository } = call;
    const [left, right] = param(call, "basehead").split("...");
    const [base, head] = [await side(call, left ?? ""), await side(call, right ?? "")];
    const parted = await gitOr(repository.folder, ["merge-base", base, head]);
    if (!parted) throw notFound(`No common ancestor between ${left} and ${right}.`);
    const count = async (from: string, to: string): Promise<number> =>
      Number(await git(repository.folder, ["rev-list", "--count", `${from}..${to}`]));
    const [ahead, behind] = [await count(base, head), await count(head, base)];
    const view = async (sha: string): Promise<unknown> =>
      commitView(world, repository, await readCommit(repository, sha));
    const commits = await commitsOf(repository, ["--reverse", `${base}..${head}`]);
    const page = pageOfList(call, commits);
    const url = `${apiOf(world, repository)}/compare/${left}...${right}`;
    const html = `${pageOf(world, repository)}/compare/${left}...${right}`;
    return ok(
      {
        url,
        html_url: html,
        permalink_url: html,
        diff_url: `${html}.diff`,
        patch_url: `${html}.patch`,
        base_commit: await view(base),
        merge_base_commit: await view(parted),
        status: ahead > 0 ? (behind > 0 ? "diverged" : "ahead") : behind > 0 ? "behind" : "identical",
        ahead_by: ahead,
        behind_by: behind,
        total_commits: commits.length,
        commits: page.items.map((commit) => commitView(world, repository, commit)),
        files: (await filesBetween(world, repository, parted, head)).slice(0, 300),
      },
      page.headers,
    );
  }),
];
