import type { Lock } from "../core/artifacts/lock.ts";
import { assess } from "../pipeline/assess.ts";
import { runWorks } from "../pipeline/run.ts";
import type { RunResult, Work } from "../pipeline/work.ts";
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
