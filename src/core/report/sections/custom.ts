import * as z from "zod";

const known = z.number().nullable();
const interval = z
  .object({ low: z.number(), high: z.number(), confidence: z.number(), method: z.string() })
  .nullable();
const accused = interval.meta({
  description:
    "Bootstrap-t at Bonferroni's level for all groups, where a gate asks each: what an accusation rests on",
});

/** A contract's own metric for the groups of one sensitive column. */
export const customByGroup = z.object({
  name: z.string(),
  title: z.string(),
  better: z.enum(["higher", "lower"]),
  groups: z.array(
    z.object({
      group: z.string(),
      rows: z.number().int(),
      value: known,
      interval,
      accused,
      baseline: known,
      difference: z.object({ value: z.number(), interval, accused }).nullable(),
      reason: z.string().nullable().meta({ description: "Why there is no value" }),
    }),
  ),
});

export type CustomByGroup = z.output<typeof customByGroup>;
export type CustomGroup = CustomByGroup["groups"][number];
