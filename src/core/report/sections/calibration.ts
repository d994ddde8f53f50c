import * as z from "zod";

const gaps = z.object({
  bins: z.number().int(),
  mean: z.number().meta({ description: "The expected calibration error" }),
  largest: z.number().meta({ description: "The maximum calibration error" }),
});

/** A bin of the reliability curve. */
export const calibrationBin = z.object({
  predicted: z.number(),
  observed: z.number(),
  count: z.number().int(),
  interval: z
    .object({ low: z.number(), high: z.number(), confidence: z.number(), method: z.string() })
    .optional()
    .meta({ description: "Of the share that came true" }),
});

/** How far probabilities can be taken at their word. */
export const calibration = z
  .object({
    of: z.string().meta({ description: "Whose probability it is" }),
    rows: z.number().int(),
    bins: z.array(calibrationBin).meta({ description: "Of equal width; empty ones are left out" }),
    equal_width: gaps,
    equal_mass: gaps.meta({ description: "Bins that hold the same number of rows, but for ties" }),
    brier: z
      .object({
        score: z.number(),
        reliability: z.number(),
        resolution: z.number(),
        uncertainty: z.number(),
        within_variance: z.number(),
        within_covariance: z.number(),
      })
      .nullable()
      .meta({
        description:
          "score = reliability − resolution + uncertainty + within_variance − within_covariance; null for more than two classes",
      }),
  })
  .meta({ title: "Calibration" });

export type CalibrationSection = z.output<typeof calibration>;
