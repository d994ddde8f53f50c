import { digitsOf, isDirectory, type ObjectName } from "../core/artifacts/digest.ts";
import { bothNames, namedDigests } from "../core/artifacts/named-digests.ts";
import { UserError } from "../errors.ts";
import type { Ref } from "../ports/history.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import { type Tree, treeAt, workingTree } from "./tree.ts";
import { versionsOf } from "./versions-of.ts";

/** Which revisions' data are kept. The working tree's always are. */
export interface Keep {
  /** Every ref, here and on the servers, with versions, deployments and the ledger. */
  readonly all?: boolean;
  readonly branches?: boolean;
  readonly tags?: boolean;
  /** Every commit that a ref leads to. */
  readonly commits?: boolean;
  readonly revisions?: readonly string[];
  /** So many commits back from each branch or revision; else one. */
  readonly num?: number;
  /** Every commit since a day, `2026-01-31`. */
  readonly since?: string;
}

/** Which objects are in use, and what could not be seen. */
export interface Marks {
  /** By name, why: `data/cps.csv in refs/heads/main`. */
  readonly names: ReadonlyMap<ObjectName, string>;
  /** Those that records, tags and desired states name in passing, under each name that may be meant. */
  readonly guesses: ReadonlySet<ObjectName>;
  /** Directories whose files are marked already: their pointer files list them. */
  readonly listed: ReadonlySet<ObjectName>;
  /** Sentences about what could not be seen: whatever that names is not marked. */
  readonly blind: readonly string[];
}

const POINTERS = ["**/*.dvc", "**/dvc.lock", "**/trainyard.lock", "**/deployments/**"];
const DEPLOYMENTS = ["deployments/**/*.yaml", "**/deployments/**/*.yaml"];
const LEDGER = /^refs\/(heads|remotes\/[^/]+)\/trainyard$/;
const BRANCH = /^(HEAD|refs\/(heads|remotes)\/)/;

/**
 * Everything that the revisions name which are to be kept. Commits that only a server has are fetched,
 * without a ref; what cannot be seen is said.
 */
export async function markUsed(workspace: Workspace, keep: Keep): Promise<Marks> {
  const names = new Map<ObjectName, string>();
  const guesses = new Set<ObjectName>();
  const listed = new Set<ObjectName>();
  const blind: string[] = [];
  const mark: Mark = (name, why, guess) => {
    if (guess === undefined) guesses.delete(name);
    else if (!names.has(name)) guesses.add(name);
    if (!names.has(name)) names.set(name, why());
  };
  await markTree(workingTree(workspace), mark, listed, blind);
  const { history } = workspace;
  if (history !== undefined) {
    const trees = await commitsToKeep(workspace, keep, blind);
    const seen = new Set<string>();
    for (const { commit, label } of trees) {
      if (seen.has(commit)) continue;
      seen.add(commit);
      const tree = { ...(await treeAt(workspace, commit)), label };
      if (LEDGER.test(label)) await markLedger(tree, mark);
      else await markTree(tree, mark, listed, blind);
    }
    if (keep.all || keep.tags || keep.commits) {
      for (const { name, message } of (await workspace.repo?.tags()) ?? []) {
        for (const digest of namedDigests(message)) mark(digest, () => `the tag ${name}`, "guess");
      }
    }
  }
  return { names, guesses, listed, blind };
}

type Mark = (name: ObjectName, why: () => string, guess?: "guess") => void;

