import { dirname, relative } from "node:path";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import { contractPaths } from "../contract-paths.ts";
import { openContract } from "../project.ts";
import { below, type Place } from "./store.ts";

/** The one contract that experiments from elsewhere belong to. @throws {UserError} where there are several */
export async function oneContract(
  ports: Ports,
  asked: string | undefined,
): Promise<{ readonly place: Place; readonly model: string; readonly below: string }> {
  const [path = "", ...more] = await contractPaths(ports, asked);
  if (more.length > 0) {
    const all = [path, ...more].map((one) => `"${relative(ports.folder, dirname(one)) || "."}"`).join(", ");
    throw new UserError(`there are several contracts, in ${all}; name one with --contract`);
  }
  const { contract, folder, workspace } = await openContract(ports, path, []);
  const top = workspace.repo?.root ?? workspace.root;
  return { place: { files: workspace.files, folder }, model: contract.model, below: below(top, folder) };
}
