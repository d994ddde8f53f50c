import { join, relative, sep } from "node:path";
import { type Lock, parseLock, printLock } from "../core/artifacts/lock.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import type { Files } from "../ports/files.ts";
import type { Workspace } from "../ports/workspace.ts";

/**
 * Reads a lock; empty where there is none yet.
 *
 * @param name how messages call it
 * @throws {UserError} where it cannot be read
 */
export async function openLock(files: Files, path: string, name = path): Promise<Lock> {
  return parseLock(await files.read(path), name);
}

/** The lock beside a contract. */
export async function readLock(
  { files, root }: Pick<Workspace, "files" | "root">,
  folder: string,
): Promise<Lock> {
  const path = join(folder, LOCK_FILE);
  return openLock(files, path, relative(root, path).split(sep).join("/"));
}

/** Writes the lock whole or not at all; a file that says the same already is left alone. */
export async function writeLock(files: Files, folder: string, lock: Lock): Promise<void> {
  const path = join(folder, LOCK_FILE);
  const text = printLock(lock);
  if ((await files.read(path)) !== text) await files.write(path, text);
}
