import * as z from "zod";
import { LOSSES } from "../../core/report/sections/slices.ts";
import { columnName } from "../scalars.ts";

const FEW = "a slice has at least 2 rows, or a share of them of at most 50%, such as 2%";

const minSupport = z
  .union([
    z
      .string()
      .regex(/^\d+(\.\d+)?\s*%$/, 'write a number of rows, or a share such as "2%"')
      .transform((text) => Number.parseFloat(text) / 100),
    z.number().positive(FEW),
  ])
  .pipe(z.number().refine((part) => (part > 0 && part <= 0.5) || (part >= 2 && Number.isInteger(part)), FEW))
  .meta({ description: "Rows that a slice has at least, or their share", examples: ["2%", 50] });

const settings = z.strictObject({
  columns: z
    .union([z.literal("auto"), z.array(columnName).min(1, "name at least one column")])
    .default("auto")
    .meta({
      description: "Columns whose values may make a slice; `auto` takes all but those that no slice may have",
      examples: [["hours", "occupation"]],
    }),
  depth: z
    .number()
    .int()
    .min(1)
    .max(3)
    .default(2)
    .meta({ description: "Conditions in a slice at most: 1, 2 or 3", examples: [3] }),
  min_support: minSupport.default(0.02),
  most: z
    .number()
    .int()
    .min(1)
    .max(20)
    .default(5)
    .meta({ description: "Slices that are told at most, of each kind", examples: [5] }),
  loss: z
    .enum(LOSSES)
    .optional()
    .meta({
      description:
        "What a row loses: error or log_loss of classes, absolute_error or squared_error of numbers",
      examples: ["log_loss"],
    }),
});

/** Where the model is weak, searched for. */
export const slices = z.union([z.literal("auto").transform(() => settings.parse({})), settings]).meta({
  description: "Search for the slices of the rows where the model is weak: `auto`, or how",
  examples: ["auto"],
});
