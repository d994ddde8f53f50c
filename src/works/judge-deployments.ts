import type { Contract } from "../config/contract.ts";
import type { DeploymentChange } from "../core/deployments/change.ts";
import { type Brought, classifyChange, type Known, type StateFile } from "../core/deployments/changes.ts";
import { DEPLOYMENTS, desiredPath, environmentOf, parseDesired } from "../core/deployments/desired.ts";
import { firstServed } from "../core/deployments/records.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import { type Changed, isState, textAt } from "./changed-states.ts";
import type { Judged, Scene } from "./judge-scene.ts";
import { deploymentsOf, verdictsOf } from "./ledger-records.ts";

/** More desired states than these are no change that a person reads. */
const MOST = 200; // as documents.ts has it

/** What is found of the desired states of a change. */
export interface JudgedDeployments {
  readonly deployments: readonly DeploymentChange[];
  readonly notes: readonly string[];
}

/**
 * Classifies each change of a desired state by the base's contracts and by the records of the ledger.
 *
 * @param deploys whether a contract of the change deploys
 */
export async function judgeDeployments(
  scene: Scene,
  changed: Changed,
  judged: readonly Judged[],
  deploys: boolean,
): Promise<JudgedDeployments> {
  const files = await stateFiles(scene, changed, judged, deploys);
  const deployments: DeploymentChange[] = [];
  for (const file of files.slice(0, MOST)) deployments.push(await judgeState(scene, file, judged));
  const left = files.length - deployments.length;
  if (left > 0) throw new UserError(`${files.length} desired states change, and at most ${MOST} are judged`);
  return { deployments, notes: strayNotes(changed, deploys || scene.bases.all.some(mayDeploy)) };
}

/** The desired states that the change or its verdict alters, with both sides of each. */
async function stateFiles(
  scene: Scene,
  { from, paths }: Changed,
  judged: readonly Judged[],
  deploys: boolean,
): Promise<readonly StateFile[]> {
  const { head, base } = scene;
  const written = new Set(judged.flatMap(writtenState));
  const candidates = (paths ?? (await allStates(scene))).filter((path) => environmentOf(path) !== undefined);
  const deploying = deploys || scene.bases.all.some(mayDeploy);
  const found: StateFile[] = [];
  for (const path of [...new Set([...candidates, ...written])].sort()) {
    const [before, after] = [await base.read(path), await head.read(path)];
    if (!written.has(path)) {
      if (before === after || after === (await textAt(head, base, from, path))) continue;
      const text = after ?? before ?? "";
      if (!deploying && !isState(text, path)) continue; // somebody else's manifest
    }
    found.push({ path, before, after });
  }
  return found;
}

/** All desired states of both sides, where it is not known which of them changed. */
async function allStates({ head, base }: Scene): Promise<readonly string[]> {
  const both = [head, base].map(({ workspace, top }) =>
    workspace.files.find(top, [`${DEPLOYMENTS}/*/*.yaml`]),
  );
  return (await Promise.all(both)).flat();
}

async function judgeState(
  scene: Scene,
  file: StateFile,
  judged: readonly Judged[],
): Promise<DeploymentChange> {
  const place = environmentOf(file.path);
  if (place === undefined) throw new Error(`"${file.path}" is no desired state`);
  const deploy = deployOf(scene, place.model);
  const brought = broughtBy(judged, file.path, place.model);
  return classifyChange(file, { deploy, brought, ...(await recorded(scene, file, place, deploy)) });
}

/** What the ledger knows of the bytes that are wanted; only what may decide is asked for. */
async function recorded(
  { ledger: { ledger, reason } }: Scene,
  { path, after }: StateFile,
  { environment, model }: { readonly environment: string; readonly model: string },
  deploy: Known["deploy"],
): Promise<Pick<Known, "here" | "before" | "verdicts" | "unasked">> {
  const nothing = { here: [], before: [], verdicts: [], unasked: undefined };
  if (after === undefined || !isState(after, path)) return nothing;
  if (ledger === undefined) return { ...nothing, unasked: reason ?? "there is no ledger" };
  const { sha256 } = parseDesired(after, path).digest;
  try {
    const here = await deploymentsOf(ledger, environment, model);
    if (firstServed(here, sha256) !== undefined) return { ...nothing, here };
    const earlier = typeof deploy === "string" ? undefined : afterOf(deploy, environment);
    const before = earlier === undefined ? [] : await deploymentsOf(ledger, earlier, model);
    const likely = [firstServed(before, sha256)?.pull ?? null];
    return { here, before, verdicts: await verdictsOf(ledger, model, sha256, likely), unasked: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { ...nothing, unasked: `the ledger could not be read: ${error.message}` };
  }
}

const afterOf = (deploy: Contract["deploy"], environment: string): string | undefined =>
  Object.hasOwn(deploy, environment) ? deploy[environment]?.after : undefined;

/** Where the base's contract of a model deploys it, or why nobody knows. */
function deployOf({ bases: { all } }: Scene, model: string): Known["deploy"] {
  const own = all.filter(({ project }) => project?.contract.model === model);
  const [first] = own;
  if (own.length > 1) {
    return `the base has several models of that name, in ${own.map(({ folder }) => `"${folder}"`).join(" and ")}`;
  }
  if (first?.project !== undefined) return first.project.contract.deploy;
  const broken = all.find(({ project }) => project === undefined);
  if (broken !== undefined) {
    return `the base's contract in "${broken.folder}" cannot be read: ${broken.broken ?? "nobody knows why"}`;
  }
  const near = nearest(
    model,
    all.flatMap(({ project }) => project?.contract.model ?? []),
  );
  return `no contract of the base is of "${model}"${near === undefined ? "" : `; did you mean "${near}"?`}`;
}

const mayDeploy = ({ project }: Scene["bases"]["all"][number]): boolean =>
  project === undefined || Object.keys(project.contract.deploy).length > 0;

/** What this change brings of a model, where it may be merged. */
function broughtBy(judged: readonly Judged[], path: string, model: string): Brought | undefined {
  const one = judged.find(({ model: { state, model: name } }) => state === "judged" && name === model);
  if (one === undefined || one.model.verdict === "fail" || one.model.digest === null) return undefined;
  const { sha256, md5 } = one.model.digest;
  const written = writtenState(one).includes(path);
  return { digest: { sha256, md5 }, environment: one.environment, written };
}

/** The desired state that the judge's commit writes for a model. */
function writtenState({ model, environment }: Judged): readonly string[] {
  if (environment === undefined || model.verdict === "fail") return [];
  const path = desiredPath(environment, model.model);
  return model.files.some((file) => file.path === path) ? [path] : [];
}

/** Files among the desired states that nobody reads. */
function strayNotes({ paths }: Changed, deploying: boolean): readonly string[] {
  if (!deploying) return [];
  const stray = (paths ?? []).filter(
    (path) =>
      path.startsWith(`${DEPLOYMENTS}/`) && /\.ya?ml$/i.test(path) && environmentOf(path) === undefined,
  );
  return stray
    .slice(0, 5)
    .map(
      (path) =>
        `"${path}" is no desired state, and nothing reads it: ${DEPLOYMENTS}/ENVIRONMENT/MODEL.yaml is`,
    );
}
