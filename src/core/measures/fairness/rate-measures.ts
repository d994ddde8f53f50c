import type { MetricRow } from "../../report/report.ts";
import { type Certainty, intervalOf } from "../interval.ts";
import type { Classified } from "../scored.ts";
import type { Task } from "../task.ts";
import type { Groups } from "./groups.ts";
import { type PairedRate, pairedRateBounds, rateInterval } from "./rate-intervals.ts";
import { apart, type Rate, type Rates, ratesOf, rowTests } from "./rates.ts";
import { type FairnessMeasure, fairnessMeasuresOf, type RateName } from "./table.ts";

/** The measures of a classifier over groups, each with its interval and beside the baseline. */
export function rateMeasures(
  groups: Groups,
  candidate: Classified,
  baseline: Classified | undefined,
  stream: string,
  settings: Certainty & { readonly task: Task },
): MetricRow[] {
  const ours = ratesOf(candidate, groups);
  const theirs = baseline && ratesOf(baseline, groups);
  return fairnessMeasuresOf(settings.task).map((measure) => {
    const reason = whyNot(measure, ours, groups);
    const value = reason === null ? measured(measure, ours) : null;
    const base = theirs === undefined || reason !== null ? null : measured(measure, theirs);
    const certain = settings.resamples > 0 && value !== null;
    const paired =
      certain && base !== null && baseline !== undefined
        ? pairedRateBounds(measure, pairs(measure, candidate, baseline, groups), stream, settings)
        : undefined;
    const compared = new Map(measure.rates.map((name) => [name, ours.get(name) ?? []]));
    return {
      name: measure.name,
      title: measure.title,
      better: measure.as === "difference" ? "lower" : "higher",
      value,
      interval: certain ? rateInterval(measure, compared, value, stream, settings) : null,
      train: null,
      baseline: base,
      difference:
        value === null || base === null ? null : { value: value - base, interval: intervalOf(paired) },
      reason,
    };
  });
}

const NOUNS: Readonly<Record<RateName, string>> = {
  selection_rate: "rows",
  accuracy: "rows",
  true_positive_rate: "positive rows",
  false_positive_rate: "negative rows",
};

/** Why a measure has no value; null where it has one. */
function whyNot(measure: FairnessMeasure, rates: Rates, groups: Groups): string | null {
  const few = tooFew(groups);
  if (few !== null) return few;
  for (const name of measure.rates) {
    const empty = rates.get(name)?.findIndex(({ of }) => of === 0) ?? -1;
    if (empty >= 0) return `the group "${groups.names[empty]}" has no ${NOUNS[name]}`;
  }
  const [first] = measure.rates;
  const zero = first !== undefined && rates.get(first)?.every(({ count }) => count === 0);
  if (measure.as === "ratio" && zero) return `the ${first.replaceAll("_", " ")} is 0 in every group`;
  return null;
}

/** Why there is nothing to compare; null where there is. */
export function tooFew({ names, hidden }: Groups): string | null {
  if (names.length >= 2) return null;
  const left = hidden.groups === 0 ? "" : `; ${hidden.groups} more below the minimum size`;
  return names.length === 0
    ? `there is no group of the minimum size${left}`
    : `there is one group only${left}`;
}

function measured(measure: FairnessMeasure, rates: Rates): number | null {
  const share = ({ count, of }: Rate) => count / of;
  const value = apart(
    measure.rates.map((name) => (rates.get(name) ?? []).map(share)),
    measure.as,
  );
  return Number.isNaN(value) ? null : value;
}

function pairs(
  measure: FairnessMeasure,
  candidate: Classified,
  baseline: Classified,
  groups: Groups,
): Map<RateName, PairedRate[]> {
  const [ours, theirs] = [rowTests(candidate), rowTests(baseline)];
  return new Map(
    measure.rates.map((name) => {
      const cells = groups.names.map((): [number, number, number, number] => [0, 0, 0, 0]);
      const [own, base] = [ours.get(name), theirs.get(name)];
      for (let row = 0; row < candidate.rows; row++) {
        const group = cells[groups.of[row] as number];
        const [a, b] = [own?.(row) ?? -1, base?.(row) ?? -1];
        if (group === undefined || a < 0 || b < 0) continue;
        const cell = a === 1 ? (b === 1 ? 0 : 1) : b === 1 ? 2 : 3;
        group[cell] = (group[cell] ?? 0) + 1;
      }
      return [name, cells];
    }),
  );
}
