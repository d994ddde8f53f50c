import { join, sep } from "node:path";
import { DEPLOYMENTS, environmentOf, parseDesired } from "../../core/deployments/desired.ts";
import { type Decision, decideState } from "../../core/deployments/plan.ts";
import { firstServed } from "../../core/deployments/records.ts";
import { isState } from "../changed-states.ts";
import { deploymentsOf, verdictsOf } from "../ledger-records.ts";
import { type Contracts, contractOf, contractsOf } from "./contracts.ts";
import type { Scene } from "./scene.ts";

/** A desired state of the tree, and what is to become of it. */
export interface Planned {
  readonly path: string;
  readonly environment: string;
  readonly model: string;
  /** The contract's folder; that of the top where no contract is of the model. */
  readonly folder: string;
  /** Where it answers, as its contract says. */
  readonly url: string | undefined;
  /** Whether no other environment comes after this one. */
  readonly last: boolean;
  readonly decision: Decision;
}

/** What a release is to do. */
export interface ReleasePlan {
  /** By path. */
  readonly states: readonly Planned[];
  readonly contracts: Contracts;
}

/**
 * Looks at each desired state of the tree and says what is to become of it.
 *
 * @throws {UserError} where the ledger cannot be read: then nothing is known, and nothing is deployed
 */
export async function planRelease(scene: Scene): Promise<ReleasePlan> {
  const { workspace, top } = scene;
  const contracts = await contractsOf(scene);
  const states: Planned[] = [];
  for (const found of await workspace.files.find(top, [`${DEPLOYMENTS}/*/*.yaml`])) {
    const path = found.split(sep).join("/");
    const place = environmentOf(path);
    const text = await workspace.files.read(join(top, path));
    if (place === undefined || text === undefined) continue;
    const own = contractOf(contracts, place.model);
    if (typeof own === "string" && !isState(text, path)) continue; // somebody else's manifest
    states.push(await planState(scene, contracts, { path, text, ...place }));
  }
  return { states, contracts };
}

/** A desired state as it stands in the tree. */
interface StateFile {
  readonly path: string;
  readonly text: string;
  readonly environment: string;
  readonly model: string;
}

async function planState(
  { ledger }: Scene,
  contracts: Contracts,
  { path, text, environment, model }: StateFile,
): Promise<Planned> {
  const own = contractOf(contracts, model);
  const deploy = typeof own === "string" ? own : own.contract.deploy;
  const target =
    typeof deploy === "string" || !Object.hasOwn(deploy, environment) ? undefined : deploy[environment];
  const here = await deploymentsOf(ledger, environment, model);
  const before = target?.after === undefined ? [] : await deploymentsOf(ledger, target.after, model);
  const sha256 = isState(text, path) ? parseDesired(text, path).digest.sha256 : undefined;
  const unknown = sha256 !== undefined && firstServed(here, sha256) === undefined;
  const likely = sha256 === undefined ? [] : [firstServed(before, sha256)?.pull ?? null];
  const verdicts = unknown ? await verdictsOf(ledger, model, sha256, likely) : [];
  return {
    path,
    environment,
    model,
    folder: typeof own === "string" ? "." : own.folder,
    url: target?.url,
    last: typeof deploy === "string" || !Object.values(deploy).some(({ after }) => after === environment),
    decision: decideState(path, text, { deploy, here, before, verdicts, unasked: undefined }),
  };
}
