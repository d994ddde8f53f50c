import type { LocalGithub } from "../contract.ts";
import type { Scope } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import type { Masks } from "./masks.ts";
import type { Processes } from "./processes.ts";
import type { Source } from "./sources.ts";
import type { Transcript } from "./transcript.ts";
import { isMapping, type Mapping, text, type Value } from "./value.ts";

export type Outcome = "success" | "failure" | "cancelled" | "skipped";

/** What became of a step. */
export interface StepState {
  readonly outputs: Readonly<Record<string, string>>;
  readonly outcome: Outcome;
  /** The outcome, or success where the step may fail. */
  readonly conclusion: Outcome;
}

/** Where steps stand: the job itself, or a composite action within it. */
export interface Frame {
  /** Whose files `$/` speaks of. */
  readonly source: Source;
  /** By their ids. */
  readonly steps: Record<string, StepState>;
  readonly inputs: Mapping;
  /** Of the steps that this one is within. */
  readonly env: Readonly<Record<string, string>>;
  /** The composite action's own folder. */
  readonly action?: { readonly folder: string; readonly source: Source };
  readonly defaults: Mapping;
  readonly depth: number;
  failed: boolean;
}

/** What is done after the steps, the last first. */
export interface Post {
  readonly name: string;
  run(): Promise<void>;
}

/** A job under way. */
export interface JobState {
  readonly github: LocalGithub;
  /** `github`, `vars`, `needs`, `strategy`, `matrix`, `secrets`, `runner`, and `job` but for its status. */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly machine: Machine;
  readonly masks: Masks;
  readonly transcript: Transcript;
  readonly processes: Processes;
  /** The node that runs actions, and the `PATH`. */
  readonly node: string;
  readonly path: string;
  readonly known: Readonly<Record<string, string>>;
  /** What only JavaScript actions are given. */
  readonly actionEnv: Readonly<Record<string, string>>;
  /** Of workflow and job, and what steps wrote into `GITHUB_ENV`. */
  env: Readonly<Record<string, string>>;
  /** What steps wrote into `GITHUB_PATH`, the newest first. */
  paths: readonly string[];
  failed: boolean;
  readonly posts: Post[];
  /** Cancels the job; its `always()` steps still run. */
  readonly cancelled: AbortSignal;
  /** The machine is lost: nothing runs any more. */
  readonly lost: AbortSignal;
  /** Told where a step begins and ends, which may lose the machine. */
  reached(step: string, when: "begins" | "ends"): void;
}

export const jobStatus = (job: JobState): "success" | "failure" | "cancelled" =>
  job.cancelled.aborted ? "cancelled" : job.failed ? "failure" : "success";

/** What an expression of a step can speak of. */
export function scopeOf(job: JobState, frame: Frame, env: Readonly<Record<string, string>> = {}): Scope {
  const cancelled = job.cancelled.aborted;
  const failed = frame.depth === 0 ? job.failed : frame.failed;
  const github = job.contexts.github as Mapping;
  const action: Mapping =
    frame.action === undefined
      ? {}
      : {
          action_path: frame.action.folder,
          action_repository: frame.action.source.repository,
          action_ref: frame.action.source.ref,
        };
  return {
    contexts: {
      ...job.contexts,
      github: { ...github, ...action },
      job: { ...(job.contexts.job as Mapping), status: jobStatus(job) },
      env: { ...job.env, ...frame.env, ...env },
      inputs: frame.inputs,
      steps: frame.steps as unknown as Mapping,
    },
    status: { success: !failed && !cancelled, failure: failed && !cancelled, cancelled },
  };
}

/** Values as an environment has them. */
export const texts = (values: Value): Record<string, string> =>
  isMapping(values)
    ? Object.fromEntries(Object.entries(values).map(([key, value]) => [key, text(value)]))
    : {};
