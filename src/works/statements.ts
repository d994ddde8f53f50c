import type { Contract } from "../config/contract.ts";
import type { Scored } from "../core/measures/evaluation.ts";
import { answersOf } from "../core/measures/points.ts";
import { ll144Of } from "../core/measures/statements/impact.ts";
import type { MetricRow } from "../core/report/report.ts";
import type { Statements } from "../core/report/sections/statements.ts";
import type { TextColumn } from "../core/tables/column.ts";

/** What laws ask to be stated of a model, as far as the contract wants it. */
export function statementsOf(
  { task, evaluate: { statements, groups, metrics } }: Contract,
  { holdout, classes, sensitive, measured }: Known,
): Statements | undefined {
  if (statements === undefined) return undefined;
  const { ll144, ai_act: aiAct } = statements;
  const declared = metrics ?? measured.filter(({ value }) => value !== null).map(({ name }) => name);
  return {
    ...(ll144 === undefined
      ? {}
      : {
          ll144: ll144Of(answersOf(holdout, task, classes), sensitive, {
            sex: ll144.sex,
            race: ll144.race,
            rate: ll144.rate ?? (task === "regression" ? "scoring" : "selection"),
            leftOutBelow: ll144.leave_out_below,
            minGroupSize: groups.min_size,
          }),
        }),
    ...(aiAct ? { ai_act: { metrics: [...declared] } } : {}),
  };
}

/** What an evaluation knows of the holdout. */
interface Known {
  readonly holdout: Scored;
  /** How many there are. */
  readonly classes: number;
  readonly sensitive: ReadonlyMap<string, TextColumn>;
  readonly measured: readonly MetricRow[];
}
