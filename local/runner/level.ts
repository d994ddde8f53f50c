import type { JobResult } from "../contract.ts";
import { expand, holds, type Scope, type Status } from "./expressions.ts";
import type { Outcome } from "./job-state.ts";
import type { PlannedJob, PlannedWorkflow } from "./plan.ts";
import type { Run } from "./run-state.ts";
import { type Mapping, text, type Value } from "./value.ts";
import { runVariants } from "./variants.ts";

/** The jobs of one workflow file, of a run's own or of one that it calls. */
export interface Level {
  readonly run: Run;
  readonly workflow: PlannedWorkflow;
  readonly github: Mapping;
  readonly vars: Mapping;
  readonly inputs: Mapping;
  readonly secrets: Readonly<Record<string, string>>;
  /** `propose / ` before the names of jobs. */
  readonly prefix: string;
  readonly cancelled: AbortSignal;
  /** Concurrency groups that the workflows around this one hold. */
  readonly held: readonly string[];
}

/** What became of a job or of one combination of its matrix. */
export interface Ended {
  readonly result: Outcome;
  readonly outputs: Readonly<Record<string, string>>;
  readonly entries: readonly JobResult[];
}

/** What became of a job, as those that need it see it. */
export interface Settled extends Ended {
  /** Its own result and those of all that it needed. */
  readonly lineage: readonly Outcome[];
}

/** A job that needs others, and what became of them. */
export interface Ready {
  readonly level: Level;
  readonly job: PlannedJob;
  readonly needs: ReadonlyMap<string, Settled>;
}

/** Several results as one: what is worst counts, and skipped is only what is skipped all over. */
export function together(results: readonly Outcome[]): Outcome {
  for (const one of ["failure", "cancelled", "success"] as const) if (results.includes(one)) return one;
  return "skipped";
}

/** A job that ended without a machine, and why. */
export function endedAs(result: Outcome, name: string, message?: string): Ended {
  const said = message === undefined ? [] : [{ level: "error" as const, message }];
  const log = message === undefined ? "" : `##[error]${message}`;
  return {
    result,
    outputs: {},
    entries: [{ name, result, outputs: {}, log, summary: "", annotations: said }],
  };
}

/** Runs all jobs of a level, each when those that it needs have ended. */
export async function runLevel(level: Level): Promise<ReadonlyMap<string, Settled>> {
  const { jobs } = level.workflow;
  const settled = new Map<string, Promise<Settled>>();
  const settle = (job: PlannedJob): Promise<Settled> => {
    const known = settled.get(job.id);
    if (known !== undefined) return known;
    const needed = jobs
      .filter(({ id }) => job.needs.includes(id))
      .map(async (need) => [need.id, await settle(need)] as const);
    const now = Promise.all(needed).then((needs) => runOne({ level, job, needs: new Map(needs) }));
    settled.set(job.id, now);
    return now;
  };
  const all = await Promise.all(jobs.map(async (job) => [job.id, await settle(job)] as const));
  return new Map(all);
}

const lineageOf = ({ needs }: Ready): readonly Outcome[] =>
  [...needs.values()].flatMap(({ lineage }) => lineage);

/** What a job's own keys can speak of. */
export function scopeOfJob(ready: Ready, more: Mapping = {}): Scope {
  const { level, needs } = ready;
  const lineage = lineageOf(ready);
  const cancelled = level.cancelled.aborted;
  const status: Status = {
    success: !cancelled && lineage.every((result) => result === "success"),
    failure: lineage.includes("failure"),
    cancelled,
  };
  const seen = [...needs].map(([id, { result, outputs }]): [string, Value] => [id, { result, outputs }]);
  const { github, vars, inputs } = level;
  return { contexts: { github, vars, inputs, needs: Object.fromEntries(seen), ...more }, status };
}

async function runOne(ready: Ready): Promise<Settled> {
  const { level, job } = ready;
  const ended = await runIfMeant(ready).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return endedAs(
      "failure",
      plainName(level, job),
      `The template is not valid. ${level.workflow.path}: ${why}`,
    );
  });
  return { ...ended, lineage: [...lineageOf(ready), ended.result] };
}

const plainName = ({ prefix }: Level, { id, definition }: PlannedJob): string =>
  `${prefix}${text(definition.name ?? id)}`;

async function runIfMeant(ready: Ready): Promise<Ended> {
  const { level, job } = ready;
  const scope = scopeOfJob(ready);
  if (!holds(job.definition.if, scope)) {
    return endedAs(level.cancelled.aborted ? "cancelled" : "skipped", plainName(level, job));
  }
  const strategy = expand(job.definition.strategy ?? {}, scope) as Mapping;
  const variants = await runVariants(ready, strategy, runLevel);
  return {
    result: together(variants.map(({ result }) => result)),
    outputs: variants.reduce((all, { outputs }) => ({ ...all, ...said(outputs, all) }), {}),
    entries: variants.flatMap(({ entries }) => entries),
  };
}

/** Outputs that say something, or that nobody said yet. */
const said = (outputs: Ended["outputs"], before: Ended["outputs"]): Ended["outputs"] =>
  Object.fromEntries(
    Object.entries(outputs).filter(([key, value]) => value !== "" || before[key] === undefined),
  );
