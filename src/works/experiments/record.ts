import { join } from "node:path";
import { canonical } from "../../core/artifacts/canonical.ts";
import { digestOf } from "../../core/artifacts/digest.ts";
import { LOCK_FILE } from "../../core/artifacts/lock-name.ts";
import type { Live } from "../../core/experiments/dvclive.ts";
import {
  backendIn,
  curvesIn,
  digestsIn,
  metricsIn,
  paramsIn,
  type Stages,
  seedsIn,
} from "../../core/experiments/of-lock.ts";
import { type Experiment, OWN, type Unnamed } from "../../core/experiments/record.ts";
import type { Report } from "../../core/report/report.ts";
import { toolIngredient } from "../../pipeline/ingredients.ts";
import type { StageProject } from "../project.ts";
import { TRAINING, type TrainingRecord } from "../train.ts";
import { below, isKept, keep } from "./store.ts";

/** A run that is over, as it is to be written down. */
export interface Ran {
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly stages: Experiment["stages"];
  /** `--set` */
  readonly set: readonly string[];
  readonly lock: Stages;
  /** What was measured; undefined where it did not get so far. */
  readonly report: Report | undefined;
  readonly outcome: Pick<Experiment, "status" | "message">;
}

/**
 * Writes down what a run did. A run that made nothing new, and whose experiment stands, leaves none.
 *
 * @returns undefined where there was nothing to write
 */
export async function recordRun(project: StageProject, ran: Ran): Promise<Experiment | undefined> {
  const { contract, folder, ports } = project;
  const { lock, report } = ran;
  const live = report === undefined ? undefined : await liveOf(project);
  const own = <T>(all: Readonly<Record<string, T>> = {}) =>
    Object.entries(all).map(([name, value]) => [`${OWN}${name}`, value] as const);
  const params = { ...paramsIn(lock), ...Object.fromEntries(own(live?.params)) };
  const known: Unnamed = {
    model: contract.model,
    folder: below(project.repo?.root ?? project.root, folder),
    source: "run",
    ...ran.outcome,
    verdict: report?.verdict ?? null,
    started_at: ran.startedAt.toISOString(),
    duration: (ran.endedAt.getTime() - ran.startedAt.getTime()) / 1000,
    user: null,
    commit: null,
    branch: null,
    dirty: null,
    set: ran.set.map((one) => one.slice(0, 500)).slice(0, 200),
    params,
    metrics: [
      ...(report === undefined ? [] : metricsIn(report)),
      ...own(live?.metrics).map(([name, value]) => ({
        name,
        value,
        reason: null,
        interval: null,
        baseline: null,
      })),
    ],
    gates: (report?.gates ?? []).map(({ condition, verdict }) => ({
      condition: condition.slice(0, 500),
      verdict,
    })),
    digests: digestsIn(lock, contract.model),
    environment: {
      tool: `trainyard ${String(toolIngredient().value)}`,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      backend: backendIn(lock),
    },
    seeds: seedsIn(params),
    stages: [...ran.stages],
    curves: [
      ...(report === undefined ? [] : curvesIn(report.history)),
      ...(live?.curves ?? []).map((curve) => ({ ...curve, name: `${OWN}${curve.name}` })),
    ],
    pull: null,
    url: ports.host.run?.url ?? null,
    tags: {},
  };
  const worked = ran.stages.some(({ outcome }) => outcome === "performed");
  if (!worked && (await isKept(project, known))) return undefined;
  return keep(project, { ...known, ...(await whereOf(project)) });
}

/** What the training said of itself, where its file is here and is of this model. */
async function liveOf({ files, folder }: StageProject): Promise<Live | undefined> {
  const text = await files.read(join(folder, TRAINING));
  if (text === undefined) return undefined;
  return (JSON.parse(text) as TrainingRecord).live;
}

/** Who ran it on which commit, and what differed from that. */
async function whereOf(
  project: StageProject,
): Promise<Pick<Experiment, "user" | "commit" | "branch" | "dirty">> {
  const { repo, ports } = project;
  const user = (await repo?.user()) ?? ports.host.user ?? null;
  const commit = await repo?.head();
  if (repo === undefined || commit === undefined) return { user, commit: null, branch: null, dirty: null };
  const changed = (await repo.changed(commit)).filter((path) => !isResult(path)).slice(0, MOST_CHANGED);
  const states = await Promise.all(
    changed.map(async (path) => [path, (await project.files.content(join(repo.root, path)))?.sha256 ?? null]),
  );
  return {
    user,
    commit,
    branch: (await repo.branch())?.slice(0, 500) ?? null,
    dirty: states.length === 0 ? null : digestOf(canonical(states)).sha256,
  };
}

/** So many files that differ go into the digest. */
const MOST_CHANGED = 1000;

/** What a run itself writes differs from the commit because it ran, not because somebody changed it. */
const isResult = (path: string): boolean =>
  path.endsWith(LOCK_FILE) || /(^|\/)models\/([^/]+\.dvc|\.gitignore)$/.test(path);
