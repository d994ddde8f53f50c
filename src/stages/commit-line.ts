import { relative, resolve, sep } from "node:path";
import { shellWord } from "../core/text/shell-word.ts";

/**
 * The command that gives files to Git, to be pasted where the command was started.
 *
 * @param at the repository's root, and the folder in which the command was started
 * @param paths below the root
 * @example gitAdd({ root: "/r", folder: "/r/data" }, ["data/my rows.csv.dvc", "data/.gitignore"]) // => "git add 'my rows.csv.dvc' .gitignore"
 */
export function gitAdd(
  { root, folder }: { readonly root: string; readonly folder: string },
  paths: readonly string[],
): string {
  const words = paths.map((path) => relative(folder, resolve(root, path)).split(sep).join("/"));
  return `git add ${[...new Set(words)].map(shellWord).join(" ")}`;
}
