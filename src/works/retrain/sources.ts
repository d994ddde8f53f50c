import { join, relative, sep } from "node:path";
import type { Contract } from "../../config/contract.ts";
import type { Content } from "../../core/artifacts/digest.ts";
import type { Workspace } from "../../ports/workspace.ts";

/** Files of a contract's sources, from the contract's folder. */
export async function sourceFiles(
  { files }: Pick<Workspace, "files">,
  folder: string,
  { data }: Pick<Contract, "data">,
): Promise<readonly string[]> {
  const globs = Object.values(data.sources).map(({ path }) => path);
  const found = await Promise.all(globs.map((glob) => files.find(folder, [glob])));
  return [...new Set(found.flat())].sort();
}

/** What they hold, by their paths from the top of the tree. */
export async function sourceContents(
  workspace: Pick<Workspace, "files">,
  top: string,
  folder: string,
  contract: Pick<Contract, "data">,
): Promise<ReadonlyMap<string, Content>> {
  const contents = new Map<string, Content>();
  for (const name of await sourceFiles(workspace, folder, contract)) {
    const path = join(folder, name);
    const content = await workspace.files.content(path);
    if (content !== undefined) contents.set(fromTop(top, path), content);
  }
  return contents;
}

/** A path as everything here spells it: from the repository's top, with `/`. */
export const fromTop = (top: string, path: string): string => relative(top, path).split(sep).join("/");
