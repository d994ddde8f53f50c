import { join, relative, sep } from "node:path";
import { NoRemoteSet, parseDvcConfig, remoteSetting } from "../../core/artifacts/dvc-config.ts";
import { isRegistry, registryAddress } from "../../core/artifacts/registry-address.ts";
import type { AfterMerge, RemoteFact, Tree } from "../../core/doctor/facts.ts";
import { readWorkflow } from "../../core/doctor/workflow.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { Workspace } from "../../ports/workspace.ts";
import { CONTRACT } from "../../works/contract-paths.ts";
import { openContract } from "../../works/project.ts";

/** Where GitHub looks for code owners, in this order. */
const OWNERS = [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"];

/** What the working tree says. Files that a runner does not have, such as `config.local`, do not count. */
export async function readTree(ports: Ports, workspace: Workspace): Promise<Tree> {
  const { files, repo, root } = workspace;
  const top = repo?.root ?? root;
  const workflows = await files.find(top, [".github/workflows/*.yml", ".github/workflows/*.yaml"]);
  const pointers = await files.find(top, ["**/*.dvc"]);
  const config = join(root, ".dvc", "config");
  const contracts = await files.find(top, [`**/${CONTRACT}`, CONTRACT]);
  return {
    inGit: repo !== undefined,
    contracts,
    after: await afterMerge(
      ports,
      contracts.map((path) => join(top, path)),
    ),
    workflows: await Promise.all(
      workflows.map(async (file) => readWorkflow((await files.read(join(top, file))) ?? "", file)),
    ),
    owners: await readOwners(files, top),
    remote: await remoteOf(workspace, await files.read(config), relative(top, config).split(sep).join("/")),
    pointers: pointers.filter((path) => !/(?:^|\/)models\/[^/]+\.dvc$/.test(path)),
  };
}

/** What the contracts ask for after the merge. One that is broken asks for nothing: `trainyard run` says why. */
async function afterMerge(ports: Ports, paths: readonly string[]): Promise<AfterMerge> {
  const contracts = [];
  for (const path of paths) {
    try {
      contracts.push((await openContract(ports, path, [])).contract);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  const retrainable = contracts.filter(({ retrain }) => retrain.refresh !== undefined);
  return {
    deployed: contracts.filter(({ deploy }) => Object.keys(deploy).length > 0).map(({ model }) => model),
    monitored: contracts.flatMap(({ model, monitor }) =>
      monitor === undefined ? [] : [{ model, every: monitor.every }],
    ),
    retrainable: retrainable.map(({ model }) => model),
    retrained: retrainable.flatMap(({ model, retrain: { every } }) =>
      every === "never" ? [] : [{ model, every }],
    ),
  };
}

async function readOwners(files: Workspace["files"], top: string): Promise<Tree["owners"]> {
  for (const path of OWNERS) {
    const text = await files.read(join(top, path));
    if (text !== undefined) return { path, text };
  }
  return undefined;
}

/** What contracts name where `.dvc/config` names nothing; `config.local` may name more here than a runner has. */
async function registryOf(workspace: Workspace): Promise<RemoteFact> {
  try {
    const { url } = await workspace.remote();
    if (!isRegistry(url)) return { kind: "none" };
    const { host, name } = registryAddress(url);
    return { kind: "registry", url, host, name };
  } catch (error) {
    if (error instanceof NoRemoteSet) return { kind: "none" };
    throw error;
  }
}

async function remoteOf(workspace: Workspace, text: string | undefined, file: string): Promise<RemoteFact> {
  try {
    const config = parseDvcConfig(text ?? "", file);
    if (config.get("core")?.get("remote") === undefined) return await registryOf(workspace);
    const { name, url } = remoteSetting(config);
    const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url.value)?.[1]?.toLowerCase();
    if (scheme === undefined || scheme === "file") return { kind: "folder", url: url.value, at: url.at };
    await workspace.remote(name); // says which of them this version can speak with
    return { kind: "service", scheme, at: url.at };
  } catch (error) {
    if (error instanceof UserError) return { kind: "broken", message: error.message };
    throw error;
  }
}
