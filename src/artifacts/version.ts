import { dirname, join, relative, resolve, sep } from "node:path";
import type { Md5, Sha256 } from "../core/artifacts/digest.ts";
import { LOCK_FILE, parseLock } from "../core/artifacts/lock.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";

/** The version that a file or directory should have, as a pointer file or a lock names it. */
export interface Version {
  /** Relative to the workspace's root, with `/`. */
  readonly path: string;
  readonly md5: Md5;
  /** Known from locks alone: DVC's pointer files have none. */
  readonly sha256?: Sha256;
  readonly size?: number;
  readonly executable: boolean;
  readonly pushed: boolean;
  /** The remote that it has to itself. */
  readonly remote?: string;
  /** The file that names it, relative to the root. */
  readonly namedBy: string;
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

/** Every version that the working tree's pointer files and locks name, by path. */
export async function allVersions(workspace: Workspace): Promise<readonly Version[]> {
  const files = await named(workspace, ["**/*.dvc", `**/${LOCK_FILE}`]);
  const versions: Version[] = [];
  for (const file of files) {
    versions.push(
      ...(file.endsWith(".dvc")
        ? await versionsOfPointer(workspace, file)
        : await versionsOfLock(workspace, file)),
    );
  }
  return distinct(versions).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** A model is named by its pointer file and by the lock; where they agree, the lock knows more. */
function distinct(versions: readonly Version[]): Version[] {
  const locked = new Set(
    versions.filter(({ sha256 }) => sha256 !== undefined).map(({ path, md5 }) => `${md5} ${path}`),
  );
  return versions.filter(({ sha256, path, md5 }) => sha256 !== undefined || !locked.has(`${md5} ${path}`));
}

/**
 * The versions at or below the paths; all of them where no path is given.
 *
 * @param paths absolute or relative to the root: files, directories, or their pointer files
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
    const wanted = versions.filter(
      (one) => one.namedBy === path || isAtOrBelow(one.path, path) || isAtOrBelow(path, one.path),
    );
    if (wanted.length === 0) {
      throw new UserError(
        `nothing names a version of "${given}": no "${path}.dvc" and no ${LOCK_FILE}; make one with \`trainyard add ${given}\``,
      );
    }
    for (const one of wanted) chosen.add(one);
  }
  return [...chosen];
}

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

/** The version that a pointer file gives to a path: its own, or that of a directory around it. */
export async function pointedVersion(workspace: Workspace, path: string): Promise<Version | undefined> {
  for (let at = within(workspace, path); at !== "" && at !== "."; at = dirname(at)) {
    const pointer = `${at}.dvc`;
    if (!(await workspace.files.exists(join(workspace.root, pointer)))) continue;
    const version = (await versionsOfPointer(workspace, pointer)).find((one) => one.path === at);
    if (version !== undefined) return version;
  }
  return undefined;
}

async function versionsOfPointer(workspace: Workspace, file: string): Promise<readonly Version[]> {
  const text = await workspace.files.read(join(workspace.root, file));
  if (text === undefined) return [];
  const folder = dirname(file) === "." ? "" : dirname(file);
  return parsePointer(text, file)
    .outs.filter(({ cached }) => cached)
    .map(({ path, md5, size, executable, pushed, remote }) => ({
      path: joinPath(folder, path),
      md5,
      executable,
      pushed,
      namedBy: file,
      ...(size === undefined ? {} : { size }),
      ...(remote === undefined ? {} : { remote }),
    }));
}

async function versionsOfLock(workspace: Workspace, file: string): Promise<readonly Version[]> {
  const lock = parseLock(await workspace.files.read(join(workspace.root, file)), file);
  const folder = dirname(file) === "." ? "" : dirname(file);
  return [...lock.values()].flatMap(({ out }) =>
    out.map(({ path, md5, sha256, size }) => ({
      path: joinPath(folder, path),
      md5,
      sha256,
      size,
      executable: false,
      pushed: true,
      namedBy: file,
    })),
  );
}

/** Files of the working tree that Git does not ignore, below the root and relative to it. */
async function named(workspace: Workspace, globs: readonly string[]): Promise<readonly string[]> {
  const { repo, root, files } = workspace;
  if (repo === undefined) return files.find(root, globs);
  const prefix = relative(repo.root, root).split(sep).join("/");
  const found = await repo.tracked(
    globs.map((glob) => (prefix === "" ? glob : `${prefix}/${glob}`)),
    "untracked",
  );
  return found
    .map((path) => (prefix === "" ? path : path.slice(prefix.length + 1)))
    .filter((path) => !/(^|\/)(\.dvc|\.trainyard|node_modules)\//.test(path));
}
