import { type Dirent, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { compareText } from "../../core/text/order.ts";
import { UserError } from "../../errors.ts";
import { type Stamp, stampOf } from "./stamp.ts";

export interface Walked {
  /** Below the folder, with `/`. */
  readonly relpath: string;
  readonly stamp: Stamp;
}

/** Folders that DVC leaves out of every directory. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".hg", ".dvc"]);

/**
 * The files of a directory as DVC sees them, sorted by code points: links to files are files, links
 * to folders are left out, and so are empty folders.
 *
 * @throws {UserError} where something is neither file nor folder, has no readable name, or is a
 *   `.dvcignore`, of which DVC says that it must lie outside
 */
export function walk(folder: string): readonly Walked[] {
  const found: Walked[] = [];
  const visit = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const relpath = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!LEFT_OUT.has(entry.name)) visit(relpath);
        continue;
      }
      const stamp = fileStamp(join(folder, relpath), entry);
      if (stamp !== undefined) found.push({ relpath, stamp });
    }
  };
  visit("");
  return found.sort((a, b) => compareText(a.relpath, b.relpath));
}

function fileStamp(path: string, entry: Dirent): Stamp | undefined {
  if (entry.name === ".dvcignore") {
    throw new UserError(`"${path}" lies inside a tracked directory, where DVC refuses it; move it above`);
  }
  if (entry.name.includes("\uFFFD")) throw new UserError(`"${path}" has a name that is not UTF-8; rename it`);
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`"${path}" is a link that leads nowhere; remove it`);
  if (stats.isFile()) return stampOf(stats);
  if (stats.isDirectory()) return undefined;
  throw new UserError(`"${path}" is neither a file nor a folder; remove it`);
}
