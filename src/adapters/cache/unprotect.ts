import { chmodSync, constants, copyFileSync, lstatSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { besides } from "../files/atomic.ts";
import { walk } from "../files/walk.ts";

/**
 * Makes working files that are links to objects files of their own again, which may be written to.
 *
 * @returns how many were links
 */
export function unprotect(path: string): number {
  if (!statSync(path).isDirectory()) return unprotectFile(path) ? 1 : 0;
  if (lstatSync(path).isSymbolicLink()) {
    throw new UserError(`"${path}" is a link to a folder, and nothing is changed where it leads`);
  }
  const { files } = walk(path);
  let links = 0;
  for (let i = 0; i < files.length; i++) if (unprotectFile(join(path, files.path(i)))) links++;
  return links;
}

function unprotectFile(path: string): boolean {
  const there = lstatSync(path);
  const isLink = there.isSymbolicLink() || there.nlink > 1;
  if (isLink) {
    const draft = besides(path);
    try {
      copyFileSync(path, draft, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      chmodSync(draft, 0o666 & ~process.umask());
      renameSync(draft, path);
    } finally {
      rmSync(draft, { force: true });
    }
  } else if ((there.mode & 0o200) === 0) chmodSync(path, (0o666 & ~process.umask()) | (there.mode & 0o111));
  return isLink;
}
