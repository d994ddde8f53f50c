import { type Action, loadAction } from "./actions.ts";
import { runComposite } from "./composite.ts";
import { expand, fill, holds } from "./expressions.ts";
import { type Frame, type JobState, type Outcome, scopeOf, texts } from "./job-state.ts";
import { type NodeAction, runMain, runPre } from "./node-action.ts";
import { runScript } from "./script.ts";
import { fail, type Standing, type Worked } from "./step.ts";
import { text, truthy, type Value } from "./value.ts";
import type { Step } from "./workflow.ts";

/** Actions that were loaded before the first step, by their steps. */
export type Loaded = Map<Step, { readonly action: Action; readonly node?: NodeAction }>;

const MINUTE = 60_000;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a step is called: its name, or what it does. */
function nameOf(step: Step, job: JobState, frame: Frame): string {
  if (step.name !== undefined) return text(fill(text(step.name), scopeOf(job, frame)));
  return `Run ${step.uses ?? text(step.run).split("\n")[0] ?? ""}`;
}

/** `GITHUB_ACTION`: its id, or what GitHub makes of what it does. */
function idOf({ id, uses }: Step): string {
  if (id !== undefined) return id;
  if (uses === undefined) return "__run";
  return /^[.$]\//.test(uses) ? "__self" : `__${uses.replace(/@.*/, "").replace(/[^\w-]+/g, "_")}`;
}

const loadedOf = (action: Action): { readonly action: Action; readonly node?: NodeAction } =>
  action.runs.using === "node" ? { action, node: { action, runs: action.runs, state: {} } } : { action };

/** Loads the actions that a job's steps use, and runs what they have to run before all others. */
export async function prepare(steps: readonly Step[], job: JobState, frame: Frame): Promise<Loaded> {
  const loaded: Loaded = new Map();
  for (const step of steps) {
    if (step.uses === undefined || step.uses.startsWith("./")) continue;
    loaded.set(step, loadedOf(await loadAction(step.uses, frame, job)));
  }
  for (const [step, { node }] of loaded) {
    if (node?.runs.pre === undefined) continue;
    const env = texts(expand(step.env ?? {}, scopeOf(job, frame)));
    const standing = {
      job,
      frame,
      step,
      name: nameOf(step, job, frame),
      id: idOf(step),
      env,
      stop: job.cancelled,
    };
    const worked = await runPre(node, standing);
    if (worked?.success === false) job.failed = true;
  }
  return loaded;
}

/** Runs steps one after the other, each if its condition holds. */
export async function runSteps(
  steps: readonly Step[],
  job: JobState,
  frame: Frame,
  loaded: Loaded,
  stop?: AbortSignal,
): Promise<void> {
  for (const step of steps) {
    if (job.lost.aborted) return;
    await runStep(step, job, frame, loaded, stop);
  }
}

async function runStep(
  step: Step,
  job: JobState,
  frame: Frame,
  loaded: Loaded,
  outer: AbortSignal | undefined,
): Promise<void> {
  let name = step.id ?? "";
  let outcome: Outcome = "failure";
  let outputs: Worked["outputs"] = {};
  try {
    name = nameOf(step, job, frame);
    if (!holds(step.if, scopeOf(job, frame))) {
      settle(step, frame, { outcome: "skipped", conclusion: "skipped", outputs });
      return;
    }
    job.transcript.line(`##[group]${name}`);
    const env = texts(expand(step.env ?? {}, scopeOf(job, frame)));
    const limit = minutes(step["timeout-minutes"], job, frame, env);
    const watch = watchOf(step, job, frame, limit, outer);
    job.reached(name, "begins");
    try {
      const standing = { job, frame, step, name, id: idOf(step), env, stop: watch.stop.signal };
      const worked = job.lost.aborted ? { success: false, outputs } : await work(standing, loaded);
      outputs = worked.outputs;
      outcome = worked.success ? "success" : watch.cancelled() ? "cancelled" : "failure";
      if (watch.late()) {
        fail(job, `The action '${name}' has timed out after ${limit} minutes.`);
        outcome = "failure";
      }
    } finally {
      watch.end();
    }
  } catch (error) {
    fail(job, reasonOf(error));
  }
  job.transcript.line("##[endgroup]");
  const forgiven = outcome === "failure" && forgives(step, job, frame);
  settle(step, frame, { outcome, conclusion: forgiven ? "success" : outcome, outputs });
  if (outcome !== "success" && !forgiven) {
    frame.failed = true;
    if (frame.depth === 0) job.failed = true;
  }
  job.reached(name, "ends");
}

function forgives(step: Step, job: JobState, frame: Frame): boolean {
  const allowed = step["continue-on-error"];
  try {
    return allowed !== undefined && truthy(expand(allowed, scopeOf(job, frame)));
  } catch (error) {
    fail(job, reasonOf(error));
    return false;
  }
}

function settle(step: Step, frame: Frame, state: Frame["steps"][string]): void {
  if (step.id !== undefined) frame.steps[step.id] = state;
}

function minutes(
  limit: Value | undefined,
  job: JobState,
  frame: Frame,
  env: Record<string, string>,
): number | undefined {
  if (limit === undefined || limit === null) return undefined;
  const count = Number(expand(limit, scopeOf(job, frame, env)));
  if (!(count > 0)) throw new Error(`timeout-minutes is ${text(limit)}, which is no time`);
  return count;
}

/** Whether a step's condition still holds now that the job is cancelled. */
function goesOn(step: Step, job: JobState, frame: Frame): boolean {
  try {
    return holds(step.if, scopeOf(job, frame));
  } catch {
    return false;
  }
}

/** What stops a step: its time, the job's cancelling where its condition no longer holds, the step around it. */
function watchOf(
  step: Step,
  job: JobState,
  frame: Frame,
  limit: number | undefined,
  outer: AbortSignal | undefined,
) {
  const stop = new AbortController();
  let late = false;
  let cancelled = false;
  const ended = new AbortController();
  const timer =
    limit === undefined
      ? undefined
      : setTimeout(() => {
          late = true;
          stop.abort();
        }, limit * MINUTE);
  const cancel = () => {
    if (goesOn(step, job, frame)) return;
    cancelled = true;
    stop.abort();
  };
  const listening = { signal: ended.signal };
  if (!job.cancelled.aborted) job.cancelled.addEventListener("abort", cancel, listening);
  if (outer?.aborted) stop.abort();
  outer?.addEventListener("abort", () => stop.abort(), listening);
  return {
    stop,
    late: () => late,
    cancelled: () => cancelled,
    end() {
      clearTimeout(timer);
      ended.abort();
    },
  };
}

async function work(standing: Standing, loaded: Loaded): Promise<Worked> {
  const { job, frame, step } = standing;
  if (step.uses === undefined) return runScript(standing);
  const { action, node } = loaded.get(step) ?? loadedOf(await loadAction(step.uses, frame, job));
  if (node !== undefined) {
    if (node.runs.pre !== undefined && !loaded.has(step) && !step.uses.startsWith("./")) {
      throw new Error(`"${step.uses}" has pre, which this runner does not know within composite actions`);
    }
    return runMain(node, standing);
  }
  if (action.runs.using !== "composite") throw new Error("unreachable");
  return runComposite(action, action.runs, standing, (steps, inner, stop) =>
    runSteps(steps, job, inner, new Map(), stop),
  );
}
