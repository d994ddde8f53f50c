import * as z from "zod";
import { numberSql } from "../tables/expression/index.ts";
import { type FeatureKind, fittedShape, one, type Spec, valuesOf } from "./feature-step.ts";

/** Numbers into intervals: so many with equally many training rows, or between these borders. */
export interface BucketSpec extends Spec {
  /** Borders, or how many buckets of equally many training rows. */
  readonly borders: number | readonly number[];
}

const fitted = z.object({
  step: z.literal("bucket"),
  ...fittedShape,
  ...one,
  borders: z.array(z.number()).max(100_000),
});

/**
 * The number of the interval that holds a value, from 0: how many borders are at most as large.
 * Borders by quantile that fall together are one border, so there may be fewer buckets than asked.
 */
export default {
  name: "bucket",
  accepts: ["number"],
  takesMissing: false,
  fitted,

  asks({ borders }) {
    if (typeof borders !== "number") return {};
    return { quantiles: Array.from({ length: borders - 1 }, (_, i) => (i + 1) / borders) };
  },

  fit({ column, borders }, { quantiles }) {
    const all = typeof borders === "number" ? quantiles : borders;
    const ascending = [...new Set(all)].sort((a, b) => a - b);
    return { step: "bucket", column, outputs: [`${column}_bucket`], borders: ascending };
  },

  apply: ({ borders }, column) => valuesOf(column, (x) => bucketOf(x, borders)),

  sql({ borders }, column) {
    const passed = borders.map((border) => `CAST(${column} >= ${numberSql(border)} AS DOUBLE)`);
    return passed.length === 0
      ? `CASE WHEN ${column} IS NULL THEN NULL ELSE 0e0 END`
      : `(${passed.join(" + ")})`;
  },
} satisfies FeatureKind<BucketSpec, z.output<typeof fitted>>;

/**
 * How many borders, in ascending order, are at most x.
 *
 * @example bucketOf(5, [0, 5, 10]) // => 2
 * @example bucketOf(-1, [0, 5, 10]) // => 0
 */
export function bucketOf(x: number, borders: readonly number[]): number {
  let [low, high] = [0, borders.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((borders[middle] as number) <= x) low = middle + 1;
    else high = middle;
  }
  return low;
}