async function markTree(tree: Tree, mark: Mark, listed: Set<ObjectName>, blind: string[]): Promise<void> {
  try {
    for (const { path, name, files } of await versionsOf(tree)) {
      mark(name, () => `${path} in ${tree.label}`);
      if (files !== undefined) listed.add(name);
      for (const file of files ?? []) if (file.name) mark(file.name, () => `${path} in ${tree.label}`);
    }
    const deployments = await tree.readAll(await tree.files(DEPLOYMENTS));
    for (const [path, text] of deployments) {
      for (const name of namedDigests(text)) mark(name, () => `${path} in ${tree.label}`, "guess");
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    blind.push(`${tree.label}: ${error.message}`);
  }
}

async function markLedger(tree: Tree, mark: Mark): Promise<void> {
  for (const [path, text] of await tree.readAll(await tree.files(["**/*.json"]))) {
    for (const name of namedDigests(text)) mark(name, () => `the record ${path}`, "guess");
  }
}

interface Labelled {
  readonly commit: string;
  readonly label: string;
}

async function commitsToKeep(
  workspace: Workspace,
  keep: Keep,
  blind: string[],
): Promise<readonly Labelled[]> {
  const { history, repo } = workspace;
  if (history === undefined || repo === undefined) return [];
  const refs = await refsOf(workspace, keep, blind);
  const wanted = refs.filter(
    ({ name }) =>
      keep.all || (keep.branches && BRANCH.test(name)) || (keep.tags && name.startsWith("refs/tags/")),
  );
  const found: Labelled[] = wanted.map(({ name, commit, remote }) => ({
    commit,
    label: remote === undefined || name.startsWith("refs/remotes/") ? name : `${name} of ${remote}`,
  }));
  for (const revision of keep.revisions ?? []) {
    found.push({ commit: await repo.resolve(revision), label: revision });
  }
  const { num = 1 } = keep;
  if ((num > 1 || keep.commits || keep.since !== undefined) && (await history.isShallow()))
    blind.push("the clone is shallow, so older commits are not here; run `git fetch --unshallow`");
  if (num > 1) {
    for (const { commit, label } of [...found]) {
      const more = await history.commits({ from: [commit], first: num });
      found.push(...more.map((one) => ({ commit: one, label: `${one.slice(0, 7)}, before ${label}` })));
    }
  }
  const from = [...new Set(refs.map(({ commit }) => commit))];
  const walks = [
    ...(keep.commits ? [await history.commits({ from, globs: POINTERS })] : []),
    ...(keep.since === undefined ? [] : [await history.commits({ from, since: keep.since })]),
  ];
  return [...found, ...walks.flat().map((commit) => ({ commit, label: commit.slice(0, 7) }))];
}

/** All refs that name commits, here and on the servers, with the commits brought here. */
async function refsOf(workspace: Workspace, keep: Keep, blind: string[]): Promise<readonly Ref[]> {
  const { history } = workspace;
  const asks = keep.all || keep.branches || keep.tags || keep.commits || keep.since !== undefined;
  if (history === undefined || !asks) return [];
  const { refs, silent } = await history.serverRefs();
  for (const { remote, reason } of silent) {
    blind.push(`the server of "${remote}" does not say which branches and pull requests it has: ${reason}`);
  }
  const missing = await history.missing(refs.map(({ commit }) => commit));
  const lost = await history.bring(refs.filter(({ commit }) => missing.has(commit)));
  for (const { name, remote } of lost) blind.push(`${name} of ${remote} cannot be fetched`);
  const gone = new Set(lost.map(({ commit }) => commit));
  const all = [...(await history.refs()), ...refs].filter(({ commit }) => !gone.has(commit));
  return ofCommits(workspace, all);
}

/** A tag may stand for a file or a tree, which names no version. */
async function ofCommits({ repo }: Workspace, refs: readonly Ref[]): Promise<readonly Ref[]> {
  const kept: Ref[] = [];
  for (const ref of refs) {
    try {
      await repo?.resolve(ref.commit);
      kept.push(ref);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return kept;
}

/**
 * The marks with every file of every marked directory. Manifests that the cache has not are fetched;
 * nothing else is.
 *
 * @param remotes where manifests may be
 */
export async function withFiles(
  { names, guesses, listed, blind }: Marks,
  { cache }: Workspace,
  remotes: readonly Remote[],
): Promise<Marks> {
  const whole = new Map(names);
  const lost: string[] = [...blind];
  const directories = [...names.keys()].filter((name) => isDirectory(name) && !listed.has(name));
  const wanted: ObjectName[] = [];
  for (const name of directories) if (!(await cache.has(name))) wanted.push(name);
  for (const remote of remotes) {
    const there = await remote.present(wanted);
    await remote.receive([...there], (name, incoming) => cache.receive(name, incoming));
  }
  for (const name of directories) {
    try {
      for (const { md5 } of await cache.manifest(name)) {
        for (const one of bothNames(digitsOf(md5)))
          if (!whole.has(one)) whole.set(one, names.get(name) ?? "");
      }
    } catch (error) {
      if (!(error instanceof ObjectMissing || error instanceof ObjectDamaged)) throw error;
      if (!guesses.has(name)) {
        lost.push(`the list of files of ${digitsOf(name)} (${names.get(name)}) is not to be had`);
      }
    }
  }
  return { names: whole, guesses, listed, blind: lost };
}
