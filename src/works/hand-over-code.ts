import { copyFile, lstat, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { parsePointer } from "../core/artifacts/pointer.ts";
import { UserError } from "../errors.ts";
import type { GivenTree } from "./given-tree.ts";

/** A contract with the folder that its paths start from. */
export interface PlacedContract {
  readonly folder: string;
  readonly contract: Contract;
}

/** Of no use to a training, or not its business. */
const LEFT_OUT = /(^|\/)(\.git|\.dvc|\.trainyard)(\/|$)/;

/**
 * Copies the code of a change: all regular files that Git tracks, but what any contract, the head's or
 * the base's, names as data, and what a pointer file stands for: these hold the labels.
 *
 * @returns how many files there are
 */
export async function writeCode(
  tree: GivenTree,
  contracts: readonly PlacedContract[],
  to: string,
): Promise<number> {
  const { repo, files } = tree.workspace;
  const tracked = ((await repo?.tracked()) ?? []).filter((path) => !LEFT_OUT.test(path));
  const data = new Set<string>();
  for (const { folder, contract } of contracts) {
    for (const { path } of Object.values(contract.data.sources)) {
      const found = await files.find(join(tree.top, folder), [path]);
      for (const name of found) data.add(joinPath(folder, name));
    }
  }
  const pointed = await pointedPaths(tree, tracked);
  const isData = (path: string): boolean =>
    data.has(path) || pointed.some((one) => path === one || path.startsWith(`${one}/`));
  let count = 0;
  for (const path of tracked) {
    if (isData(path)) continue;
    const from = join(tree.top, path);
    if ((await lstat(from).catch(() => undefined))?.isFile() !== true) continue;
    await mkdir(dirname(join(to, path)), { recursive: true });
    await copyFile(from, join(to, path));
    count++;
  }
  return count;
}

async function pointedPaths(tree: GivenTree, tracked: readonly string[]): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const pointer of tracked.filter((path) => path.endsWith(".dvc"))) {
    const text = await tree.workspace.files.read(join(tree.top, pointer));
    if (text === undefined) continue;
    try {
      for (const { path } of parsePointer(text, pointer).outs) paths.push(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // no pointer of ours stands for nothing
    }
  }
  return paths;
}
