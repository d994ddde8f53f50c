import type { Kill, RunnerOptions } from "../contract.ts";
import type { Groups } from "./concurrency.ts";
import type { RunFacts } from "./contexts.ts";
import type { Slots } from "./slots.ts";

/** What all runs of a runner share. */
export interface Engine {
  readonly options: RunnerOptions;
  readonly groups: Groups;
  readonly slots: Slots;
  /** A new folder for a job. */
  folder(): string;
  /** How the machine is to be lost here; asked once, it is not again. */
  kills(job: string, step: string, when: "begins" | "ends"): Kill | undefined;
  say(line: string): void;
}

/** A run under way. */
export interface Run extends RunFacts {
  readonly engine: Engine;
  /** Cancels the run; the reason is its `reason`. */
  readonly cancelled: AbortSignal;
  /** The runner closes: everything is killed. */
  readonly closed: AbortSignal;
}

/** Stops when the first of several does, with its reason. */
export const linked = (...signals: readonly AbortSignal[]): AbortSignal => AbortSignal.any([...signals]);
