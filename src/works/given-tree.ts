import { copyFile, link, lstat, mkdir, realpath, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Repo } from "../ports/repo.ts";
import type { Workspace } from "../ports/workspace.ts";
import { CONTRACT } from "./contract-paths.ts";
import { openProject, type StageProject } from "./project.ts";

/**
 * The files of a commit in a folder of their own, where works run without touching what was given:
 * neither what a change planted beside its files is there, nor is anything of it changed.
 */
export interface GivenTree {
  /** Ports that know of this tree alone; paths of people are relative to its top. */
  readonly ports: Ports;
  readonly workspace: Workspace;
  /** Absolute path of the copy: the repository's top. */
  readonly top: string;
  /** Absolute path of what was copied; undefined where it was read from Git. */
  readonly original: string | undefined;
  /** Absolute path of the repository's own files, for data that Git does not keep. */
  readonly beside: string;
  readonly commit: string;
  /** Folders of the contracts, relative to the top, with `/`; `.` is the top itself. */
  readonly contracts: readonly string[];
  /** A file as it was given, by its path from the top; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** A file as the commit has it, where that may be another than the one that was given: `.dvc/config`. */
  committed(path: string): Promise<string | undefined>;
  close(): Promise<void>;
}

/** Never copied: what a run leaves, and what decides nothing. */
const LEFT_OUT = /(^|\/)(\.trainyard|node_modules|\.git|\.dvc)\//;

/**
 * Copies a repository's files, those that Git tracks or could add: small ones byte by byte, so that
 * nothing reaches back; data follow when a contract asks for them.
 *
 * @param folder absolute; the contracts at and below it are spoken of
 */
export async function copiedTree(ports: Ports, folder: string): Promise<GivenTree> {
  const workspace = await ports.workspace(folder);
  const { repo } = workspace;
  const commit = await repo?.head();
  if (repo === undefined || commit === undefined) {
    throw new UserError(`"${folder}" is in no Git repository with a commit; there is no change to speak of`);
  }
  const paths = (await repo.tracked([], "untracked")).filter((path) => !LEFT_OUT.test(path));
  const tree = await emptyTree(ports, workspace, repo, commit, repo.root);
  try {
    for (const path of paths) await copyPlain(join(repo.root, path), join(tree.top, path));
    return await withContracts(tree, relative(repo.root, await realpath(folder)));
  } catch (error) {
    await tree.close();
    throw error;
  }
}

/** Files of a revision that say what decides: contracts, locks, pointers, queries, parameters. */
const DECIDING = /\.(ya?ml|lock|dvc|sql|json|toml)$|(^|\/)\.gitignore$/i;

/** The same from a revision of the repository around a folder; data that Git keeps are read when asked for. */
export async function revisionTree(ports: Ports, folder: string, revision: string): Promise<GivenTree> {
  const workspace = await ports.workspace(folder);
  const { repo } = workspace;
  if (repo === undefined)
    throw new UserError(`"${folder}" is in no Git repository, so there is no "${revision}"`);
  const commit = await repo.resolve(revision);
  const paths = (await repo.files(commit)).filter((path) => DECIDING.test(path) && !LEFT_OUT.test(path));
  const tree = await emptyTree(ports, workspace, repo, commit, undefined);
  try {
    for (const path of paths) await showInto(repo, commit, path, tree.top);
    return await withContracts(tree, relative(repo.root, await realpath(folder)));
  } catch (error) {
    await tree.close();
    throw error;
  }
}

/** The base as a person or a workflow names it: a folder that holds its tree, or a revision. */
export async function baseTree(ports: Ports, folder: string, base: string): Promise<GivenTree> {
  const place = resolve(ports.folder, base);
  const there = await stat(place).catch(() => undefined);
  if (there?.isDirectory() !== true) return revisionTree(ports, folder, base);
  const { repo } = await ports.workspace(place);
  const own = repo !== undefined && repo.root === (await realpath(place));
  return own ? copiedTree(ports, place) : revisionTree(ports, folder, base);
}

/**
 * A contract of the tree, with its data beside it.
 *
 * @param contract its folder, as `contracts` has it
 * @param believed whether its lock and its pointer are; else all is as if it were run for the first time
 */
