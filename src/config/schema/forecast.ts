import * as z from "zod";

/** What a forecast is held against, and which quantiles come with it. */
export const forecast = z
  .strictObject({
    season: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(1)
      .meta({ description: "So many moments back is the naive forecast of mase", examples: [7] }),
    quantiles: z
      .array(z.number().gt(0).lt(1))
      .min(1)
      .max(99)
      .optional()
      .meta({
        description: "Predicted quantiles: columns q10, q50 … of the predictions, beside score",
        examples: [[0.1, 0.5, 0.9]],
      }),
  })
  .meta({ description: "What a forecast is held against" });
