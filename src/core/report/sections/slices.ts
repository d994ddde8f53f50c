import * as z from "zod";

/** What a row loses in a search for slices. */
export const LOSSES = ["error", "log_loss", "absolute_error", "squared_error"] as const;

const slice = z.object({
  conditions: z.array(
    z.object({
      column: z.string(),
      place: z.string().meta({ description: "Where its values lie, without naming them" }),
      text: z
        .string()
        .nullable()
        .meta({ description: "The condition with its values; null where they are not shown" }),
    }),
  ),
  score: z.number().meta({ description: "SliceLine's score on the rows of the search" }),
  found: z.object({ rows: z.number().int(), value: z.number(), other: z.number() }).meta({
    description: "Mean loss on the rows of the search: in the slice, and of what it is held against",
  }),
  held: z
    .object({
      rows: z.number().int(),
      effective: z
        .number()
        .optional()
        .meta({ description: "Of weighted rows: how many equal ones tell as much" }),
      value: z.number(),
      other: z.number(),
      difference: z.number(),
      interval: z
        .object({ low: z.number(), high: z.number(), confidence: z.number(), method: z.string() })
        .nullable(),
      p: z.number(),
      p_adjusted: z.number().meta({ description: "By Holm's correction over all that was found" }),
    })
    .nullable()
    .meta({
      description: "The same on holdout rows that took no part in the search; null where too few lie in it",
    }),
  confirmed: z.boolean().meta({ description: "Whether the holdout rows say so, too" }),
});

/** Where the model is weak: found on some rows, confirmed on others. */
export const slices = z
  .object({
    loss: z.enum(LOSSES),
    rows: z.object({
      search: z.number().int(),
      holdout: z.number().int(),
      from: z
        .enum(["validation", "holdout"])
        .meta({ description: "Where the rows of the search are from; of the holdout it is one half" }),
    }),
    columns: z.array(z.string()).meta({ description: "Columns whose values may make a slice" }),
    depth: z.number().int(),
    min_support: z.number().int(),
    confidence: z.number(),
    weighted: z.literal(true).optional().meta({
      description:
        "Rows count by their weight: means are weighted, and slices as large as equal rows that tell as much",
    }),
    weak: z.array(slice).meta({ description: "Held against the other rows" }),
    worse: z
      .array(slice)
      .nullable()
      .meta({ description: "Held against the model in production on the same rows; null without one" }),
  })
  .meta({ title: "Weak slices" });

export type Slices = z.output<typeof slices>;
export type SliceRow = Slices["weak"][number];
export type Loss = (typeof LOSSES)[number];
