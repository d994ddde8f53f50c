import type { Contract } from "../config/contract.ts";
import { type GroupedRows, tradeOffOf } from "../core/measures/fairness/trade-off/trade-off.ts";
import { classified, type Scored } from "../core/measures/scored.ts";
import type { TradeOff } from "../core/report/sections/trade-offs.ts";
import type { TextColumn } from "../core/tables/column.ts";
import type { Engine } from "../ports/engine.ts";
import type { OpenBundle } from "./bundles.ts";
import { scoreSide, sensitiveColumns } from "./score.ts";

/**
 * What a threshold for each group would do, for each sensitive column: found on the validation rows, seen on the
 * holdout. Empty where the model answers for the holdout alone, or has no threshold.
 */
export async function tradeOffsOf(
  engine: Engine,
  contract: Contract,
  candidate: OpenBundle,
  { holdout, sensitive }: { readonly holdout: Scored; readonly sensitive: ReadonlyMap<string, TextColumn> },
): Promise<TradeOff[] | undefined> {
  const { groups, bootstrap } = contract.evaluate;
  if (groups.trade_off === undefined) return undefined;
  const { classes, threshold } = candidate.bundle;
  if (!candidate.general || threshold === null) return [];
  const validation = await scoreSide(engine, candidate, contract, "validation", classes);
  const columns = await sensitiveColumns(engine, contract, "validation");
  const { costs } = contract.plan;
  const settings = {
    threshold,
    prices: costs ?? { false_positive: 1, false_negative: 1 },
    price:
      costs === undefined ? "Wrong decisions" : `Cost${costs.unit === undefined ? "" : `, ${costs.unit}`}`,
    minGroupSize: groups.min_size,
    confidence: bootstrap.confidence,
  };
  return groups.trade_off.flatMap((rate) =>
    [...sensitive].flatMap(([column, held]) => {
      const searched = columns.get(column);
      if (searched === undefined) return [];
      const sides = [rowsOf(validation, searched), rowsOf(holdout, held)] as const;
      return tradeOffOf(...sides, { ...settings, column, rate }) ?? [];
    }),
  );
}

function rowsOf(scored: Scored, column: TextColumn): GroupedRows {
  const { labels, weights } = scored;
  const scores = classified(scored, 2).columns[1] ?? new Float64Array(0);
  return { labels, scores, column, ...(weights === undefined ? {} : { weights }) };
}
