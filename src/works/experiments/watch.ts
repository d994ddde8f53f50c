import type { Ingredient } from "../../core/artifacts/ingredient.ts";
import type { LockedOutput } from "../../core/artifacts/lock.ts";
import type { Experiment } from "../../core/experiments/record.ts";
import type { Report } from "../../core/report/report.ts";
import { EXIT, UserError } from "../../errors.ts";
import { readLock } from "../../pipeline/lock-file.ts";
import type { RunResult, StageEvent } from "../../pipeline/work.ts";
import type { StageProject } from "../project.ts";
import { train } from "../train.ts";
import { type Ran, recordRun } from "./record.ts";

/** Looks on while a run goes, and writes down what became of it. */
export interface Watch {
  readonly onStage: (event: StageEvent) => void;
  /** A run that came to its end. Only one that measured something is an experiment. */
  finished(run: RunResult, report: Report | undefined): Promise<void>;
  /** A run that broke off. Only one that trained is an experiment. */
  broken(error: unknown): Promise<void>;
}

/** Begins to look on. Whatever keeps it from writing keeps no run from going on. */
export function watchRun(project: StageProject, set: readonly string[]): Watch {
  const { ports } = project;
  const startedAt = ports.now();
  const begun = new Map<string, number>();
  const stages: Experiment["stages"] = [];

  const write = async (rest: Pick<Ran, "lock" | "report" | "outcome">): Promise<void> => {
    try {
      await recordRun(project, { startedAt, endedAt: ports.now(), stages, set, ...rest });
    } catch (error) {
      if (!isMendable(error)) throw error;
      ports.progress.say(`  the experiment was not written down: ${error.message}`);
    }
  };

  return {
    onStage(event) {
      if (event.type === "begins") {
        begun.set(event.work, ports.now().getTime());
        return;
      }
      const { work, outcome } = event.result;
      const from = begun.get(work);
      const seconds = from === undefined ? null : (ports.now().getTime() - from) / 1000;
      stages.push({ stage: work, outcome, seconds });
      begun.delete(work);
    },

    async finished({ lock }, report) {
      if (report === undefined) return;
      await write({ lock, report, outcome: { status: "finished", message: null } });
    },

    async broken(error) {
      if (!begun.has(train.name)) return;
      stages.push({ stage: train.name, outcome: "failed", seconds: null });
      const killed = ports.signal.aborted || (error instanceof UserError && error.exit === EXIT.interrupted);
      const message = error instanceof Error ? error.message : String(error);
      const lock: Map<string, { in: readonly Ingredient[]; out: readonly LockedOutput[] }> = new Map(
        await readLock(project, project.folder),
      );
      // what was tried stands in no lock: it is what the training would have been
      lock.set(train.name, { in: await train.ingredients(project), out: [] });
      await write({
        lock,
        report: undefined,
        outcome: { status: killed ? "killed" : "failed", message: message.slice(0, 2000) },
      });
    },
  };
}

/** What a disk says, or a user can put right. */
function isMendable(error: unknown): error is Error {
  return error instanceof UserError || (error instanceof Error && "code" in error);
}
