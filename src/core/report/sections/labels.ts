import * as z from "zod";

const known = z.number().nullable();

const share = z.object({
  value: known,
  of: z.number().meta({ description: "The denominator; of weighted rows, how many equal ones tell as much" }),
  interval: z
    .object({ low: z.number(), high: z.number(), confidence: z.number(), method: z.string() })
    .nullable(),
});

/** One of the labels that a row may carry. */
export const labelRow = z
  .object({
    name: z.string(),
    rows: z.number().int().meta({ description: "Rows that carry it" }),
    decided: z.number().int().meta({ description: "Rows that were decided to" }),
    precision: share,
    recall: share,
    f1: known,
    roc_auc: known,
    average_precision: known,
    baseline: z
      .object({ precision: known, recall: known, f1: known, roc_auc: known, average_precision: known })
      .nullable()
      .meta({ description: "The same of the model in production, on the same rows" }),
  })
  .meta({ title: "Label" });

export type LabelRow = z.output<typeof labelRow>;
