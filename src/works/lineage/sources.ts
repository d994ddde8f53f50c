import { dirname } from "node:path";
import { type Tree, treeAt, workingTree } from "../../artifacts/tree.ts";
import { parseDvcLock } from "../../core/artifacts/dvc-lock.ts";
import { parseLock } from "../../core/artifacts/lock.ts";
import { LOCK_FILE } from "../../core/artifacts/lock-name.ts";
import { parsePointer } from "../../core/artifacts/pointer.ts";
import { DEPLOYMENTS, environmentOf, parseDesired } from "../../core/deployments/desired.ts";
import type { Sources } from "../../core/lineage/build.ts";
import { foldTags } from "../../core/registry/fold.ts";
import type { Workspace } from "../../ports/workspace.ts";

/**
 * All that a repository says of how things came about: its pointer files, its locks, its tags and its
 * desired states.
 *
 * @param revision undefined for the working tree
 * @throws {UserError} at line and column of what cannot be read
 */
export async function lineageSources(workspace: Workspace, revision: string | undefined): Promise<Sources> {
  const tree = revision === undefined ? workingTree(workspace) : await treeAt(workspace, revision);
  const files = await textsOf(tree);
  const named = (test: (path: string) => boolean) => [...files].filter(([path]) => test(path));
  return {
    pointers: named((path) => path.endsWith(".dvc")).map(([path, text]) => parsePointer(text, path)),
    locks: named((path) => isCalled(path, LOCK_FILE)).map(([path, text]) => ({
      folder: folderOf(path),
      lock: parseLock(text, path),
    })),
    dvcLocks: named((path) => isCalled(path, "dvc.lock")).map(([path, text]) => ({
      folder: folderOf(path),
      lock: parseDvcLock(text, path),
    })),
    registry: [...foldTags((await workspace.repo?.tags()) ?? []).values()],
    desired: named((path) => environmentOf(path) !== undefined).map(([path, text]) => ({
      environment: environmentOf(path)?.environment ?? "",
      desired: parseDesired(text, path),
    })),
  };
}

async function textsOf(tree: Tree): Promise<ReadonlyMap<string, string>> {
  const globs = ["**/*.dvc", `**/${LOCK_FILE}`, "**/dvc.lock", `${DEPLOYMENTS}/**/*.yaml`];
  return tree.readAll((await tree.files(globs)).filter((path) => !/(^|\/)\.dvc\//.test(path)));
}

const isCalled = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`);

const folderOf = (path: string): string => (dirname(path) === "." ? "" : dirname(path));
