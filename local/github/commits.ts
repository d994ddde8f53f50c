import { accountView, emailOf } from "./accounts.ts";
import { notFound, ok, unprocessable } from "./answers.ts";
import { commitOf, git, gitAtOnce, gitOr } from "./git.ts";
import { listed } from "./pages-of-lists.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { on, param, type Route } from "./routes.ts";
import { type Account, nodeId, type Repository, stamp, type World } from "./world.ts";

/** A commit, read from Git. */
export interface Commit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Signature;
  readonly committer: Signature;
  readonly message: string;
}

interface Signature {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

const FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01";

const utc = (date: string): string => new Date(date).toISOString().replace(/\.\d+Z$/, "Z");

/** Commits that `git log` finds with these arguments, newest first. */
export async function commitsOf(repository: Repository, args: readonly string[]): Promise<readonly Commit[]> {
  return parsed(await git(repository.folder, ["log", `--format=${FORMAT}`, ...args]));
}

/** The commit of that hash, if it is there. */
export function commitAtOnce(repository: Repository, sha: string): Commit | undefined {
  return parsed(gitAtOnce(repository.folder, ["log", `--format=${FORMAT}`, "-1", sha]) ?? "")[0];
}

const parsed = (out: string): readonly Commit[] =>
  out
    .split("\x01")
    .map((part) => part.replace(/^\n/, "").split("\0"))
    .filter((parts) => parts.length > 9)
    .map(
      ([
        sha = "",
        tree = "",
        parents = "",
        an = "",
        ae = "",
        ad = "",
        cn = "",
        ce = "",
        cd = "",
        message = "",
      ]) => ({
        sha,
        tree,
        parents: parents.split(" ").filter((parent) => parent !== ""),
        author: { name: an, email: ae, date: utc(ad) },
        committer: { name: cn, email: ce, date: utc(cd) },
        message: message.replace(/\n$/, ""),
      }),
    );

/** One commit. @throws {Refused} 404 */
export async function readCommit(repository: Repository, sha: string): Promise<Commit> {
  const [commit] = await commitsOf(repository, ["-1", sha]);
  if (!commit) throw notFound();
  return commit;
}

/** Makes a commit in an account's name, as GitHub's own commits are: signed, with GitHub as committer. */
export async function makeCommit(
  world: World,
  repository: Repository,
  commit: {
    readonly tree: string;
    readonly parents: readonly string[];
    readonly message: string;
    readonly author: Account | Signature;
  },
): Promise<string> {
  const by = "login" in commit.author ? undefined : commit.author;
  const author = "login" in commit.author ? commit.author : undefined;
  const parents = commit.parents.flatMap((parent) => ["-p", parent]);
  const sha = await git(repository.folder, ["commit-tree", commit.tree, ...parents, "-F", "-"], {
    input: commit.message,
    env: {
      GIT_AUTHOR_NAME: author?.login ?? by?.name ?? "",
      GIT_AUTHOR_EMAIL: author ? emailOf(author) : (by?.email ?? ""),
      GIT_AUTHOR_DATE: by?.date ?? stamp(world),
      GIT_COMMITTER_NAME: "GitHub",
      GIT_COMMITTER_EMAIL: "noreply@github.com",
      GIT_COMMITTER_DATE: stamp(world),
    },
  });
  repository.signed.add(sha);
  return sha;
}

/** The account that an address in a commit belongs to. */
function accountOf(world: World, { email }: Signature): Record<string, unknown> | null {
  const [, login = ""] = /^\d+\+(.+)@users\.noreply\.github\.com$/.exec(email) ?? [];
  const found = world.accounts.get(login.toLowerCase());
  return found ? accountView(world, found) : null;
}

const verification = (repository: Repository, { sha, committer }: Commit): Record<string, unknown> =>
  repository.signed.has(sha)
    ? {
        verified: true,
        reason: "valid",
        signature: "-----BEGIN PGP SIGNATURE-----",
        payload: `tree of ${sha}`,
        verified_at: committer.date,
      }
    : { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };

/** A commit as the API shows it. */
export function commitView(world: World, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = apiOf(world, repository);
  const page = pageOf(world, repository);
  const { sha } = commit;
  return {
    sha,
    node_id: nodeId("Commit", sha),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${sha}`,
      comment_count: 0,
      verification: verification(repository, commit),
    },
    url: `${api}/commits/${sha}`,
    html_url: `${page}/commit/${sha}`,
    comments_url: `${api}/commits/${sha}/comments`,
    author: accountOf(world, commit.author),
    committer: accountOf(world, commit.committer),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${api}/commits/${parent}`,
      html_url: `${page}/commit/${parent}`,
    })),
  };
}

