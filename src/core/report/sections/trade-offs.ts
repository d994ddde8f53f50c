import * as z from "zod";

const count = z.number().int();

/** The rates between whose groups a gap may be made smaller. */
export const TRADED_RATES = ["selection_rate", "true_positive_rate"] as const;

const standing = z.object({
  gap: z.number().meta({ description: "Between the groups with the highest and the lowest rate" }),
  price: z.number().meta({ description: "A row's, on average" }),
});

const point = z.object({
  allowed: z
    .number()
    .nullable()
    .meta({ description: "The gap that was allowed on the validation rows; null: any" }),
  groups: z.array(
    z.object({
      name: z.string(),
      threshold: z
        .number()
        .nullable()
        .meta({ description: "Null: nobody of this group is decided positive" }),
      rate: z.number().nullable().meta({ description: "On the holdout" }),
      of: z.number(),
    }),
  ),
  found: standing.meta({ description: "On the validation rows, where the thresholds were chosen" }),
  held: standing
    .extend({
      change: z
        .object({ value: z.number(), low: z.number(), high: z.number(), confidence: z.number() })
        .meta({
          description: "Of the price against one threshold for all, on the same rows; normal interval",
        }),
    })
    .meta({ description: "On the holdout" }),
});

/** What a threshold for each group would do. It is never applied. */
export const tradeOff = z
  .object({
    column: z.string(),
    rate: z.enum(TRADED_RATES),
    price: z
      .string()
      .meta({ description: "What is made least: wrong decisions, or what they cost and in which unit" }),
    rows: z.object({ validation: count, holdout: count }),
    without: z
      .array(z.string())
      .meta({ description: "Groups with too few rows to have a threshold of their own" }),
    now: z
      .object({ threshold: z.number(), found: standing, held: standing })
      .meta({ description: "One threshold for all groups" }),
    points: z.array(point),
  })
  .meta({ title: "Trade-off" });

export type TradeOff = z.output<typeof tradeOff>;
export type TradeOffPoint = z.output<typeof point>;
export type TradedRate = TradeOff["rate"];
