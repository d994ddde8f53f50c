import * as z from "zod";
import { MAX_LENGTH } from "../../core/tables/expression/index.ts";

const expression = z.string().min(1, "an expression is not empty").max(MAX_LENGTH);

const metric = z.strictObject({
  value: expression.meta({
    description:
      "What a row counts: an expression of its columns, `label`, `prediction` and `score` (of more classes `score_CLASS`)",
    examples: ["case when prediction = 1 then amount * (0.05 - 0.6 * (1 - label)) else 0 end"],
  }),
  over: expression.optional().meta({
    description: "What the sum of `value` is divided by, as a sum of this; the metric is then a ratio",
    examples: ["amount"],
  }),
  aggregate: z
    .enum(["mean", "sum"])
    .default("mean")
    .meta({ description: "What becomes of the rows' values without `over`", examples: ["sum"] }),
  better: z.enum(["higher", "lower"]).meta({ description: "Which way is good", examples: ["higher"] }),
  title: z
    .string()
    .max(60, "a title has at most 60 characters")
    .optional()
    .meta({ description: "How reports call it; its name if absent", examples: ["Profit per loan"] }),
  unit: z
    .string()
    .max(20, "a unit has at most 20 characters")
    .optional()
    .meta({ description: "What it is counted in", examples: ["EUR"] }),
});

/** Metrics of the team's own, by their names. */
export const custom = z
  .record(
    z
      .string()
      .regex(
        /^[a-z][a-z0-9_]{0,59}$/,
        "a metric's name is lower-case letters, digits and _, such as profit_per_loan",
      ),
    metric,
  )
  .refine((all) => Object.keys(all).length <= 30, "more than 30 metrics of your own are not read any more")
  .meta({
    description: "Metrics of your own, by name: what each row counts, added up",
    examples: [{ profit: { value: "case when prediction = 1 then margin else 0 end", better: "higher" } }],
  });
