import { join } from "node:path";
import { digitsOf } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { bring } from "./bring.ts";
import { pointedVersion, type Version, within } from "./version.ts";

/**
 * Makes sure that a data file is there and is what its pointer says; one without a pointer is what it
 * is. What is not there is fetched.
 *
 * @param path absolute, or relative to the root
 * @throws {UserError} where it is nowhere, or is not what its pointer says
 */
export async function ensure(workspace: Workspace, path: string): Promise<void> {
  const { files, root } = workspace;
  const below = within(workspace, path);
  const version = await pointedVersion(workspace, below);
  if (version === undefined) {
    if (await files.exists(join(root, below))) return;
    throw new UserError(`"${below}" is not there, and no "${below}.dvc" names a version of it`);
  }
  const there = await files.content(join(root, version.path));
  if (there !== undefined && !(await files.holds(join(root, version.path), version.name))) {
    throw mismatch(version, there.md5);
  }
  if (there === undefined) {
    const brought = await bring(workspace, version, { remote: () => workspace.remote(version.remote) });
    if (brought.outcome === "missing") throw new UserError(`"${version.path}": ${brought.reason}`);
  }
  if (await files.exists(join(root, below))) return;
  throw new UserError(`"${below}" is not in "${version.path}", of which ${version.namedBy} names a version`);
}

/** What to say of a file that is not what its pointer says: either of them may be the one that is meant. */
export function mismatch({ path, name, namedBy }: Version, found: string): UserError {
  const made = namedBy.endsWith("dvc.lock");
  const keep = made ? `dvc commit ${path}` : `trainyard add ${path}`;
  return new UserError(
    `"${path}" has md5 ${found}, and ${namedBy} says ${digitsOf(name)}; run \`${keep}\` if the file is right, \`trainyard pull --force ${path}\` if ${made ? "the lock" : "the pointer"} is`,
  );
}
