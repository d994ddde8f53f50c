import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type TrustedRemote, trustedRemote } from "../../core/artifacts/artifacts-remote.ts";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";
import type { LaidOut, LayOut } from "../../ports/trees.ts";
import { unique } from "../files/atomic.ts";
import { onDisk } from "../files/space.ts";
import { sweep } from "../files/sweep.ts";
import { TRUSTED } from "../remotes/contract-remote.ts";
import { attempting, type Pace, STEADY } from "./attempts.ts";
import { GitFailure } from "./git-failure.ts";
import { type RemoteGit, remoteGit, repositoryOf } from "./remote-git.ts";
import { makeRepository } from "./trees-git.ts";
import { type Entry, parseEntries, planTree, type TreePlan } from "./trees-plan.ts";
import { writeTree } from "./trees-write.ts";

/** What all trees together may hold. A checkout larger than this does not belong into a pull request's job. */
export interface TreeLimits {
  readonly files: number;
  readonly bytes: number;
}

/** Twice the files of the largest repositories that train from a checkout; an eighth of a hosted runner's disk. */
const LIMITS: TreeLimits = { files: 200_000, bytes: 2e9 };
/** No contract is longer. */
const LARGEST_CONTRACT = 1 << 20;
/** In a tree's `.git`: what it was made from. */
const STAMP = "trainyard.json";

/**
 * Writes commits of the forge's repository to folders, with a `.git` of their own each.
 *
 * A folder is whole or not there. One that an earlier, identical call made is left as it is.
 *
 * @throws {UserError} where a folder holds something else, a commit is not there, or it is too large
 */
export async function layOut(
  request: LayOut,
  environment: Readonly<Record<string, string | undefined>>,
  { limits = LIMITS, pace = STEADY }: { readonly limits?: TreeLimits; readonly pace?: Pace } = {},
): Promise<LaidOut> {
  const { into, trees, also, remotesOf, token } = request;
  const commits = [...new Set([...Object.values(trees), ...also])].sort();
  const repository = repositoryOf({}, environment);
  check(request);
  const git = remoteGit(repository, async () => token, environment);
  const stamps = new Map(
    Object.entries(trees).map(([name, commit]) => {
      const settings = remotesOf === undefined ? null : (trees[remotesOf] ?? null);
      return [name, JSON.stringify({ repository, commit, settings, commits })];
    }),
  );
  const found = new Map(
    Object.keys(trees).map((name) => [name, earlier(join(into, name), stamps.get(name) ?? "")]),
  );

  const drafts = join(into, ".trainyard-trees");
  const staging = join(drafts, unique());
  return onDisk(into, async () => {
    sweep(drafts);
    try {
      const store = join(staging, "store.git");
      const { plans, remote } = await plansOf(git, store, request, commits, limits, pace);
      for (const [name, commit] of Object.entries(trees)) {
        const plan = plans.get(name);
        if (plan === undefined || found.get(name)) continue;
        const draft = join(staging, name);
        mkdirSync(draft);
        await writeTree(git, store, draft, plan.files);
        await makeRepository(git, store, draft, commit, plan, {
          cache: join(into, ".trainyard-cache"),
          final: join(into, name),
          said: {
            [STAMP]: stamps.get(name) ?? "",
            ...(remote === undefined ? {} : { [TRUSTED]: JSON.stringify(remote) }),
          },
        });
        if (existsSync(join(into, name))) rmdirSync(join(into, name));
        renameSync(draft, join(into, name));
      }
      return {
        trees: Object.fromEntries(
          [...plans].map(([name, { files }]) => [name, { folder: join(into, name), files: files.length }]),
        ),
        notes: [...plans.values()].flatMap(({ notes }) => notes),
      };
    } finally {
      rmSync(staging, { recursive: true, force: true });
      if (namesIn(drafts).length === 0) rmSync(drafts, { recursive: true, force: true });
    }
  });
}

function check({ trees, also, remotesOf }: LayOut): void {
  for (const [what, commit] of [...Object.entries(trees), ...also.map((id) => ["also", id] as const)]) {
    if (!/^[0-9a-f]{40}$/.test(commit)) {
      throw new UserError(`${what} is "${commit}"; it takes a whole commit id, 40 lower-case hex digits`);
    }
  }
  const wrong = Object.keys(trees).find((name) => !/^[a-z][a-z0-9-]*$/.test(name));
  if (wrong !== undefined) throw new UserError(`"${wrong}" is no name for a folder of a commit`);
  if (remotesOf !== undefined && trees[remotesOf] === undefined) {
    throw new UserError(`there is no tree "${remotesOf}" to take .dvc from`);
  }
}

