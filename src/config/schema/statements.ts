import * as z from "zod";
import { columnName } from "../scalars.ts";

/** What laws ask to be stated of a model, each on request. */
export const statements = z
  .strictObject({
    ll144: z
      .strictObject({
        sex: columnName.meta({ description: "The sensitive column of sex", examples: ["gender"] }),
        race: columnName.meta({
          description: "The sensitive column of race or ethnicity",
          examples: ["race"],
        }),
        rate: z
          .enum(["selection", "scoring"])
          .optional()
          .meta({
            description:
              "Who counts: those who are decided positive, or those whose score is above the median (selection if absent; scoring for regression)",
            examples: ["scoring"],
          }),
        leave_out_below: z
          .number()
          .min(0)
          .max(0.02)
          .default(0)
          .meta({
            description:
              "Categories of a smaller share of the rows have no impact ratio; the rule allows 0.02 at most",
            examples: [0.02],
          }),
      })
      .optional()
      .meta({ description: "New York City's Local Law 144: impact ratios by sex, race and both" }),
    ai_act: z
      .boolean()
      .default(false)
      .meta({
        description: "The EU AI Act's Article 15(3): accuracy and its metrics, declared",
        examples: [true],
      }),
  })
  .meta({ description: "What laws ask to be stated, as data and as a section of the report" });
