import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCommit } from "./commits.ts";
import { GitFailed, git, moveRef, refOf } from "./git.ts";
import { moved } from "./moved.ts";
import { may, sees } from "./permissions.ts";
import { pageOf } from "./repositories.ts";
import { type Call, record } from "./routes.ts";
import { needsPull } from "./rules.ts";
import { findRepository, inTurn, nodeId, type Repository } from "./world.ts";

/** An error within a GraphQL answer, which itself has status 200. */
export class GraphqlError extends Error {
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

interface Change {
  readonly additions: readonly { readonly path: string; readonly contents: Buffer }[];
  readonly deletions: readonly string[];
}

const list = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(record) : [];

function changeOf(value: unknown): Change {
  const { additions, deletions } = record(value);
  return {
    additions: list(additions).map(({ path, contents }) => ({
      path: String(path),
      contents: Buffer.from(String(contents ?? ""), "base64"),
    })),
    deletions: list(deletions).map(({ path }) => String(path)),
  };
}

function checkPaths(paths: readonly string[]): void {
  const bad = paths.find(
    (path) => path === "" || path.startsWith("/") || /(^|\/)(\.|\.\.|\.git)(\/|$)/.test(path),
  );
  if (bad !== undefined)
    throw new GraphqlError("UNPROCESSABLE", `A path contains a malformed component: ${bad}`);
  const twice = paths.find((path, i) => paths.indexOf(path) !== i);
  if (twice !== undefined) {
    throw new GraphqlError("UNPROCESSABLE", `A path was requested for modification more than once: ${twice}`);
  }
}

/** The tree of a commit with files added and taken away. */
async function changedTree(repository: Repository, commit: string, change: Change): Promise<string> {
  const { folder } = repository;
  const work = await mkdtemp(join(tmpdir(), "local-github-index-"));
  const env = { GIT_INDEX_FILE: join(work, "index") };
  try {
    await git(folder, ["read-tree", commit], { env });
    for (const path of change.deletions) {
      const there = await git(folder, ["ls-files", "--", `:(literal)${path}`], { env });
      if (there === "") {
        const message = `A path was requested for deletion which does not exist as of commit oid \`${commit}\``;
        throw new GraphqlError("UNPROCESSABLE", message);
      }
      await git(folder, ["update-index", "--force-remove", "--", path], { env });
    }
    for (const { path, contents } of change.additions) {
      const blob = await git(folder, ["hash-object", "-w", "--stdin"], { input: contents });
      const [entry = ""] = (
        await git(folder, ["ls-files", "--stage", "--", `:(literal)${path}`], { env })
      ).split("\n");
      const mode = /^(100\d{3}) /.exec(entry)?.[1] ?? "100644";
      await git(folder, ["update-index", "--add", "--replace", "--cacheinfo", `${mode},${blob},${path}`], {
        env,
      });
    }
    return await git(folder, ["write-tree"], { env });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function checkMay(call: Call, repository: Repository, branch: string, change: Change): void {
  const { who } = call;
  if (!may(who, repository, [{ contents: "write" }])) {
    const by = who.kind === "user" ? "personal access token" : "integration";
    throw new GraphqlError("FORBIDDEN", `Resource not accessible by ${by}`);
  }
  const paths = [...change.additions.map(({ path }) => path), ...change.deletions];
  checkPaths(paths);
  const workflow = paths.find((path) => path.startsWith(".github/workflows/"));
  if (workflow !== undefined && who.kind !== "user" && who.permissions.workflows !== "write") {
    const message = `refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission`;
    throw new GraphqlError("UNPROCESSABLE", message);
  }
  const rules = repository.rules.get(branch);
  if (rules && (needsPull(rules) || rules.checks.length > 0)) {
    throw new GraphqlError(
      "UNPROCESSABLE",
      "Repository rule violations found\n\nChanges must be made through a pull request.\n\n",
    );
  }
}

/** Commits to a branch, if it still is where it was thought to be. */
export async function createCommitOnBranch(
  call: Call,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { world } = call;
  const { repositoryNameWithOwner, branchName } = record(input.branch);
  const repository = findRepository(world, String(repositoryNameWithOwner ?? ""));
  if (!repository || !sees(call.who, repository)) {
    throw new GraphqlError(
      "NOT_FOUND",
      `Could not resolve to a Repository with the name '${repositoryNameWithOwner}'.`,
    );
  }
  const branch = String(branchName ?? "").replace(/^refs\/heads\//, "");
  const change = changeOf(input.fileChanges);
  checkMay(call, repository, branch, change);
  const { headline, body } = record(input.message);
  const ref = `refs/heads/${branch}`;
  return inTurn(world, repository, async () => {
    const expected = String(input.expectedHeadOid ?? "");
    const found = await refOf(repository.folder, ref);
    if (found === undefined) {
      throw new GraphqlError("NOT_FOUND", `No such branch: ${branch}`);
    }
    const stale = (): GraphqlError =>
      new GraphqlError(
        "STALE_DATA",
        `Expected branch to point to "${expected}" but it did not.  Pull and try again.`,
      );
    if (found !== expected) throw stale();
    const tree = await changedTree(repository, found, change);
    const message = `${headline ?? ""}${body ? `\n\n${body}` : ""}`;
    const sha = await makeCommit(world, repository, {
      tree,
      parents: [found],
      message,
      author: call.who.account,
    });
    try {
      await moveRef(repository.folder, ref, sha, found);
    } catch (error) {
      if (error instanceof GitFailed) throw stale();
      throw error;
    }
    await moved(call, repository, [{ ref, before: found, after: sha }]);
    const url = `${pageOf(world, repository)}/commit/${sha}`;
    const commit = {
      oid: sha,
      abbreviatedOid: sha.slice(0, 7),
      id: nodeId("Commit", sha),
      url,
      commitUrl: url,
      message,
      messageHeadline: headline ?? "",
      tree: { oid: tree },
    };
    return { commit, ref: { name: branch, prefix: "refs/heads/", target: { oid: sha } } };
  });
}
