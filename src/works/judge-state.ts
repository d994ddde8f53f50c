import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import type { Content } from "../core/artifacts/digest.ts";
import { desiredPath, parseDesired, writeDesired } from "../core/deployments/desired.ts";
import { firstEnvironment } from "../core/deployments/environments.ts";
import type { JudgedModel } from "../core/proposal/documents.ts";
import { UserError } from "../errors.ts";
import { CONTRACT } from "./contract-paths.ts";
import type { BaseContract } from "./given-base.ts";
import type { GivenTree } from "./given-tree.ts";
import type { Scene } from "./judge-scene.ts";
import { openContract, type StageProject } from "./project.ts";
import { modelFolder, train } from "./train.ts";

/**
 * Where a judged model goes when its change is merged: the environment that follows main, by the base's
 * contract; by the change's own where the base deploys nowhere yet.
 */
export function followsMain(project: StageProject, base: BaseContract | undefined): string | undefined {
  const decides = base?.project?.contract.deploy ?? {};
  const proposed = project.contract.deploy;
  return firstEnvironment(Object.keys(decides).length > 0 ? decides : proposed);
}

/**
 * The desired state that goes to the branch with the judged bytes; nothing where it names them already.
 *
 * A change that leaves the model as it is on the base leaves what serves there, too: it may have been
 * rolled back.
 */
export async function stateFile(
  { head, base: tree }: Scene,
  project: StageProject,
  base: BaseContract | undefined,
  content: Pick<Content, "md5" | "sha256">,
  environment: string | undefined,
): Promise<JudgedModel["files"]> {
  const { model } = project.contract;
  if (environment === undefined) return [];
  const path = desiredPath(environment, model);
  const known = base?.project?.lock
    .get(train.name)
    ?.out.find((one) => one.path === modelFolder(project.contract));
  if (known?.sha256 === content.sha256 && (await tree.read(path)) !== undefined) return [];
  const there = await head.read(path);
  if (there !== undefined && names(there, path, content)) return [];
  const { md5, sha256 } = content;
  return [{ path, text: writeDesired({ model, digest: { md5, sha256 } }) }];
}

function names(text: string, path: string, content: Pick<Content, "md5" | "sha256">): boolean {
  try {
    const { digest } = parseDesired(text, path);
    return digest.sha256 === content.sha256 && digest.md5 === content.md5;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** What the contracts of a change are called, as far as they can be read. */
export interface Names {
  /** Whether one of them deploys. */
  readonly deploys: boolean;
  /** Why a contract is not judged, by its folder: another one has its model's name. */
  readonly twice: ReadonlyMap<string, string>;
}

/**
 * Looks through the names of all models: desired states, tags and deployments know a model by its name
 * alone, so that two of one name would be taken for each other.
 */
export async function namesOf({ ports, top, contracts }: GivenTree): Promise<Names> {
  const found: { readonly folder: string; readonly model: string; readonly deploy: Contract["deploy"] }[] =
    [];
  for (const folder of contracts) {
    try {
      const { contract } = await openContract(ports, join(top, folder, CONTRACT), []);
      found.push({ folder, model: contract.model, deploy: contract.deploy });
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // it fails by itself when it is judged
    }
  }
  const deploys = found.some(({ deploy }) => Object.keys(deploy).length > 0);
  const twice = new Map<string, string>();
  for (const { folder, model } of deploys ? found : []) {
    const other = found.find(
      (one) => one.folder !== folder && one.model.toLowerCase() === model.toLowerCase(),
    );
    if (other === undefined) continue;
    twice.set(
      folder,
      `model is "${model}", as in "${other.folder}"; in a repository that deploys each model has a name of its own`,
    );
  }
  return { deploys, twice };
}
