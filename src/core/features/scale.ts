import * as z from "zod";
import { UserError } from "../../errors.ts";
import { numberSql } from "../tables/expression/index.ts";
import type { Answers } from "./answers.ts";
import { type FeatureKind, fittedShape, one, type Spec, valuesOf } from "./feature-step.ts";

const METHODS = ["standard", "minmax", "robust"] as const;

/** Which centre and spread put the numbers on one scale. */
export interface ScaleSpec extends Spec {
  readonly with: (typeof METHODS)[number];
}

const fitted = z.object({
  step: z.literal("scale"),
  ...fittedShape,
  ...one,
  center: z.number(),
  spread: z.number().nonnegative(),
});

/**
 * Numbers on one scale: (x − center) ÷ spread, and 0 where the training rows have no spread.
 *
 * standard: mean and standard deviation (dividing by n); minmax: smallest value and range, so that
 * training rows lie from 0 to 1; robust: median and interquartile range. As in scikit-learn.
 */
export default {
  name: "scale",
  accepts: ["number", "boolean"],
  takesMissing: false,
  fitted,

  asks(spec) {
    if (spec.with === "standard") return { moments: true };
    return spec.with === "minmax" ? { range: true } : { quantiles: [0.25, 0.5, 0.75] };
  },

  fit(spec, answers) {
    const [center, spread] = measure(spec.with, answers);
    if (!Number.isFinite(center) || !Number.isFinite(spread)) {
      throw new UserError(`scale: the numbers of "${spec.column}" are too large to scale; clip it first`);
    }
    return { step: "scale", column: spec.column, outputs: [`${spec.column}_scaled`], center, spread };
  },

  apply: ({ center, spread }, column) =>
    valuesOf(column, spread === 0 ? () => 0 : (x) => (x - center) / spread),

  sql({ center, spread }, column) {
    const value = `CAST(${column} AS DOUBLE)`;
    if (spread === 0) return `CASE WHEN ${column} IS NULL THEN NULL ELSE 0e0 END`;
    return `((${value} - ${numberSql(center)}) / ${numberSql(spread)})`;
  },
} satisfies FeatureKind<ScaleSpec, z.output<typeof fitted>>;

function measure(method: ScaleSpec["with"], answers: Answers): [center: number, spread: number] {
  const { mean, deviation, least, greatest, quantiles } = answers;
  switch (method) {
    case "standard":
      return [mean, deviation];
    case "minmax":
      return [least, greatest - least];
    case "robust":
      return [quantiles[1] ?? NaN, (quantiles[2] ?? NaN) - (quantiles[0] ?? NaN)];
  }
}