export async function openGiven(
  tree: GivenTree,
  contract: string,
  { base, believed }: { readonly base?: string; readonly believed: boolean },
): Promise<StageProject> {
  const { files } = tree.workspace;
  const folder = join(tree.top, contract);
  if (!believed) await files.remove(join(folder, LOCK_FILE));
  const project = await openProject(tree.ports, join(folder, CONTRACT), { base });
  const { model } = project.contract;
  if (!believed) for (const end of ["", ".dvc"]) await files.remove(join(folder, `models/${model}${end}`));
  for (const { path } of Object.values(project.contract.data.sources))
    await bringSource(tree, contract, path);
  return project;
}

/** Puts what a source names into the copy: by a link where it can be, since data may be large. */
async function bringSource(tree: GivenTree, contract: string, path: string): Promise<void> {
  const { workspace, original, top, commit, beside } = tree;
  const { repo, files } = workspace;
  if (original === undefined && repo !== undefined) {
    const wanted = matching(await repo.files(commit), contract === "." ? path : `${contract}/${path}`);
    for (const one of wanted) await showInto(repo, commit, one, top);
    const pointed = await files.find(join(top, contract), [`${path}.dvc`]);
    if (wanted.length > 0 || pointed.length > 0) return;
  }
  const from = join(beside, contract); // data that no commit holds are those that are here
  for (const name of await files.find(from, [path])) {
    const whole = join(from, name);
    const to = join(top, contract, name);
    const below = relative(top, to).split(sep).join("/");
    if (unsafePath(below) !== undefined || (await lstat(to).catch(() => undefined)) !== undefined) continue;
    const inside = await files.liesBelow(join(whole, "x"), beside);
    if (!inside && !(await files.exists(`${whole}.dvc`))) continue; // the work says so, with its place
    if ((await stat(whole)).isFile()) await linkOrCopy(await realpath(whole), to);
  }
}

/** Paths that are a source's: itself or, of a glob, all that the part before its first sign begins. */
function matching(paths: readonly string[], source: string): readonly string[] {
  const plain = source.split("/").filter((part) => part !== "." && part !== "");
  const sign = plain.findIndex((part) => /[*?[\]{}()!]/.test(part));
  const start = plain.slice(0, sign < 0 ? undefined : sign).join("/");
  if (sign < 0) return paths.filter((path) => path === start);
  return paths.filter((path) => start === "" || path.startsWith(`${start}/`));
}

async function showInto(repo: Repo, commit: string, path: string, top: string): Promise<void> {
  if (unsafePath(path) !== undefined) return;
  const bytes = await repo.show(commit, path);
  if (bytes === undefined) return;
  await mkdir(dirname(join(top, path)), { recursive: true });
  await writeFile(join(top, path), bytes);
}

async function copyPlain(from: string, to: string): Promise<void> {
  const there = await lstat(from).catch(() => undefined);
  if (there?.isFile() !== true) return; // deleted, a link, a submodule
  await mkdir(dirname(to), { recursive: true });
  await (there.size > LARGE ? linkOrCopy(from, to) : copyFile(from, to));
}

const LARGE = 4 * 2 ** 20; // a copy of less costs no more than a link

async function linkOrCopy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to); // another disk, or one without links
  }
}

type Bare = Omit<GivenTree, "contracts">;

/** A folder with nothing in it, and a workspace and a repository that take it for theirs. */
async function emptyTree(
  ports: Ports,
  workspace: Workspace,
  repo: Repo,
  commit: string,
  original: string | undefined,
): Promise<Bare> {
  const draft = await workspace.files.draft();
  const top = await realpath(draft);
  const own: Workspace = {
    ...workspace,
    root: join(top, relative(repo.root, workspace.root)),
    repo: { ...repo, root: top },
  };
  return {
    ports: { ...ports, folder: top, workspace: async () => own },
    workspace: own,
    top,
    original,
    beside: repo.root,
    commit,
    read: async (path) =>
      original === undefined
        ? textOf(await repo.show(commit, path))
        : workspace.files.read(join(original, path)),
    committed: async (path) => textOf(await repo.show(commit, path)),
    close: () => workspace.files.remove(draft),
  };
}

const textOf = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString("utf8");

async function withContracts(tree: Bare, below: string): Promise<GivenTree> {
  const found = await tree.workspace.files.find(join(tree.top, below), [`**/${CONTRACT}`]);
  const folders = found.map((path) => join(below, dirname(path)).split(sep).join("/"));
  return { ...tree, contracts: folders.map((folder) => (folder === "" ? "." : folder)).sort() };
}
