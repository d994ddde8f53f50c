import { dirname, relative } from "node:path";
import { joinPath } from "../core/artifacts/path.ts";
import type { RegisterModel } from "../core/registry/documents.ts";
import { UserError } from "../errors.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import { contractPaths } from "./contract-paths.ts";
import { openProject } from "./project.ts";
import { lockedModel, verdictOn } from "./register-facts.ts";

/** Models of a tree that may be registered, and why others may not. */
export interface TreeModels {
  readonly models: readonly RegisterModel[];
  /** One sentence for each that is left out. */
  readonly left: readonly string[];
}

/** The models that the locks of a tree name and a verdict vouches for. */
export async function modelsInTree(ports: Ports, ledger: Ledger): Promise<TreeModels> {
  const models: RegisterModel[] = [];
  const left: string[] = [];
  for (const path of await contractPaths(ports, undefined)) {
    try {
      const { contract, lock } = await openProject(ports, path, {});
      const locked = lockedModel(contract, lock);
      const folder = joinPath(relative(ports.folder, dirname(path)).replaceAll("\\", "/")) || ".";
      const model = locked && { model: contract.model, folder, sha256: locked.sha256, md5: locked.md5 };
      if (model === undefined) left.push(`${contract.model}: its lock names no model yet`);
      else if ((await verdictOn(ledger, model)) === undefined) {
        left.push(`${contract.model}: no verdict that lets it pass is recorded on ${model.sha256}`);
      } else models.push(model);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      left.push(error.message);
    }
  }
  return { models, left };
}
