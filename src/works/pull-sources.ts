import { join, relative, sep } from "node:path";
import { bring } from "../artifacts/bring.ts";
import type { Pulled } from "../artifacts/pull.ts";
import { pointedVersion, type Version } from "../artifacts/version.ts";
import { digitsOf } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import { contractPaths, openContract } from "./project.ts";

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
  const pulled = { written: [] as string[], kept: [] as string[], bytes: 0 };
  const refused: Pulled["refused"][number][] = [];
  const missing: Pulled["missing"][number][] = [];
  for (const version of versions.values()) {
    const { path, name } = version;
    const md5 = digitsOf(name);
    const brought = await bring(workspace, version, {
      force: options.force,
      remote: () => workspace.remote(options.remote ?? version.remote),
      onBytes: (count) => {
        pulled.bytes += count;
      },
    });
    if (brought.outcome === "refused")
      refused.push({ path, file: brought.file, found: brought.found, wanted: md5 });
    else if (brought.outcome === "missing") missing.push({ path, md5, reason: brought.reason });
    else pulled[brought.outcome].push(path);
  }
  return { ...pulled, refused, missing, broken };
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
