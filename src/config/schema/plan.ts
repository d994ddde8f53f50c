import * as z from "zod";

const cost = z.number().nonnegative();

export const plan = z
  .strictObject({
    problem: z
      .string()
      .optional()
      .meta({
        description: "The question the model answers, in one sentence",
        examples: ["Does a worker earn above the median hourly wage?"],
      }),
    because: z
      .string()
      .optional()
      .meta({
        description: "Why the gates stand where they stand",
        examples: ["break-even against the manual review is a ROC AUC of 0.80"],
      }),
    costs: z
      .strictObject({
        false_positive: cost.meta({ description: "Cost of a wrong yes", examples: [1] }),
        false_negative: cost.meta({ description: "Cost of a wrong no", examples: [4] }),
        true_positive: cost.optional().meta({ description: "What a right yes brings", examples: [10] }),
        true_negative: cost.optional().meta({ description: "What a right no brings", examples: [0.5] }),
        unit: z
          .string()
          .optional()
          .meta({ description: "What costs and benefits are counted in", examples: ["EUR"] }),
      })
      .optional()
      .meta({
        description:
          "What a wrong decision costs and a right one brings, for the metrics cost and net_benefit, and for thresholds",
      }),
  })
  .meta({ description: "Why there is a model, for those who read its reports" });
