import * as z from "zod";

const count = z.number().int();

const category = z.object({
  name: z.string(),
  size: count,
  chosen: count.meta({ description: "Who is selected, or scored above the median" }),
  rate: z.number(),
  impact_ratio: z.number().nullable().meta({
    description:
      "The rate against that of the category with the highest; null where that is 0 or the category is left out",
  }),
  left_out: z.boolean().meta({ description: "Of a share of the rows too small to have a ratio" }),
});

const impact = z.object({
  of: z.string().meta({ description: "The column, or both: `gender × race`" }),
  categories: z.array(category),
  unknown: count.meta({ description: "Rows whose category is not known; they are in no figure" }),
  hidden: z
    .object({
      categories: count,
      rows: count,
      highest: z
        .boolean()
        .optional()
        .meta({ description: "The highest rate is that of one of them, and the ratios are to it" }),
    })
    .meta({ description: "Categories of fewer rows than a report may name" }),
});

/** What laws ask to be stated. */
export const statements = z
  .object({
    ll144: z
      .object({
        rate: z.enum(["selection", "scoring"]),
        median: z.number().nullable().meta({ description: "Of all scores; null for selection rates" }),
        rows: count,
        left_out_below: z.number(),
        impacts: z.array(impact).meta({ description: "By sex, by race or ethnicity, by both" }),
      })
      .optional(),
    ai_act: z
      .object({
        metrics: z.array(z.string()).meta({ description: "Names of the report's metrics that are declared" }),
      })
      .optional(),
  })
  .meta({ title: "Statements" });

export type Statements = z.output<typeof statements>;
export type Ll144 = NonNullable<Statements["ll144"]>;
export type Impact = z.output<typeof impact>;
