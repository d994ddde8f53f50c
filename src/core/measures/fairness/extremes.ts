import { quantile } from "../../stats/quantile.ts";

/** One figure of every group, by one model. */
export interface Figures {
  /** What was found, by group. */
  readonly values: readonly number[];
  /** By group: how far off it is, draw by draw. */
  readonly errors: readonly Float64Array[];
}

/** The groups between which the widest gap may truly lie. */
export interface Extremes {
  /** Which of the figures it is. */
  readonly figure: number;
  /** The groups that may have the largest value. */
  readonly largest: readonly number[];
  /** The groups that may have the smallest. */
  readonly smallest: readonly number[];
}

/**
 * Which groups may truly be the farthest apart: those that no other group is beyond for sure.
 *
 * Each group's value gets a band, all of them as wide in their own standard errors, so that all hold at once in a share
 * `1 - doubt` of draws. A group may have the largest value where its band reaches above the highest lower
 * end. Of several figures those take part whose widest possible gap is no smaller than the gap that another has at
 * least.
 *
 * Source: the first of the two steps of J. P. Romano, A. M. Shaikh and M. Wolf, "A practical two-step method for
 * testing moment inequalities", Econometrica 82 (2014).
 *
 * @param figures at least one, each with as many draws
 * @example extremesOf([{ values: [0.5, 0.25], errors: [new Float64Array([0.01, -0.01]), new Float64Array([0.01, -0.01])] }], 0.01) // => [{ figure: 0, largest: [0], smallest: [1] }]
 */
export function extremesOf(figures: readonly Figures[], doubt: number): Extremes[] {
  const deviations = figures.map(({ errors }) => errors.map(deviationOf));
  const draws = figures[0]?.errors[0]?.length ?? 0;
  const farthest = new Float64Array(draws);
  figures.forEach(({ errors }, figure) => {
    errors.forEach((error, group) => {
      const deviation = deviations[figure]?.[group] as number;
      if (deviation === 0) return;
      for (let draw = 0; draw < draws; draw++) {
        const off = Math.abs(error[draw] as number) / deviation;
        if (off > (farthest[draw] as number)) farthest[draw] = off;
      }
    });
  });
  const width = draws === 0 ? Number.POSITIVE_INFINITY : quantile(farthest.sort(), 1 - doubt);

  const bands = figures.map(({ values }, figure) => {
    const reach = values.map((_, group) => width * (deviations[figure]?.[group] as number));
    const lower = values.map((value, group) => value - (reach[group] as number));
    const upper = values.map((value, group) => value + (reach[group] as number));
    return { lower, upper, surely: Math.max(...lower), atMost: Math.min(...upper) };
  });
  const least = Math.max(...bands.map(({ surely, atMost }) => surely - atMost));
  return bands.flatMap(({ lower, upper, surely, atMost }, figure) =>
    Math.max(...upper) - Math.min(...lower) < least
      ? []
      : [
          {
            figure,
            largest: upper.flatMap((end, group) => (end >= surely ? [group] : [])),
            smallest: lower.flatMap((end, group) => (end <= atMost ? [group] : [])),
          },
        ],
  );
}

/** The standard error of a figure, from its errors. */
function deviationOf(errors: Float64Array): number {
  let squares = 0;
  for (const error of errors) squares += error * error;
  return Math.sqrt(squares / errors.length);
}
