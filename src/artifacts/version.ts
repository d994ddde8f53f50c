import { dirname, join, relative, resolve, sep } from "node:path";
import type { ObjectName, Sha256 } from "../core/artifacts/digest.ts";
import type { CloudVersion, FileEntry } from "../core/artifacts/entry.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { workingTree } from "./tree.ts";
import { versionsOf, versionsOfPipelineIn, versionsOfPointer } from "./versions-of.ts";

/** The version that a file or directory should have, as a pointer file or a lock names it. */
export interface Version {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  /** What its bytes are called in caches and remotes: by DVC 3, or by DVC 2. */
  readonly name: ObjectName;
  /** Known from locks alone: DVC's pointer files have none. */
  readonly sha256?: Sha256;
  readonly size?: number;
  /** Directories only. */
  readonly nfiles?: number;
  readonly executable: boolean;
  /** Whether the cache keeps its bytes; else Git does. */
  readonly cached: boolean;
  /** Whether `push` sends it. */
  readonly pushed: boolean;
  /** The remote that it has to itself. */
  readonly remote?: string;
  /** What a cloud-versioned remote calls it. */
  readonly cloud?: CloudVersion;
  /** The files of a directory of a cloud-versioned remote, which has no manifest there; see `manifestOf`. */
  readonly files?: readonly FileEntry[];
  /** The file that names it, relative to the root. */
  readonly namedBy: string;
  /** The stage that makes it, where a lock says so. */
  readonly stage?: string;
}

/** A path of the workspace as everything here spells it. @throws {UserError} where it is outside */
export function within(workspace: Workspace, path: string): string {
  const below = relative(workspace.root, resolve(workspace.root, path));
  if (below === ".." || below.startsWith(`..${sep}`) || resolve(below) === below) {
    throw new UserError(
      `"${path}" is not below ${workspace.root}; only files of the repository have versions`,
    );
  }
  return below.split(sep).join("/");
}

/** Every version that the working tree's pointer files and locks name and the cache keeps, by path. */
export async function allVersions(workspace: Workspace): Promise<readonly Version[]> {
  return (await versionsOf(workingTree(workspace))).filter(({ cached }) => cached);
}

/**
 * The versions at or below the paths; all of them where no path is given.
 *
 * @param paths absolute or relative to the root: files, directories, their pointer files, or stages of a lock
 * @throws {UserError} where a path has no version
 */
export async function versionsAt(
  workspace: Workspace,
  paths: readonly string[] = [],
): Promise<readonly Version[]> {
  const versions = await allVersions(workspace);
  if (paths.length === 0) return versions;
  const chosen = new Set<Version>();
  for (const given of paths) {
    const path = within(workspace, given);
    const own = versions.filter(
      (one) => one.namedBy === path || isAtOrBelow(one.path, path) || isAtOrBelow(path, one.path),
    );
    const wanted = own.length > 0 ? own : versions.filter((one) => isOfStage(one, path));
    if (wanted.length === 0) {
      throw new UserError(
        `nothing names a version of "${given}": no "${path}.dvc" and no ${LOCK_FILE}; make one with \`trainyard add ${given}\``,
      );
    }
    for (const one of wanted) chosen.add(one);
  }
  return [...chosen];
}

/**
 * Whether a stage makes this: `train` in the folder of its lock, or `dvc.yaml:train` as DVC has it too.
 *
 * @example isOfStage({ namedBy: "a/dvc.lock", stage: "train" }, "a/train") // => true
 * @example isOfStage({ namedBy: "a/dvc.lock", stage: "train" }, "a/dvc.yaml:train") // => true
 * @example isOfStage({ namedBy: "data.dvc" }, "train") // => false
 */
export function isOfStage({ namedBy, stage }: Pick<Version, "namedBy" | "stage">, asked: string): boolean {
  if (stage === undefined) return false;
  const folder = dirname(namedBy) === "." ? "" : `${dirname(namedBy)}/`;
  const file = namedBy.slice(folder.length).replace(/\.lock$/, ".yaml");
  return [stage, `${file}:${stage}`].some((name) => asked === `${folder}${name}`);
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/**
 * The version that a pointer file gives to a path, or a pipeline of DVC's: its own, or that of a directory
 * around it.
 */
export async function pointedVersion(workspace: Workspace, path: string): Promise<Version | undefined> {
  for (let at = within(workspace, path); at !== "" && at !== "."; at = dirname(at)) {
    const pointer = `${at}.dvc`;
    if (!(await workspace.files.exists(join(workspace.root, pointer)))) continue;
    const text = (await workspace.files.read(join(workspace.root, pointer))) ?? "";
    const version = versionsOfPointer(pointer, text).find(({ path, cached }) => cached && path === at);
    if (version !== undefined) return version;
  }
  return pipelinedVersion(workspace, within(workspace, path));
}

/** A pipeline that cannot be read gives no version; `pull` says what is wrong with it. */
async function pipelinedVersion(workspace: Workspace, path: string): Promise<Version | undefined> {
  for (let folder = path; folder !== "."; ) {
    folder = dirname(folder);
    const lock = join(folder, "dvc.lock");
    if (!(await workspace.files.exists(join(workspace.root, lock)))) continue;
    try {
      const versions = await versionsOfPipelineIn(workingTree(workspace), folder);
      const found = versions.find((one) => one.cached && isAtOrBelow(path, one.path));
      if (found !== undefined) return found;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return undefined;
}
