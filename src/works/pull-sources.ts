import { join, relative, sep } from "node:path";
import { type Pulled, pullVersions } from "../artifacts/pull.ts";
import { pointedVersion, type Version } from "../artifacts/version.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { contractPaths } from "./contract-paths.ts";
import { openContract } from "./project.ts";

/** What was pulled, and the contracts whose sources could not be told. */
export type PulledSources = Pulled & { readonly broken: readonly string[] };

/**
 * Brings the data that the contracts here name, and nothing else: no model, and nothing that a lock
 * claims. A contract or a pointer that is broken is told of and left to whoever reads it next.
 *
 * @throws where a remote cannot be reached
 */
export async function pullSources(
  ports: Ports,
  options: { readonly force: boolean; readonly remote?: string },
): Promise<PulledSources> {
  const workspace = await ports.workspace(ports.folder);
  const broken: string[] = [];
  const versions = new Map<string, Version>();
  for (const path of await contractPaths(ports, undefined)) {
    try {
      for (const one of await versionsOf(ports, path)) versions.set(one.path, one);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      broken.push(error.message);
    }
  }
  const pulled = await pullVersions(workspace, [...versions.values()], options);
  return { ...pulled, broken };
}

/** Versions of the data that a contract names, as pointer files have them. */
async function versionsOf(ports: Ports, path: string): Promise<readonly Version[]> {
  const { contract, folder, workspace } = await openContract(ports, path, []);
  const { files, root } = workspace;
  const found: Version[] = [];
  for (const source of Object.values(contract.data.sources)) {
    const pointers = await files.find(folder, [`${source.path}.dvc`]);
    const names = pointers.map((name) => name.slice(0, -".dvc".length));
    for (const name of names.length > 0 ? names : [source.path]) {
      const below = relative(root, join(folder, name)).split(sep).join("/");
      const version = await pointedVersion(workspace, below);
      if (version !== undefined) found.push(version);
    }
  }
  return found;
}
