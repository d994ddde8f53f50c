import { desiredPath } from "../../core/deployments/desired.ts";
import type { DeploymentRecord, Payload } from "../../core/deployments/documents.ts";
import { promotionBranch } from "../../core/deployments/promotion.ts";
import { foldTags, type RegistryVersion, versionOfBytes } from "../../core/registry/fold.ts";
import { artifactInTags } from "../../core/registry/grammar.ts";
import { UserError } from "../../errors.ts";
import { toolIngredient } from "../../pipeline/ingredients.ts";
import type { Deployment, Forge } from "../../ports/forge.ts";
import { assign } from "./assign.ts";
import { oneDeployment, retireOthers } from "./forge-deployment.ts";
import { wantedByNow } from "./newest.ts";
import { type Planned, planRelease } from "./plan.ts";
import { readBack } from "./read-back.ts";
import { writeRecord } from "./record.ts";
import type { Scene } from "./scene.ts";

/** What is to be deployed. */
export interface ToDeploy {
  readonly environment: string;
  readonly model: string;
  /** The bytes that were planned, and perhaps approved. */
  readonly sha256: string;
  /** Milliseconds in which the server must serve them. */
  readonly patience: number;
}

/** What became of it. */
export interface Deployed {
  /**
   * `superseded`: the default branch wants others by now · `unchanged`: they were deployed already ·
   * `failed`: the server does not serve them.
   */
  readonly outcome: "deployed" | "unchanged" | "superseded" | "failed";
  readonly deployment: number | undefined;
  readonly version: string | undefined;
  /** What the server said; null where there is no address to ask. */
  readonly served: string | null;
  /** The tag that says so. */
  readonly tag: string | undefined;
  /** One sentence, without a full stop. */
  readonly sentence: string;
}

type Due = Planned & { readonly decision: { readonly kind: "due" } };

/**
 * Deploys what a desired state names. The ledger's record is written last: until it stands, the same call
 * takes up where an earlier one was broken off, and makes nothing twice.
 *
 * @throws {UserError} where it must not be deployed, has no version, or somebody refuses
 */
export async function deploy(scene: Scene, asked: ToDeploy): Promise<Deployed> {
  const { environment, model, sha256 } = asked;
  const { states } = await planRelease(scene);
  const state = states.find((one) => one.environment === environment && one.model === model);
  const path = desiredPath(environment, model);
  if (state === undefined) throw new UserError(`there is no ${path} at ${scene.commit}`);
  const { decision } = state;
  if (decision.kind === "refused") {
    const { line } = decision;
    throw new UserError(decision.sentence, {
      at: line === undefined ? { file: path } : { file: path, line },
    });
  }
  if (decision.kind === "serves") {
    const { version, deployment, served } = decision.record;
    const sentence = `${model} ${version} serves in ${environment} already`;
    return { outcome: "unchanged", deployment, version, served, tag: undefined, sentence };
  }
  if (decision.digest.sha256 !== sha256) {
    throw new UserError(`${path} names ${decision.digest.sha256}, and ${sha256} was to be deployed`);
  }
  const other = await wantedByNow(scene, path, sha256);
  if (other !== undefined) {
    const sentence = `${environment} is to serve ${other} by now; this deployment of ${model} is left out`;
    return {
      outcome: "superseded",
      deployment: undefined,
      version: undefined,
      served: null,
      tag: undefined,
      sentence,
    };
  }
  return carryOut(scene, { ...state, decision }, asked.patience);
}

