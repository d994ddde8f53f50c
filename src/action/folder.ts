import { realpathSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { EXIT, UserError } from "../errors.ts";

/**
 * The folder that an action works in: below the workspace, with all links followed. What lies there may
 * be a stranger's, and a link of theirs must not lead the action to other files of the machine.
 *
 * @param workspace absolute path: `GITHUB_WORKSPACE`
 * @throws {UserError} exit 2, where it is not there, no folder, or not in the workspace
 */
export function folderIn(workspace: string, folder: string): string {
  const path = resolve(workspace, folder);
  if (!within(workspace, path)) throw wrong(folder, "leads out of the workspace; it takes a path within");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw wrong(folder, "is no folder of the workspace; check it out or lay it out first");
  const real = realpathSync(path);
  if (!within(realpathSync(workspace), real))
    throw wrong(folder, "is a link that leads out of the workspace; it takes a path within");
  return path;
}

/** Whether a path is a folder or lies below it. */
export function within(folder: string, path: string): boolean {
  const from = relative(folder, path);
  return from !== ".." && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

const wrong = (folder: string, what: string): UserError =>
  new UserError(`input "folder" is "${folder}", which ${what}`, { exit: EXIT.usage });
