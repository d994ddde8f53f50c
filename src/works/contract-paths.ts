import { join, resolve } from "node:path";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";

/** The contract's usual name; a repository may hold many, each in a folder of its own. */
export const CONTRACT = "trainyard.yaml";

/** Absolute paths of the contracts that are spoken of, sorted. @throws {UserError} where there is none */
export async function contractPaths(ports: Ports, asked: string | undefined): Promise<string[]> {
  const start = resolve(ports.folder, asked ?? ".");
  const { files } = await ports.workspace(ports.folder);
  if (/\.ya?ml$/.test(start)) {
    if (await files.exists(start)) return [start];
    throw new UserError(`there is no contract "${asked}"; create one with \`trainyard init\``);
  }
  if (await files.exists(join(start, CONTRACT))) return [join(start, CONTRACT)];
  const below = await files.find(start, [`**/${CONTRACT}`]);
  if (below.length > 0) return below.map((path) => join(start, path));
  throw new UserError(`no ${CONTRACT} here or below; create one with \`trainyard init\``, {
    exit: EXIT.usage,
  });
}

/** Whether there is a contract to say something of: data have versions without one, too. */
export async function hasContract(ports: Ports, asked: string | undefined): Promise<boolean> {
  if (asked !== undefined) return true;
  const { files } = await ports.workspace(ports.folder);
  return (await files.find(ports.folder, [`**/${CONTRACT}`])).length > 0;
}
