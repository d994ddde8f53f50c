import type { Lock } from "../core/artifacts/lock.ts";
import { assess } from "../pipeline/assess.ts";
import { runWorks } from "../pipeline/run.ts";
import type { RunResult, Work, WorkStatus } from "../pipeline/work.ts";
import type { StageProject } from "./project.ts";
import { train } from "./train.ts";
import { WORKS } from "./works.ts";

/** A project whose works up to the features were run, and what training it would be. */
export interface BeforeTraining {
  readonly project: StageProject;
  readonly run: RunResult;
  /** Of the training; undefined where a work before it failed. */
  readonly fingerprint: string | undefined;
}

/** Everything before the training: what our own code makes of the contract and its data. */
export const BEFORE_TRAINING: readonly Work<StageProject>[] = WORKS.slice(0, WORKS.indexOf(train));

/** Runs what comes before the training, and tells the training's fingerprint. */
export async function runBeforeTraining(project: StageProject): Promise<BeforeTraining> {
  const run = await runWorks(BEFORE_TRAINING, project, { signal: project.ports.signal });
  if (run.stoppedBy !== undefined) return { project, run, fingerprint: undefined };
  return { project, run, fingerprint: await trainingFingerprint(project, run.lock) };
}

/** The fingerprint that training has where the works before it left what a lock says. */
export async function trainingFingerprint(project: StageProject, lock: Lock): Promise<string> {
  const made = new Map([...lock].map(([name, { out }]) => [name, out]));
  return (await assess(train, { ...project, lock }, lock, made)).fingerprint;
}

/** Freshness is checked against today; a lock does not cease to stand overnight for that. */
const AGES = "validate";

/**
 * The works for which a lock does not stand, whatever has become of their outputs: what goes into them is
 * not what it says. Nothing is run and no data are fetched.
 */
export async function changedWorks(project: StageProject, lock: Lock): Promise<readonly WorkStatus[]> {
  const made = new Map([...lock].map(([name, { out }]) => [name, out]));
  const changed: WorkStatus[] = [];
  for (const work of WORKS) {
    const entry = lock.get(work.name);
    const { fingerprint, why } = await assess(work, { ...project, lock }, lock, made);
    const ages = work.name === AGES && entry !== undefined && agesAlone(why);
    if (entry?.fingerprint !== fingerprint && !ages) changed.push({ work: work.name, state: "runs", why });
  }
  return changed;
}

const agesAlone = (why: readonly string[]): boolean =>
  why.length > 0 && why.every((reason) => reason.startsWith("parameter today "));