/** A commit as the Git database shows it. */
function gitCommitView(world: World, repository: Repository, commit: Commit): Record<string, unknown> {
  const api = apiOf(world, repository);
  const page = pageOf(world, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: verification(repository, commit),
  };
}

const STATUS: Readonly<Record<string, string>> = {
  A: "added",
  D: "removed",
  M: "modified",
  R: "renamed",
  T: "changed",
};

/** What changed between two commits, as lists of files show it. */
export async function filesBetween(
  world: World,
  repository: Repository,
  before: string,
  after: string,
): Promise<readonly Record<string, unknown>[]> {
  const diff = (format: string): Promise<string> =>
    git(repository.folder, ["diff", "-M", "-z", "--no-abbrev", format, before, after, "--"]);
  const counts = (await diff("--numstat")).split("\0");
  const raw = (await diff("--raw")).split("\0");
  const files: Record<string, unknown>[] = [];
  for (let r = 0, n = 0; (raw[r] ?? "") !== ""; ) {
    const [, , , sha = "", letter = ""] = (raw[r] ?? "").split(" ");
    const renamed = letter.startsWith("R");
    const filename = raw[r + (renamed ? 2 : 1)] ?? "";
    const [added = "0", deleted = "0"] = (counts[n] ?? "").split("\t");
    const additions = Number(added) || 0;
    const deletions = Number(deleted) || 0;
    const path = filename.split("/").map(encodeURIComponent).join("/");
    files.push({
      sha:
        letter === "D"
          ? ((await gitOr(repository.folder, ["rev-parse", `${before}:${filename}`])) ?? sha)
          : sha,
      filename,
      status: STATUS[letter.charAt(0)] ?? "changed",
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${pageOf(world, repository)}/blob/${after}/${path}`,
      raw_url: `${pageOf(world, repository)}/raw/${after}/${path}`,
      contents_url: `${apiOf(world, repository)}/contents/${path}?ref=${after}`,
      ...(renamed ? { previous_filename: raw[r + 1] ?? "" } : {}),
    });
    r += renamed ? 3 : 2;
    n += renamed ? 3 : 1;
  }
  return files;
}

/** Commits, and how two of them differ. */
export const commitRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/commits", [{ contents: "read" }], async (call) => {
    const { repository, query, world } = call;
    const start = await commitOf(repository.folder, query.get("sha") ?? repository.defaultBranch);
    if (!start) throw notFound();
    const path = query.get("path");
    const found = await commitsOf(repository, [start, "--", ...(path ? [path] : [])]);
    return listed(call, found, (commit) => commitView(world, repository, commit));
  }),
  on("GET /repos/{owner}/{repo}/commits/{ref}", [{ contents: "read" }], async (call) => {
    const { repository, world } = call;
    const sha = await commitOf(repository.folder, param(call, "ref"));
    if (!sha) throw unprocessable(`No commit found for SHA: ${param(call, "ref")}`);
    if (/application\/vnd\.github\.(v3\.)?sha/.test(call.headers.accept ?? "")) {
      return { status: 200, bytes: Buffer.from(sha), type: "application/vnd.github.sha; charset=utf-8" };
    }
    const commit = await readCommit(repository, sha);
    const parent =
      commit.parents[0] ?? (await git(repository.folder, ["hash-object", "-t", "tree", "--stdin"]));
    const files = await filesBetween(world, repository, parent, sha);
    const sum = (name: string): number => files.reduce((total, file) => total + Number(file[name]), 0);
    const stats = { total: sum("changes"), additions: sum("additions"), deletions: sum("deletions") };
    return ok({ ...commitView(world, repository, commit), stats, files });
  }),
  on("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", [{ contents: "read" }], async (call) => {
    const sha = await commitOf(call.repository.folder, param(call, "commit_sha"));
    if (!sha) throw notFound();
    return ok(gitCommitView(call.world, call.repository, await readCommit(call.repository, sha)));
  }),
];
