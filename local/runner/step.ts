import type { Frame, JobState } from "./job-state.ts";
import type { Step } from "./workflow.ts";

/** A step that is about to run: where it stands and what it is given. */
export interface Standing {
  readonly job: JobState;
  readonly frame: Frame;
  readonly step: Step;
  /** As it is shown. */
  readonly name: string;
  /** `GITHUB_ACTION` */
  readonly id: string;
  /** The step's own `env`, filled in. */
  readonly env: Readonly<Record<string, string>>;
  /** Cancelled, or out of time. */
  readonly stop: AbortSignal;
}

/** How the work of a step ended. */
export interface Worked {
  readonly success: boolean;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Says why a step failed, in the log and beside the run. */
export function fail(job: JobState, message: string): Worked {
  for (const line of message.split("\n")) job.transcript.line(`##[error]${line}`);
  job.transcript.annotate({ level: "error", message });
  return { success: false, outputs: {} };
}
