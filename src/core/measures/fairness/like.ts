import { type Cells, rateOf } from "./rates.ts";
import { type RateName, SHARES } from "./shares.ts";

/*
 * What Fairlearn, Aequitas and AIF360 themselves answer, also where they answer what we would not: for
 * whoever holds our numbers against theirs. Nothing here decides.
 */

const share = (name: RateName, cells: Cells, empty: number): number => {
  const kind = SHARES.get(name);
  if (kind === undefined) return Number.NaN;
  const { count, of } = rateOf(kind, cells);
  return of === 0 ? empty : count / of;
};

/** One metric as Fairlearn's MetricFrame has it. */
export interface Framed {
  readonly by_group: readonly number[];
  readonly difference: number;
  readonly ratio: number;
  readonly group_min: number;
  readonly group_max: number;
}

/**
 * As Fairlearn 0.15.0: a rate of no rows is 0, and takes part. The ratio is NaN where all are 0.
 *
 * @example likeFairlearn("true_positive_rate", [[1, 0, 1, 0], [0, 0, 0, 2]]) // => { by_group: [0.5, 0], difference: 0.5, ratio: 0, group_min: 0, group_max: 0.5 }
 */
export function likeFairlearn(name: RateName, groups: readonly Cells[]): Framed {
  const by_group = groups.map((cells) => share(name, cells, 0));
  const [group_min, group_max] = [Math.min(...by_group), Math.max(...by_group)];
  return { by_group, difference: group_max - group_min, ratio: group_min / group_max, group_min, group_max };
}

const AEQUITAS = {
  tpr: "true_positive_rate",
  tnr: "true_negative_rate",
  for: "false_omission_rate",
  fdr: "false_discovery_rate",
  fpr: "false_positive_rate",
  fnr: "false_negative_rate",
  npv: "negative_predictive_value",
  precision: "precision",
  pprev: "selection_rate",
  prev: "prevalence",
} as const satisfies Record<string, RateName>;

export type AequitasName = keyof typeof AEQUITAS | "ppr";

/**
 * As Aequitas 1.1.0: the metric of each group, NaN where it has no rows, and its disparity: divided by the
 * reference's. `ppr` is the group's share of all that are selected. A disparity without end is 10.
 *
 * @example likeAequitas("ppr", [[1, 2, 0, 0], [0, 1, 5, 5]], 0) .metric // => [0.75, 0.25]
 */
export function likeAequitas(
  name: AequitasName,
  groups: readonly Cells[],
  reference: number,
): { readonly metric: readonly number[]; readonly disparity: readonly number[] } {
  const selected = groups.map(([tp, fp]) => tp + fp);
  const all = selected.reduce((a, b) => a + b, 0);
  const metric =
    name === "ppr"
      ? selected.map((own) => own / all)
      : groups.map((cells) => share(AEQUITAS[name], cells, Number.NaN));
  const disparity = metric.map((own) => {
    const ratio = own / (metric[reference] ?? Number.NaN);
    return ratio === Number.POSITIVE_INFINITY ? 10 : ratio;
  });
  return { metric, disparity };
}

const added = (groups: readonly Cells[]): Cells =>
  groups.reduce<Cells>(
    (sum, cells) => [sum[0] + cells[0], sum[1] + cells[1], sum[2] + cells[2], sum[3] + cells[3]],
    [0, 0, 0, 0],
  );

/**
 * As AIF360 0.6.1: all unprivileged groups together against all privileged ones, each measure unprivileged −
 * or ÷ privileged, NaN where a rate has no rows (0 for those of the selected or the refused); and how unequally the benefit decision − label + 1 is spread.
 */
export function likeAif360(
  unprivileged: readonly Cells[],
  privileged: readonly Cells[],
): Readonly<Record<string, number>> {
  const [own, base] = [added(unprivileged), added(privileged)];
  const rate = (name: RateName, cells: Cells): number => share(name, cells, Number.NaN);
  const less = (name: RateName): number => rate(name, own) - rate(name, base);
  const orNone = (name: RateName): number => share(name, own, 0) - share(name, base, 0);
  const all = added([own, base]);
  return {
    statistical_parity_difference: less("selection_rate"),
    disparate_impact: rate("selection_rate", own) / rate("selection_rate", base),
    equal_opportunity_difference: less("true_positive_rate"),
    average_odds_difference: (less("false_positive_rate") + less("true_positive_rate")) / 2,
    average_abs_odds_difference:
      (Math.abs(less("false_positive_rate")) + Math.abs(less("true_positive_rate"))) / 2,
    false_discovery_rate_difference: orNone("false_discovery_rate"),
    false_omission_rate_difference: orNone("false_omission_rate"),
    error_rate_difference: -less("accuracy"),
    generalized_entropy_index: generalizedEntropy(all, 2),
    theil_index: generalizedEntropy(all, 1),
    between_all_groups_theil_index: betweenGroups([own, base], 1),
  };
}

/**
 * How unequally the benefit b = decision − label + 1 is spread over rows: 0 where all have the same. α 1 is
 * Theil's index. NaN where nobody has any benefit.
 *
 * Source: T. Speicher et al., "A unified approach to quantifying algorithmic unfairness" (2018).
 *
 * @example generalizedEntropy([5, 0, 0, 5], 2) // => 0
 * @example generalizedEntropy([0, 1, 1, 0], 1) // => 0.693147…
 */
export function generalizedEntropy([tp, fp, fn, tn]: Cells, alpha: number): number {
  return entropy(
    [
      [1, tp + tn],
      [2, fp],
      [0, fn],
    ],
    alpha,
  );
}

/** The same where every row has its group's mean benefit: what of the inequality lies between groups. */
export function betweenGroups(groups: readonly Cells[], alpha: number): number {
  return entropy(
    groups.flatMap(([tp, fp, fn, tn]): [number, number][] => {
      const rows = tp + fp + fn + tn;
      return rows === 0 ? [] : [[(tp + tn + 2 * fp) / rows, rows]];
    }),
    alpha,
  );
}

function entropy(benefits: readonly (readonly [benefit: number, rows: number])[], alpha: number): number {
  const rows = benefits.reduce((sum, [, n]) => sum + n, 0);
  const mean = benefits.reduce((sum, [b, n]) => sum + b * n, 0) / rows;
  const each = ([b, n]: readonly [number, number]): number => {
    const part = b / mean;
    if (alpha === 1) return part === 0 ? 0 : n * part * Math.log(part);
    return (n * (part ** alpha - 1)) / (alpha * (alpha - 1));
  };
  return benefits.reduce((sum, one) => sum + each(one), 0) / rows;
}