async function carryOut(scene: Scene, state: Due, patience: number): Promise<Deployed> {
  const { forge, ports, run } = scene;
  const { environment, model, folder, url, decision } = state;
  const { digest, reason } = decision;
  const version = await versionOf(forge, model, digest.sha256);
  const payload: Payload = {
    schema: "trainyard/deployment/1",
    model,
    folder,
    environment,
    version: version.version,
    sha256: digest.sha256,
    md5: digest.md5,
    reason,
  };
  const description = `${model} ${version.version}: ${reason}`;
  const deployment = await oneDeployment(forge, scene.commit, payload, {
    production: state.last,
    description,
  });
  const say = (to: Deployment["state"] & string, words: string) =>
    forge.deployments.status(deployment.id, {
      state: to,
      description: words,
      ...(url === undefined ? {} : { environmentUrl: url }),
      ...(run === undefined ? {} : { logUrl: run }),
    });

  const again = deployment.state === "success"; // its tag or its record is what lacks
  if (!again) await say("in_progress", description);
  const found =
    url === undefined
      ? undefined
      : await readBack(ports, url, { model, sha256: digest.sha256 }, again ? 0 : patience);
  const served = found?.text ?? null;
  const record = await recordOf(scene, state, version, deployment.id, served);
  const common = { deployment: deployment.id, version: version.version, served };
  if (found?.fits === false && !again) {
    await say("failure", `It does not serve ${version.version}: ${found.text}`);
    await writeRecord(scene.ledger, { ...record, state: "failure" });
    const sentence = `${model} ${version.version} does not serve in ${environment}: ${found.text}`;
    return { outcome: "failed", ...common, tag: undefined, sentence };
  }
  const how =
    found === undefined
      ? "approved; servers follow"
      : `${found.fits ? "serves" : "served before, and now"} ${found.text}`;
  if (!again) await say("success", `${version.version} ${how}`);
  await retireOthers(forge, deployment, payload);
  const { pull } = record;
  const asked = {
    model,
    environment,
    version,
    sha256: digest.sha256,
    deployment: deployment.id,
    reason,
    pull,
  };
  const tag = await assign(forge, asked);
  await writeRecord(scene.ledger, record);
  const sentence = `${model} ${version.version} is deployed to ${environment}: ${how}`;
  return { outcome: "deployed", ...common, tag, sentence };
}

async function versionOf(forge: Forge, model: string, sha256: string): Promise<RegistryVersion> {
  const tags = await forge.tags.list(artifactInTags(model));
  const found = versionOfBytes(foldTags(tags).get(model), sha256);
  if (found !== undefined) return found;
  throw new UserError(
    `no tag names a version of ${model} with sha256 ${sha256.slice(0, 12)}; \`trainyard register\` makes it`,
  );
}

async function recordOf(
  scene: Scene,
  { environment, model, folder, path, decision }: Due,
  { version }: RegistryVersion,
  deployment: number,
  served: string | null,
): Promise<DeploymentRecord> {
  const { md5, sha256 } = decision.digest;
  return {
    schema: "trainyard/deployed/1",
    model,
    folder,
    environment,
    version,
    digest: { md5, sha256 },
    commit: scene.commit,
    pull: await broughtBy(scene, { environment, model, path, decision }),
    reason: decision.reason,
    deployment,
    state: "success",
    served,
    deployed_by: scene.run ?? (await scene.forge.speaker()).login,
    deployed_at: scene.ports.now().toISOString(),
    tool: `trainyard ${String(toolIngredient().value)}`,
  };
}

/** The pull request whose merge brought the state, as far as the forge knows. */
async function broughtBy(
  { forge, commit }: Scene,
  { environment, model, path, decision }: Pick<Due, "environment" | "model" | "path" | "decision">,
): Promise<number | null> {
  try {
    for (const { number } of await forge.pulls.ofCommit(commit)) {
      if ((await forge.pulls.files(number)).includes(path)) return number;
    }
    if (decision.reason === "merged") return decision.pull;
    if (decision.reason === "rolled back") return null;
    const branch = promotionBranch(environment, model);
    const [promotion] = await forge.pulls.of(`${forge.repository.split("/")[0]}:${branch}`);
    return promotion?.state === "closed" ? promotion.number : null;
  } catch (error) {
    if (error instanceof UserError) return null; // the record is worth more than its pull request
    throw error;
  }
}
