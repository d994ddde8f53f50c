import { dirname, join, relative, resolve } from "node:path";
import { namesRemoteAlone } from "../core/artifacts/artifacts-remote.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Files } from "../ports/files.ts";
import type { Ports } from "../ports/ports.ts";

/** The contract's usual name; a repository may hold many, each in a folder of its own. */
export const CONTRACT = "trainyard.yaml";

/** Absolute paths of the contracts that are spoken of, sorted. @throws {UserError} where there is none */
export async function contractPaths(ports: Ports, asked: string | undefined): Promise<string[]> {
  const start = resolve(ports.folder, asked ?? ".");
  const { files, root, repo } = await ports.workspace(ports.folder);
  if (/\.ya?ml$/.test(start)) {
    if (await files.exists(start)) return [start];
    throw new UserError(`there is no contract "${asked}"; create one with \`trainyard init\``);
  }
  const here = join(start, CONTRACT);
  if ((await files.exists(here)) && (await isContract(files, here))) return [here];
  const below = await contractsBelow(files, start);
  if (below.length > 0) return below;
  const above = asked === undefined ? await folderAbove(files, start, repo?.root ?? root) : undefined;
  const right =
    above === undefined
      ? "create one with `trainyard init`"
      : `there is one above: begin with \`trainyard -C ${relative(ports.folder, above)}\``;
  const where = asked === undefined ? "here" : `in "${asked}"`;
  throw new UserError(`no ${CONTRACT} ${where} or below; ${right}`, { exit: EXIT.usage });
}

/** The nearest folder above, up to the repository's root, that has a contract. */
async function folderAbove(files: Files, start: string, root: string): Promise<string | undefined> {
  let folder = start;
  while (folder !== root && folder !== dirname(folder)) {
    folder = dirname(folder);
    const path = join(folder, CONTRACT);
    if ((await files.exists(path)) && (await isContract(files, path))) return folder;
  }
  return undefined;
}

/** Whether there is a contract to say something of: data have versions without one, too. */
export async function hasContract(ports: Ports, asked: string | undefined): Promise<boolean> {
  if (asked !== undefined) return true;
  const { files } = await ports.workspace(ports.folder);
  return (await contractsBelow(files, ports.folder)).length > 0;
}

async function contractsBelow(files: Files, start: string): Promise<string[]> {
  const found = (await files.find(start, [`**/${CONTRACT}`])).map((path) => join(start, path));
  const are = await Promise.all(found.map((path) => isContract(files, path)));
  return found.filter((_, index) => are[index]);
}

/** A repository of data alone may name its remote in a file of this name: that is no contract. */
async function isContract(files: Files, path: string): Promise<boolean> {
  return !namesRemoteAlone((await files.read(path)) ?? "");
}