/** Whether the folder is what this call would make. @throws {UserError} where it is something else */
function earlier(folder: string, stamp: string): boolean {
  if (!existsSync(folder)) return false;
  const file = join(folder, ".git", STAMP);
  if (existsSync(file) && readFileSync(file, "utf8") === stamp) return true;
  if (namesIn(folder).length === 0) return false;
  throw new UserError(`"${folder}" holds other files; remove it, or work in an empty folder`);
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Fetches the commits into a new store and says what of each tree becomes files. */
async function plansOf(
  git: RemoteGit,
  store: string,
  { trees, remotesOf }: LayOut,
  commits: readonly string[],
  limits: TreeLimits,
  pace: Pace,
): Promise<{ readonly plans: ReadonlyMap<string, TreePlan>; readonly remote: TrustedRemote | undefined }> {
  mkdirSync(store, { recursive: true });
  await git.local(store, ["init", "--quiet", "--bare", "--template=", "."]);
  await fetchCommits(git, store, commits, pace);
  const listed = new Map<string, readonly Entry[]>();
  for (const [name, commit] of Object.entries(trees)) {
    listed.set(
      name,
      parseEntries(await git.local(store, ["ls-tree", "-r", "-l", "-z", "--full-tree", commit])),
    );
  }
  const all = [...listed.values()].flat();
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  if (all.length > limits.files || bytes > limits.bytes) {
    throw new UserError(
      `the commits hold ${all.length} files, ${formatBytes(bytes)}; at most ${limits.files} files and ${formatBytes(limits.bytes)} are laid out: keep data outside of Git, see \`trainyard add\``,
    );
  }
  const settings = remotesOf === undefined ? undefined : listed.get(remotesOf);
  const remote = settings === undefined ? undefined : await remoteIn(git, store, settings);
  const plans = new Map<string, TreePlan>();
  for (const [name, entries] of listed) {
    if (settings === undefined || remotesOf === undefined || name === remotesOf) {
      plans.set(name, planTree(name, entries, undefined));
      continue;
    }
    const plan = planTree(name, entries, { name: remotesOf, entries: settings });
    const same = remoteUrl(await remoteIn(git, store, entries)) === remoteUrl(remote);
    const note = `${name}: artifacts.remote is not as in ${remotesOf}, whose remote is in force`;
    plans.set(name, same ? plan : { ...plan, notes: [...plan.notes, note] });
  }
  return { plans, remote };
}

/** What a commit's contracts say of the remote. */
async function remoteIn(git: RemoteGit, store: string, entries: readonly Entry[]): Promise<TrustedRemote> {
  const contracts: { readonly file: string; readonly text: string }[] = [];
  for (const { path, mode, id, size } of entries) {
    if (path === undefined || !/(^|\/)trainyard\.yaml$/.test(path)) continue;
    if (!/^100/.test(mode) || /(^|\/)(\.trainyard|node_modules)\//i.test(path) || size > LARGEST_CONTRACT)
      continue;
    contracts.push({ file: path, text: (await git.local(store, ["cat-file", "blob", id])).toString("utf8") });
  }
  return trustedRemote(contracts);
}

const remoteUrl = (said: TrustedRemote | undefined): string | undefined => said?.remote?.value;

async function fetchCommits(
  git: RemoteGit,
  store: string,
  commits: readonly string[],
  pace: Pace,
): Promise<void> {
  try {
    await attempting(git.repository, "read", pace, async () => {
      await git.ask(store, [
        "fetch",
        "--quiet",
        "--depth=1",
        "--no-tags",
        "--no-write-fetch-head",
        git.url,
        ...commits,
      ]);
    });
    for (const commit of commits)
      await git.local(store, ["rev-parse", "--quiet", "--verify", `${commit}^{commit}`]);
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    const [gone = commits.join(" or ")] = commits.filter((commit) => error.said.includes(commit));
    throw new UserError(
      `there is no commit ${gone} in ${git.repository} ("${error.said}"); it may have been taken back by a forced push`,
      { cause: error },
    );
  }
}
