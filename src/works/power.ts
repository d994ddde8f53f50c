import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GatePower, type HoldoutRows, powerOf } from "../core/gates/power.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { runWorks } from "../pipeline/run.ts";
import { customNames } from "./custom-names.ts";
import { EVALUATION, type EvaluationRecord } from "./evaluate.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";
import { WORKS } from "./works.ts";

/** What the rows of a contract can decide of its gates; or the work that did not come through. */
export type Power =
  | { readonly rows: HoldoutRows; readonly gates: readonly GatePower[] }
  | { readonly stoppedBy: string };

/** Prepares the rows where they do not stand, counts them, and says what they can decide. Nothing is trained. */
export async function powerOfProject(project: StageProject): Promise<Power> {
  const { contract, folder, ports } = project;
  const run = await runWorks(WORKS, project, { until: "prepare", signal: ports.signal });
  if (run.stoppedBy !== undefined) return { stoppedBy: run.stoppedBy };
  const rows = await withEngine(project, async (engine) => {
    await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
    const classless = predictsNumbers(contract.task) || contract.data.roles.labels !== undefined;
    const label = classless ? "NULL" : quoteName(contract.data.roles.label);
    const counted = await engine.rows(
      `SELECT __split AS side, ${label} AS label, count(*) AS rows FROM prepared WHERE __split IS NOT NULL GROUP BY ALL ORDER BY rows DESC`,
    );
    const of = (row: (typeof counted)[number]): number => Number(row.rows);
    const held = counted.filter(({ side }) => side === "holdout");
    return {
      holdout: held.reduce((sum, row) => sum + of(row), 0),
      all: counted.reduce((sum, row) => sum + of(row), 0),
      classes: classless ? [] : held.map(of),
    };
  });
  const before = await lastEvaluation(project);
  const { confidence } = contract.evaluate.bootstrap;
  return { rows, gates: powerOf(contract.evaluate.gates, rows, confidence, before, customNames(contract)) };
}

async function lastEvaluation({ files, folder }: StageProject) {
  const path = join(folder, EVALUATION);
  if ((await files.read(path)) === undefined) return undefined;
  const record = JSON.parse(await readFile(path, "utf8")) as EvaluationRecord;
  return { rows: record.subject.rows.holdout, metrics: record.metrics, fairness: record.fairness };
}
