import { join } from "node:path";
import { joinPath } from "../../core/artifacts/path.ts";
import type { Judgement } from "../../core/proposal/documents.ts";
import type { ContractTexts } from "../../core/report/check-lines.ts";
import type { CommentFacts } from "../../core/report/comment.ts";
import type { PullRequest } from "../../ports/forge.ts";
import { CONTRACT } from "../contract-paths.ts";
import { softly } from "../softly.ts";
import type { Scene, Talk } from "./scene.ts";

/** The repository's address, by that of one of its pull requests. */
export const repositoryAddress = ({ url }: Pick<PullRequest, "url">): string =>
  url.replace(/\/pull\/\d+.*$/, "");

/** Where a run of this repository is looked at. */
export function runAddress(pull: Pick<PullRequest, "url">, run: number): string | undefined {
  return Number.isSafeInteger(run) && run > 0 ? `${repositoryAddress(pull)}/actions/runs/${run}` : undefined;
}

/** Who speaks of a pull request, and what its base branch requires. */
export async function talkOf({ forge }: Scene, pull: PullRequest): Promise<Talk> {
  const [speaker, rules] = await Promise.all([forge.speaker(), softly(() => forge.rules(pull.base.ref))]);
  return {
    pull,
    speaker,
    required: rules?.required.map(({ context }) => context),
    approvals: rules?.approvals,
    refused: [],
  };
}

/** What the comment says beside the judgement. */
export async function commentFacts(
  scene: Scene,
  talk: Talk,
  earlier: CommentFacts["earlier"],
): Promise<CommentFacts> {
  const { pull, speaker, approvals, refused } = talk;
  const { forge, trainingRun } = scene;
  const trained = trainingRun === undefined ? undefined : await softly(() => forge.runs.get(trainingRun));
  return {
    repository: repositoryAddress(pull),
    pull: pull.number,
    base: pull.base.ref,
    run: scene.run?.url,
    page: await pageAddress(scene),
    trainedBy: trainingRun === undefined ? undefined : runAddress(pull, trainingRun),
    trainedIn: trained?.seconds,
    triggersWorkflows: speaker.triggersWorkflows,
    approvals,
    earlier,
    refused: [...refused],
  };
}

/**
 * Where the page of this run can be opened; undefined where it is not to be found. In command.yml's run
 * the training can leave pages, too: only the one that was handed over with the judgement is shown.
 */
async function pageAddress({ forge, run, workspace, judgement }: Scene): Promise<string | undefined> {
  if (run === undefined) return undefined;
  const own = await workspace.files.content(join(judgement, PAGE));
  if (own === undefined) return undefined;
  const artifacts = await softly(() => forge.runs.artifacts(run.id));
  const page = artifacts?.find(
    ({ name, expired, digest }) =>
      !expired && name === PAGE && (digest === undefined || digest === `sha256:${own.sha256}`),
  );
  return page === undefined ? undefined : `${run.url}/artifacts/${page.id}`;
}

const PAGE = "report.html";

/** The contracts of both sides, for the lines of the check; only where there is something to place. */
export async function contractTexts(
  { forge, workspace, folder, head }: Scene,
  { models, verdict }: Judgement,
): Promise<ReadonlyMap<string, ContractTexts>> {
  const found = new Map<string, ContractTexts>();
  if (verdict === "pass" || verdict === "warn") return found;
  for (const model of models) {
    if (found.has(model.folder) || model.state !== "judged") continue;
    const path = joinPath(model.folder, CONTRACT);
    const base = await workspace.files.read(join(folder, path));
    found.set(model.folder, { base, head: await softly(() => forge.file(path, head)) });
  }
  return found;
}
