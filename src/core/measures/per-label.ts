import type { LabelRow } from "../report/sections/labels.ts";
import { wilson } from "../stats/wilson.ts";
import type { LabelSets } from "./label-sets.ts";
import { AREA, PRECISION, type RankStatistic } from "./metrics/ranks.ts";
import { tallyOf } from "./metrics/set-tally.ts";
import { effectiveSize } from "./row-weights.ts";

/**
 * What is measured of each label on its own. A share of nothing is not known here, whatever averages take it for;
 * precision and recall have Wilson's intervals, of weighted rows for their effective number.
 *
 * @param names of the labels, in the order of the scores
 * @param baseline the model in production on the same rows
 * @param confidence of the intervals
 */
export function labelRows(
  candidate: LabelSets,
  baseline: LabelSets | undefined,
  names: readonly string[],
  confidence: number,
): LabelRow[] {
  const ours = numbersOf(candidate);
  const theirs = baseline && numbersOf(baseline);
  return names.map((name, label) => {
    const { precision, recall, ...own } = ours(label);
    const base = theirs?.(label);
    const share = (value: number | null, marks: Uint8Array) => {
      const of = sizeOf(candidate, marks, label);
      const bounds = value === null ? undefined : wilson(value * of, of, confidence);
      const method =
        candidate.weights === undefined
          ? "Wilson score interval"
          : "Wilson score interval of the effective number of rows";
      return { value, of, interval: bounds === undefined ? null : { ...bounds, confidence, method } };
    };
    return {
      name,
      rows: countOf(candidate, candidate.truth, label),
      decided: countOf(candidate, candidate.decided, label),
      precision: share(precision, candidate.decided),
      recall: share(recall, candidate.truth),
      ...own,
      baseline: base ?? null,
    };
  });
}

/** The figures of each label, by the rows' weights where they have any. */
function numbersOf(sets: LabelSets) {
  const { truth, decided, hits } = tallyOf(sets, sets.weights);
  const ratio = (part: number, of: number): number | null => (of === 0 ? null : part / of);
  return (label: number) => {
    const [real, chosen, both] = [truth[label] ?? 0, decided[label] ?? 0, hits[label] ?? 0];
    const ranked = (statistic: RankStatistic): number | null => {
      if (sets.unscored !== undefined) return null;
      const ranking = sets.ranking(label);
      return statistic.undefinedFor(ranking) === undefined ? statistic.of(ranking, sets.weights) : null;
    };
    return {
      precision: ratio(both, chosen),
      recall: ratio(both, real),
      f1: ratio(2 * both, real + chosen),
      roc_auc: ranked(AREA),
      average_precision: ranked(PRECISION),
    };
  };
}

function countOf({ rows, labels }: LabelSets, marks: Uint8Array, label: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) count += marks[row * labels + label] as number;
  return count;
}

/** The marked rows, or how many equal ones tell as much. */
function sizeOf(sets: LabelSets, marks: Uint8Array, label: number): number {
  const { weights, labels } = sets;
  if (weights === undefined) return countOf(sets, marks, label);
  return effectiveSize(weights.filter((_, row) => marks[row * labels + label] === 1));
}
