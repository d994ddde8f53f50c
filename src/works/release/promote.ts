import { join } from "node:path";
import { type Desired, desiredPath, parseDesired, writeDesired } from "../../core/deployments/desired.ts";
import { type Promotion, promotionOf } from "../../core/deployments/plan.ts";
import {
  closingText,
  promotedBy,
  promotionBody,
  promotionBranch,
  promotionMessage,
  promotionTitle,
} from "../../core/deployments/promotion.ts";
import { servingSince } from "../../core/deployments/records.ts";
import { ownersOf } from "../../core/doctor/code-owners.ts";
import { UserError } from "../../errors.ts";
import { HeadMoved, type PullRequest } from "../../ports/forge.ts";
import { deploymentsOf, verdictsOf } from "../ledger-records.ts";
import { contractsOf } from "./contracts.ts";
import { putOnBranch } from "./promotion-branch.ts";
import type { Scene } from "./scene.ts";

/** What became of the promotion of a model into an environment. */
export interface Proposed {
  readonly environment: string;
  readonly model: string;
  readonly outcome: "proposed" | "stands" | "closed" | "left" | "none";
  readonly pull: number | undefined;
  readonly url: string | undefined;
  /** One sentence, without a full stop. */
  readonly sentence: string;
}

/** What is asked for; all where absent. */
export interface PromoteOptions {
  readonly environment: string | undefined;
  readonly model: string | undefined;
}

/**
 * Proposes what serves in one environment for the next: one pull request for each model and environment,
 * brought up to date in place, and closed where it is not wanted any more.
 *
 * @throws {UserError} where the forge refuses
 */
export async function promote(scene: Scene, asked: PromoteOptions): Promise<readonly Proposed[]> {
  const { all } = await contractsOf(scene);
  const found: Proposed[] = [];
  for (const { model, contract } of all) {
    if (asked.model !== undefined && asked.model !== model) continue;
    if (all.filter((one) => one.model === model).length > 1) continue; // the plan refuses them, with the reason
    for (const [environment, { after }] of Object.entries(contract.deploy)) {
      if (after === undefined || (asked.environment ?? environment) !== environment) continue;
      found.push(await promoteOne(scene, { model, environment, after }));
    }
  }
  return found;
}

interface Way {
  readonly model: string;
  readonly environment: string;
  readonly after: string;
}

async function promoteOne(scene: Scene, way: Way): Promise<Proposed> {
  const { forge, ledger } = scene;
  const { model, environment, after } = way;
  const path = desiredPath(environment, model);
  const { defaultBranch } = await forge.repositoryInfo();
  const base = await forge.branch(defaultBranch);
  if (base === undefined) throw new UserError(`the default branch "${defaultBranch}" is gone`);
  const text = await forge.file(path, base);
  const now = text === undefined ? undefined : readable(text, path);
  const here = await deploymentsOf(ledger, environment, model);
  const before = await deploymentsOf(ledger, after, model);
  const wanted = promotionOf({ environment, after, wanted: now?.digest.sha256, here, before });
  const head = `${forge.repository.split("/")[0]}:${promotionBranch(environment, model)}`;
  const pulls = (await forge.pulls.of(head)).filter(({ base: { ref } }) => ref === defaultBranch);
  const open = pulls.find(({ state }) => state === "open");
  if (wanted.kind === "unwanted") return close(scene, way, open, wanted.why);

  const { record } = wanted;
  const { version, digest } = record;
  const promoted = { model, environment, version, sha256: digest.sha256 };
  const last = pulls[0];
  if (open === undefined && last !== undefined && (await proposes(scene, last, way)) === digest.sha256) {
    const sentence = `${model} ${version} was proposed for ${environment} in #${last.number}, which is closed; it is not proposed again`;
    return { environment, model, outcome: "left", pull: last.number, url: last.url, sentence };
  }
  const state = writeDesired({ model, digest: digest as Desired["digest"], version });
  const put = await putOnBranch(scene, {
    branch: promotionBranch(environment, model),
    open,
    base,
    path,
    text: state,
    current: text,
    message: promotionMessage(promoted),
  });
  if (put.outcome === "foreign") {
    const sentence = `${put.why}; the branch is left as it is`;
    return { environment, model, outcome: "left", pull: open?.number, url: open?.url, sentence };
  }
  const verdicts = await softly(() => verdictsOf(ledger, model, digest.sha256, [record.pull]), []);
  const speaker = await forge.speaker();
  const body = promotionBody({
    ...promoted,
    after,
    record,
    since: servingSince(before, digest.sha256),
    now: now && { version: now.version, sha256: now.digest.sha256 },
    verdict: verdicts.find(({ verdict }) => verdict !== "fail"),
    owners: await codeOwners(scene, path),
    triggersWorkflows: speaker.triggersWorkflows,
    run: scene.run,
  });
  return propose(scene, way, wanted, put.keep ? open : undefined, put.changed, body);
}

