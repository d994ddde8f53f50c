import { type DeploymentRecord, deploymentRecord } from "./documents.ts";

/*
 * Where deployments stand in the ledger, and what they say of a digest.
 *
 *   deployments/ENVIRONMENT/MODEL/DEPLOYMENT-STATE.json   one record for each end of a deployment
 */

/**
 * The folder of a model's deployments into an environment.
 *
 * @example deploymentFolder("production", "Wages") // => "deployments/production/wages"
 */
export const deploymentFolder = (environment: string, model: string): string =>
  `deployments/${environment}/${model.toLowerCase()}`;

/**
 * Where a record stands: a deployment ends in a state once, so that written again it is the same file.
 */
export function deploymentPath({
  environment,
  model,
  deployment,
  state,
}: Pick<DeploymentRecord, "environment" | "model" | "deployment" | "state">): string {
  return `${deploymentFolder(environment, model)}/${deployment}-${state}.json`;
}

/** A record as it came out of the ledger; undefined where it is none of this version. */
export function parseDeploymentRecord(text: string): DeploymentRecord | undefined {
  try {
    const parsed = deploymentRecord.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Deployments that went well, in the order in which the forge counted them. */
export function served(records: readonly DeploymentRecord[]): readonly DeploymentRecord[] {
  return records
    .filter(({ state }) => state === "success")
    .sort((a, b) => a.deployment - b.deployment || (a.deployed_at < b.deployed_at ? -1 : 1));
}

/**
 * The deployment that brought these bytes there for the first time; undefined where they never served.
 *
 * @param records of one environment and one model
 */
export function firstServed(
  records: readonly DeploymentRecord[],
  sha256: string,
): DeploymentRecord | undefined {
  return served(records).find(({ digest }) => digest.sha256 === sha256);
}

/**
 * Since when these bytes have been serving there, and nothing else; undefined where others do.
 *
 * @param records of one environment and one model
 */
export function servingSince(records: readonly DeploymentRecord[], sha256: string): string | undefined {
  let since: string | undefined;
  for (const { digest, deployed_at } of served(records)) {
    if (digest.sha256 !== sha256) since = undefined;
    else since ??= deployed_at;
  }
  return since;
}
