import { UserError } from "../errors.ts";

/** Nobody knows whether what was asked for was done. */
export class Unanswered extends UserError {
  override readonly name = "Unanswered";
}

/** A number of a tracked run at a step. What JSON has no number for is NaN or infinite. */
export interface TrackedMetric {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly step: number;
}

/** A name with a text. */
export interface TrackedText {
  readonly key: string;
  readonly value: string;
}

/** MLflow's words for how a run stands. */
export type TrackedStatus = "RUNNING" | "SCHEDULED" | "FINISHED" | "FAILED" | "KILLED";

/** A run as a tracking server has it. */
export interface TrackedRun {
  readonly id: string;
  readonly name: string;
  readonly status: TrackedStatus;
  /** Milliseconds since 1970; undefined where it is not known. */
  readonly start: number | undefined;
  readonly end: number | undefined;
  /** Of each metric the last value. */
  readonly metrics: readonly TrackedMetric[];
  readonly params: readonly TrackedText[];
  readonly tags: readonly TrackedText[];
}

/** What is logged of a run at once. */
export interface TrackedBatch {
  readonly metrics: readonly TrackedMetric[];
  readonly params: readonly TrackedText[];
  readonly tags: readonly TrackedText[];
}

/** A server that keeps track of runs in experiments. Every question may fail with a UserError that says why. */
export interface Tracking {
  /** Where it is, without credentials. */
  readonly address: string;
  /** The experiment that the surroundings name for this server, where they do. */
  readonly experimentName: string | undefined;
  /** An experiment's id by its name; undefined where there is none that is not deleted. */
  experiment(name: string): Promise<string | undefined>;
  /** Makes an experiment; one that somebody else makes meanwhile is as good. */
  createExperiment(name: string): Promise<string>;
  /** All runs of an experiment that are not deleted, page by page; with a tag, those that have it with this value. */
  runs(experiment: string, tag?: TrackedText): AsyncIterable<TrackedRun>;
  /**
   * Makes a run. Asked once: where nobody knows whether it was made, the caller looks for it.
   *
   * @throws {Unanswered} where it may have been made
   */
  createRun(
    experiment: string,
    run: {
      readonly name: string;
      readonly start: number;
      readonly user: string;
      readonly tags: readonly TrackedText[];
    },
  ): Promise<string>;
  /** Logs whatever a run has, in as many batches as the server's limits want. */
  log(run: string, batch: TrackedBatch): Promise<void>;
  /** Says how a run ended. */
  end(run: string, status: TrackedStatus, end: number): Promise<void>;
  /** Takes a run away. */
  deleteRun(run: string): Promise<void>;
  /** All values of a metric, at most so many. */
  history(run: string, key: string, most: number): Promise<readonly TrackedMetric[]>;
}
