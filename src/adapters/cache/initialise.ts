import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../files/atomic.ts";

/**
 * Makes a folder a DVC repository, as `dvc init` does, so that DVC itself works in it. What is there
 * already is left as it is.
 *
 * @param inGit whether Git keeps the folder; DVC must be told where it does not
 */
export function initialiseDvc(root: string, inGit: boolean): void {
  const folder = join(root, ".dvc");
  mkdirSync(join(folder, "tmp"), { recursive: true });
  const config = inGit ? "" : "[core]\n    no_scm = True\n";
  const contents = {
    [join(folder, ".gitignore")]: "/config.local\n/tmp\n/cache\n",
    [join(folder, "config")]: config,
    [join(root, ".dvcignore")]:
      "# What DVC leaves out of tracked directories: one pattern a line, as in .gitignore\n",
  };
  for (const [path, text] of Object.entries(contents)) {
    if (!existsSync(path)) writeAtomic(path, text);
  }
}
