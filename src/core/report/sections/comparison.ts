import * as z from "zod";

const known = z.number().nullable();
const interval = z
  .object({ low: z.number(), high: z.number().nullable(), confidence: z.number(), method: z.string() })
  .meta({
    description: "Where the true value lies with this confidence; without an upper end where high is null",
  });
const estimate = z.object({ value: known, interval: interval.nullable() });

const compared = z.object({
  group: z.string(),
  count: z.number(),
  of: z.number().meta({ description: "Of weighted rows: how many equal ones tell as much" }),
  state: z
    .enum(["counted", "too few", "no data"])
    .meta({ description: "Too few: the denominator is below the minimum size, so the group takes no part" }),
  value: known,
  difference: estimate.nullable().meta({ description: "This group − the reference" }),
  ratio: estimate.nullable().meta({ description: "This group ÷ the reference" }),
  paired: z
    .array(z.number())
    .length(4)
    .optional()
    .meta({ description: "Rows counted for both models, for this one, for the baseline, for neither" }),
  effective: z
    .object({
      units: z.number().int().meta({ description: "Groups of rows, or blocks of time, in the denominator" }),
      rows: z
        .number()
        .meta({ description: "So many rows that stand for themselves would tell as much of it" }),
      paired: z.number().optional().meta({ description: "The same of its difference from the baseline" }),
    })
    .optional()
    .meta({ description: "Where rows belong together: how much they tell" }),
});

/** Every rate of every group of one column, each group held against a reference. */
export const comparison = z.object({
  reference: z.object({
    chosen: z.enum(["best", "majority", "named"]),
    group: z.string().nullable().meta({ description: "Null where each rate has its own best" }),
  }),
  confidence: z.number(),
  least: z.number().int().meta({ description: "A smaller denominator is too few" }),
  rates: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      better: z.enum(["higher", "lower", "neither"]),
      noun: z.string().meta({ description: "What the denominators count" }),
      reference: z.string().nullable(),
      difference: known.meta({ description: "Largest − smallest" }),
      ratio: known.meta({ description: "Smallest ÷ largest" }),
      worst: z.string().nullable().meta({ description: "The group that fares worst" }),
      groups: z.array(compared),
    }),
  ),
  average_odds: z
    .array(z.object({ group: z.string(), value: z.number(), interval: interval.nullable() }))
    .meta({ description: "Half of the differences of true and of false positive rate to the reference" }),
});

export type Comparison = z.output<typeof comparison>;
export type ComparedRate = Comparison["rates"][number];
export type ComparedGroup = ComparedRate["groups"][number];
