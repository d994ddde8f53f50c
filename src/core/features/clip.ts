import * as z from "zod";
import { UserError } from "../../errors.ts";
import { numberSql } from "../tables/expression/index.ts";
import type { ValueKind, ValueSpec } from "./value-step.ts";

type Bound = number | string | null;

/** Numbers held between two bounds, which are numbers or percentiles of the training rows. */
export interface ClipSpec extends ValueSpec {
  readonly step: "clip";
  /** Numbers, percentiles such as "p99.5", or null for no bound. */
  readonly bounds: readonly [Bound, Bound];
}

const fitted = z.object({
  step: z.literal("clip"),
  column: z.string().min(1),
  low: z.number().nullable(),
  high: z.number().nullable(),
});

/** Numbers held between two bounds, given or percentiles of the training rows. Missing stays missing. */
export default {
  name: "clip",
  fitted,

  asks({ column, bounds }, kind) {
    if (kind !== "number") throw new UserError(`clip: "${column}" holds ${kind}; only numbers are clipped`);
    return { quantiles: bounds.flatMap((bound) => shareOf(bound) ?? []) };
  },

  fit({ column, bounds }, _kind, answers) {
    const learnt = [...answers.quantiles];
    const value = (bound: Bound): number | null => {
      if (shareOf(bound) === undefined) return bound === null ? null : Number(bound);
      const quantile = learnt.shift();
      if (quantile !== undefined && answers.present > 0) return quantile;
      throw new UserError(
        `clip: "${column}" has no value in the ${answers.rows} training rows, so no ${bound}; clip to numbers`,
      );
    };
    const [low, high] = [value(bounds[0]), value(bounds[1])];
    if (low !== null && high !== null && low > high) {
      throw new UserError(`clip: the lower bound ${low} of "${column}" is above the upper bound ${high}`);
    }
    return { step: "clip", column, low, high };
  },

  sql({ low, high }, column) {
    const below = low === null ? "" : ` WHEN ${column} < ${numberSql(low)} THEN ${numberSql(low)}`;
    const above = high === null ? "" : ` WHEN ${column} > ${numberSql(high)} THEN ${numberSql(high)}`;
    return below + above === "" ? column : `CASE${below}${above} ELSE ${column} END`;
  },

  apply({ low, high }, column) {
    if (column.kind === "text") throw new TypeError("the recipe let a text through");
    const values = column.values.map((x) => {
      if (!Number.isFinite(x)) return NaN;
      return low !== null && x < low ? low : high !== null && x > high ? high : x;
    });
    return { kind: column.kind, values };
  },
} satisfies ValueKind<ClipSpec, z.output<typeof fitted>>;

/** The share of a percentile: 0.995 of "p99.5". */
function shareOf(bound: Bound): number | undefined {
  return typeof bound === "string" ? Number(bound.slice(1)) / 100 : undefined;
}
