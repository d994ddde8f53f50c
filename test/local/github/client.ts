import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Octokit } from "@octokit/rest";
import type { Github } from "../../../local/github/github.ts";

const run = promisify(execFile);
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A client of the local GitHub in somebody's name. */
export const client = (github: Github, auth?: string): Octokit =>
  new Octokit({ baseUrl: github.apiUrl, log: quiet, ...(auth ? { auth } : {}) });

/** Git in a folder, as Ada. It must not block: the server is in this very process. */
export async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
  const { stdout } = await run("git", [...who, ...args], { cwd: folder, encoding: "utf8" });
  return stdout.trim();
}

/** Where Git finds a repository, with a token to read and write it. */
export const remote = (github: Github, token: string, name: string): string =>
  `http://x-access-token:${token}@${new URL(github.url).host}/${name}.git`;

/** The status that a request was refused with. */
export async function refusal(asking: Promise<unknown>): Promise<{
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}> {
  try {
    await asking;
  } catch (error) {
    const { status, message, response } = error as {
      status: number;
      message: string;
      response?: { headers: Record<string, string> };
    };
    return { status, message, headers: response?.headers ?? {} };
  }
  throw new Error("it was not refused");
}

/** Begins a run of a push to the default branch. */
export async function runOn(github: Github, repository: string): Promise<number> {
  const [owner = "", repo = ""] = repository.split("/");
  const { data } = await client(github, github.jobToken(repository, 0, { contents: "read" })).repos.getBranch(
    {
      owner,
      repo,
      branch: "main",
    },
  );
  const ref = "refs/heads/main";
  const { sha } = data.commit;
  const event = { name: "push", repository, payload: {}, sha, ref, workflowSha: sha, actor: "ada" };
  return github.runs.start({
    name: "Trainyard",
    path: ".github/workflows/trainyard.yml",
    event: { ...event, startsWorkflows: true, lowTrust: false },
  });
}

/** Puts files on a branch, made from main where it is not there, by the API. @returns the new head */
export async function put(
  github: Github,
  token: string,
  repository: string,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const [owner = "", repo = ""] = repository.split("/");
  const api = client(github, token);
  const at = async (name: string): Promise<string> =>
    (await api.git.getRef({ owner, repo, ref: `heads/${name}` })).data.object.sha;
  const there = await at(branch).catch(() => undefined);
  const head = there ?? (await at("main"));
  if (!there) await api.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: head });
  return commitOn(github, token, repository, branch, head, files);
}

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url } }
}`;

/** One commit by GraphQL, upon the head that is expected. */
export async function commitOn(
  github: Github,
  token: string,
  repository: string,
  branch: string,
  expectedHeadOid: string,
  files: Readonly<Record<string, string>>,
  deletions: readonly string[] = [],
): Promise<string> {
  const additions = Object.entries(files).map(([path, content]) => ({
    path,
    contents: Buffer.from(content).toString("base64"),
  }));
  const answer = await client(github, token).graphql<{ createCommitOnBranch: { commit: { oid: string } } }>(
    COMMIT,
    {
      input: {
        branch: { repositoryNameWithOwner: repository, branchName: branch },
        message: { headline: "Change" },
        expectedHeadOid,
        fileChanges: { additions, deletions: deletions.map((path) => ({ path })) },
      },
    },
  );
  return answer.createCommitOnBranch.commit.oid;
}
