import type { History } from "../../core/triage/history.ts";
import type { Measurement } from "../../core/triage/measurement.ts";
import type { MonitorRecord } from "../../core/triage/record.ts";
import type { Forge } from "../../ports/forge.ts";

/** What a contract's `then: { retrain: pull-request }` has started. */
export interface Retraining {
  /** The workflow's file. */
  readonly workflow: string;
  readonly model: string;
}

/** What became of it. */
export interface Retrained {
  /** When it was started for the trouble of now; null where it was not. */
  readonly at: string | null;
  /** Whether it was just now. */
  readonly now: boolean;
  /** Why it could not be started. */
  readonly failure: unknown;
}

/** What is done with an issue when the trouble is ours to speak of. */
const SPOKEN: readonly unknown[] = ["opened", "reopened", "updated"];

/**
 * Starts the retraining once for each trouble; another model that moves is another trouble. The record that
 * is written after it says that it was started: a run that is killed in between starts it again, which
 * proposes nothing twice.
 */
export async function retrainOnce(
  forge: Forge,
  retraining: Retraining | undefined,
  { decided }: Pick<History, "decided">,
  { verdict, served, at: now }: Pick<Measurement, "verdict" | "served" | "at">,
  did: NonNullable<MonitorRecord["issue"]>["did"] | "nothing",
): Promise<Retrained> {
  const same = decided?.verdict === "moved" && decided.served?.sha256 === served?.sha256;
  const at = verdict === "moved" && same ? decided.retrained : null;
  if (retraining === undefined || verdict !== "moved" || at !== null || !SPOKEN.includes(did)) {
    return { at, now: false, failure: undefined };
  }
  try {
    const { defaultBranch } = await forge.repositoryInfo();
    await forge.dispatch(retraining.workflow, defaultBranch, { model: retraining.model });
  } catch (failure) {
    return { at, now: false, failure };
  }
  return { at: now, now: true, failure: undefined };
}
