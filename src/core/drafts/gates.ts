import type { ColumnProfile } from "../tables/profile.ts";
import { type Decidable, decidableByAccuracy, decidableByR2, decidableByRocAuc } from "./margin.ts";

/** The part of the rows that the drafted split holds back. */
export const HOLDOUT = 0.2;

/** The drafted gates: their YAML as plain data, and the remark that says why the margin is what it is. */
export interface DraftGates {
  readonly gates: readonly { readonly gate: string; readonly when_inconclusive: "warn" }[];
  readonly remark: string;
}

/**
 * A gate against the model in production, with a margin that the rows at hand can decide.
 *
 * @param target the label's column
 * @param positive its positive value, where it has two
 */
export function draftGates(task: string, target: ColumnProfile, positive: string | undefined): DraftGates {
  const rows = Math.round(target.count * HOLDOUT);
  const positives = Math.round(rows * positiveShare(target, positive));
  const found =
    task === "regression"
      ? decidableByR2(rows)
      : task === "binary-classification"
        ? decidableByRocAuc(positives, rows - positives)
        : decidableByAccuracy(rows);
  const metric = { regression: "r2", "binary-classification": "roc_auc" }[task] ?? "accuracy";
  const gate = `${metric} >= baseline - ${found?.margin ?? 0.01}`;
  return {
    gates: [{ gate, when_inconclusive: "warn" }],
    remark: remarkOn(found, rows, task === "binary-classification" ? positives : undefined),
  };
}

/** Of a label of two values; a half where the profile does not say. */
function positiveShare({ top, mean, min, max }: ColumnProfile, positive: string | undefined): number {
  const named = top?.find(({ value }) => value === positive)?.share;
  if (named !== undefined) return named;
  if (mean === null) return 0.5;
  if (typeof min !== "number" || typeof max !== "number" || min === max) return mean; // truth values
  const upper = (mean - min) / (max - min);
  return positive === undefined || Number(positive) === max ? upper : 1 - upper;
}

function remarkOn(found: Decidable | undefined, rows: number, positives: number | undefined): string {
  const held = `About ${rows} rows are held out${positives === undefined ? "" : `, ${positives} of them positive`}.`;
  if (found === undefined) return `${held} That is too few to tell two models apart.`;
  const { title, halfWidth, margin } = found;
  const known = `Two equally good models differ there by up to ${round(halfWidth)} in ${title} by chance alone`;
  const decides = `${held}\n${known};\nwith a margin of ${margin} four of five such pairs are decided.`;
  return margin <= 0.01 ? decides : `${decides} Narrow it as the data grow.`;
}

const round = (value: number): string => (value < 0.01 ? value.toFixed(4) : value.toFixed(2));
