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
import { weightOf } from "./score.ts";
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
    const weight = weightOf(contract);
    const weighed = weight === undefined ? "1.0" : `CAST(${quoteName(weight)} AS DOUBLE)`;
    const found = await engine.rows(
      `SELECT __split AS side, ${label} AS label, count(*) AS rows, sum(${weighed}) AS mass, sum(${weighed} * ${weighed}) AS squares FROM prepared WHERE __split IS NOT NULL GROUP BY ALL ORDER BY rows DESC`,
    );
    const all = found.map(({ side, rows, mass, squares }) => ({
      held: side === "holdout",
      rows: Number(rows),
      mass: Number(mass),
      squares: Number(squares),
    }));
    const held = all.filter((part) => part.held);
    const counted = (size: (parts: readonly Part[]) => number) => ({
      holdout: size(held),
      all: size(all),
      classes: classless ? [] : held.map((part) => size([part])),
    });
    const rows = counted((parts) => sumOf(parts, "rows"));
    return weight === undefined ? rows : { ...rows, effective: counted(effectiveRows) };
  });
  const before = await lastEvaluation(project);
  const { confidence } = contract.evaluate.bootstrap;
  return { rows, gates: powerOf(contract.evaluate.gates, rows, confidence, before, customNames(contract)) };
}

/** Rows of one side and class, added up. */
interface Part {
  readonly rows: number;
  /** Sum of the weights. */
  readonly mass: number;
  /** Sum of their squares. */
  readonly squares: number;
}

const sumOf = (parts: readonly Part[], of: keyof Part): number =>
  parts.reduce((sum, part) => sum + part[of], 0);

/** How many equal rows tell as much as these: see `effectiveSize`. */
function effectiveRows(parts: readonly Part[]): number {
  const squares = sumOf(parts, "squares");
  if (squares === 0) return 0;
  // the last digits of sums hang on the order in which threads came to add them
  return Number((sumOf(parts, "mass") ** 2 / squares).toPrecision(9));
}

async function lastEvaluation({ files, folder }: StageProject) {
  const path = join(folder, EVALUATION);
  if ((await files.read(path)) === undefined) return undefined;
  const record = JSON.parse(await readFile(path, "utf8")) as EvaluationRecord;
  const { holdout, effective = holdout } = record.subject.rows;
  return { rows: effective, metrics: record.metrics, fairness: record.fairness };
}
