import type { MetricRow } from "../../report/report.ts";
import { drawnTogether } from "../drawn-together.ts";
import { type Bounds, type Certainty, intervalOf } from "../interval.ts";
import { errorBounds, pairedErrorBounds, resampleGroupErrors } from "./group-errors.ts";
import type { Groups } from "./groups.ts";
import { tooFew } from "./rate-measures.ts";
import { FAIRNESS } from "./table.ts";
import { unitsByGroup } from "./units.ts";

interface Numbers {
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
  readonly weights?: Float64Array;
}

/** |true − predicted| of each row. */
export function absoluteErrors({ labels, predictions }: Numbers): Float64Array {
  return labels.map((label, row) => Math.abs(label - (predictions[row] as number)));
}

/** The mean of a number over each group's rows, each counted once or by its weight. */
export function groupMeans(values: Float64Array, groups: Groups, weights?: Float64Array): number[] {
  const sums = groups.names.map(() => 0);
  const counts = groups.names.map(() => 0);
  for (let row = 0; row < values.length; row++) {
    const group = groups.of[row] as number;
    if (group < 0) continue;
    const weight = weights?.[row] ?? 1;
    sums[group] = (sums[group] as number) + weight * (values[row] as number);
    counts[group] = (counts[group] as number) + weight;
  }
  return sums.map((sum, group) => sum / (counts[group] as number));
}

/** The measure of a regression over groups, with its interval and beside the baseline. */
export function errorMeasure(
  groups: Groups,
  candidate: Numbers,
  baseline: Numbers | undefined,
  stream: string,
  settings: Certainty,
): MetricRow[] {
  const measure = FAIRNESS.get("mae_difference");
  if (measure === undefined) return [];
  const errors = [candidate, ...(baseline === undefined ? [] : [baseline])].map(absoluteErrors);
  const [ours = [], theirs] = errors.map((model) => groupMeans(model, groups, candidate.weights));
  const reason = tooFew(groups);
  const value = reason === null ? Math.max(...ours) - Math.min(...ours) : null;
  const base = reason !== null || theirs === undefined ? null : Math.max(...theirs) - Math.min(...theirs);

  const units = drawnTogether(settings);
  const places = units && unitsByGroup(units, groups);
  const single = value === null || settings.resamples === 0 ? null : singleUnit(groups, places?.counts);
  let own: Bounds | undefined;
  let paired: Bounds | undefined;
  if (value !== null && settings.resamples > 0 && single === null) {
    const [means = [], others] = resampleGroupErrors(errors, groups, stream, settings, places);
    own = errorBounds(means, ours, value, settings, places && Math.min(...places.counts));
    if (others !== undefined && theirs !== undefined) {
      const least = Math.min(...(places?.counts ?? groups.sizes));
      paired = pairedErrorBounds([means, others], [ours, theirs], least, settings);
    }
  }
  return [
    {
      name: measure.name,
      title: measure.title,
      better: "lower",
      value,
      interval: intervalOf(own),
      train: null,
      baseline: base,
      difference:
        value === null || base === null ? null : { value: value - base, interval: intervalOf(paired) },
      reason: reason ?? single,
    },
  ];
}

/** Why nothing can be said of how sure the groups' errors are: rows of one unit do not tell how units differ. */
function singleUnit({ names }: Groups, units: readonly number[] | undefined): string | null {
  const lone = units?.findIndex((count) => count < 2) ?? -1;
  if (lone < 0) return null;
  return `all rows of the group "${names[lone]}" belong together, so they do not say how sure its error is`;
}