/** Opens the pull request, or has the open one speak of the newest version. */
async function propose(
  { forge }: Scene,
  { model, environment }: Way,
  { record }: Promotion & { kind: "wanted" },
  open: PullRequest | undefined,
  changed: boolean,
  body: string,
): Promise<Proposed> {
  const { version } = record;
  const { defaultBranch } = await forge.repositoryInfo();
  const title = promotionTitle({ model, version, environment });
  // An attempt that was broken off may have left the title of an older version; a person's stays.
  const stale = open !== undefined && open.title !== title && /^Promote \S+ \S+ to \S+$/.test(open.title);
  if (open !== undefined && !changed && !stale) {
    const sentence = `#${open.number} proposes ${model} ${version} for ${environment}`;
    return { environment, model, outcome: "stands", pull: open.number, url: open.url, sentence };
  }
  const head = promotionBranch(environment, model);
  const pull =
    open === undefined
      ? await create(() => forge.pulls.create({ title, body, head, base: defaultBranch }))
      : await forge.pulls.update(open.number, { title, body });
  const sentence = `#${pull.number} proposes ${model} ${version} for ${environment}`;
  return { environment, model, outcome: "proposed", pull: pull.number, url: pull.url, sentence };

  async function create(make: () => Promise<PullRequest>): Promise<PullRequest> {
    try {
      return await make();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const [other] = await forge.pulls.open(`${forge.repository.split("/")[0]}:${head}`);
      if (other !== undefined) return other; // another run was faster
      if (!/not permitted to create/i.test(error.message)) throw error;
      throw new UserError(
        `GitHub keeps workflows from opening pull requests here: allow it in Settings, Actions, General, "Allow GitHub Actions to create and approve pull requests", or use an App of your own; the branch "${head}" is ready to be proposed`,
        { cause: error },
      );
    }
  }
}

async function close(
  scene: Scene,
  { model, environment }: Way,
  open: PullRequest | undefined,
  why: string,
): Promise<Proposed> {
  const { forge } = scene;
  const nothing = { environment, model, pull: open?.number, url: open?.url };
  if (open === undefined) return { ...nothing, outcome: "none", sentence: `${model}: ${why}` };
  if ((await proposes(scene, open, { model, environment })) === undefined) {
    const sentence = `#${open.number} is not ours alone, and stays open: ${why}`;
    return { ...nothing, outcome: "left", sentence };
  }
  await forge.comments.upsert(open.number, MARKER, `${MARKER}\n${closingText(why)}\n`);
  await forge.pulls.update(open.number, { state: "closed" });
  return { ...nothing, outcome: "closed", sentence: `#${open.number} is closed: ${why}` };
}

const MARKER = "<!-- trainyard:promotion -->";

/** Which bytes a pull request of ours proposes, by its newest commit; undefined where that is none of ours. */
async function proposes(
  { forge }: Scene,
  { head }: PullRequest,
  { environment, model }: Pick<Way, "environment" | "model">,
): Promise<string | undefined> {
  const commit = await forge.commitInfo(head.sha);
  return commit === undefined ? undefined : promotedBy(commit.message, environment, model);
}

/** Who owns the desired state, by the CODEOWNERS that GitHub reads. */
async function codeOwners({ workspace: { files }, top }: Scene, path: string): Promise<readonly string[]> {
  for (const place of [".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"]) {
    const text = await files.read(join(top, place));
    if (text !== undefined) return ownersOf(text, path);
  }
  return [];
}

function readable(text: string, path: string): Desired | undefined {
  try {
    return parseDesired(text, path);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function softly<T>(ask: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserError && !(error instanceof HeadMoved)) return otherwise;
    throw error;
  }
}
