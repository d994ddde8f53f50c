import * as z from "zod";
import { KNOWS } from "../../robustness/leakage.ts";
import { PERTURBATIONS } from "../../robustness/names.ts";

const known = z.number().nullable();
const interval = z
  .object({ low: z.number(), high: z.number(), confidence: z.number(), method: z.string() })
  .nullable();

const drop = z.object({
  metric: z.string(),
  value: known.meta({ description: "The metric on the perturbed rows" }),
  drop: known.meta({ description: "How much worse that is; positive is worse, whichever way is good" }),
  interval,
});

const variant = z.object({
  columns: z.array(z.string()).meta({ description: "What was perturbed; several at once" }),
  words: z.string().meta({ description: "What was done, without a value of the data" }),
  state: z.enum(["measured", "refused", "broken"]).meta({
    description:
      "refused: the recipe makes nothing of such rows, so that the model was not asked; broken: it gave no answer, or one that is no number",
  }),
  changed: z.number().meta({ description: "Share of the rows that became others" }),
  decided: known.meta({ description: "Share of the rows of which it decides otherwise; null for numbers" }),
  moved: known.meta({ description: "How far a score moves in the mean" }),
  drops: z.array(drop),
});

const perturbation = z.object({
  name: z.enum(PERTURBATIONS),
  variants: z.array(variant),
  average: known.meta({ description: "The drop of the metric that matters, in the mean over the variants" }),
  worst: z
    .object({
      variant: z.number().int(),
      metric: z.string(),
      interval: interval.meta({
        description: "At a confidence that is shared out among the variants (Bonferroni)",
      }),
    })
    .array()
    .meta({ description: "By metric the variant with the largest drop" }),
});

const expectation = z.object({
  text: z.string(),
  column: z.string(),
  state: z.enum(["checked", "no input", "refused", "not checked"]),
  rows: z.number().int().meta({ description: "Rows in which it was a question" }),
  broken: z.number().int(),
  farthest: z.number().meta({ description: "How far a score moved the wrong way at most" }),
  allow: z.number(),
  interval,
});

const side = z.object({
  side: z.enum(["train", "validation", "holdout"]),
  rows: z.number().int(),
  value: known,
  interval,
});

/** How a model stands up to worse rows, what it rests on, and what could flatter it. */
export const robustness = z
  .object({
    metric: z.object({ name: z.string(), title: z.string(), better: z.enum(["higher", "lower"]) }),
    unchecked: z
      .string()
      .nullable()
      .meta({ description: "Why the model was not asked about other rows; null where it was" }),
    rows: z.object({ asked: z.number().int(), of: z.number().int() }),
    seed: z.number().int(),
    answers: z.number().int().meta({ description: "Rows that it was asked about in all" }),
    confidence: z.number(),
    value: known.meta({ description: "The metric on the untouched rows" }),
    alone: z.object({ asked: z.number().int(), of: z.number().int() }).meta({
      description: "Columns that were perturbed on their own: the most important ones",
    }),
    perturbations: z.array(perturbation),
    stability: z
      .object({
        repeated: z.number().int().meta({ description: "Rows whose answer was another one the second time" }),
        single: z.object({
          rows: z.number().int(),
          farthest: z
            .number()
            .meta({ description: "How far an answer to one row alone lies from that in a batch" }),
        }),
      })
      .nullable(),
    fit: z.object({
      sides: z.array(side),
      gap: z
        .object({ value: z.number(), interval })
        .nullable()
        .meta({ description: "How much worse the holdout is than the training rows" }),
    }),
    importance: z.array(
      z.object({
        name: z.string(),
        columns: z.array(z.string()),
        value: known.meta({ description: "How much worse it is with the columns shuffled, in the mean" }),
        interval,
        least: known.meta({ description: "The smallest of the repetitions" }),
        most: known,
      }),
    ),
    repeats: z.number().int(),
    dependence: z.array(
      z.object({
        column: z.string(),
        kind: z.enum(["number", "category"]),
        output: z
          .string()
          .nullable()
          .meta({ description: "The class whose score it is, where there are several" }),
        points: z.array(
          z.object({
            at: z.number(),
            value: z
              .union([z.number(), z.string()])
              .nullable()
              .meta({ description: "The column's value; null where none is shown" }),
            score: z.number(),
          }),
        ),
      }),
    ),
    leakage: z.object({
      rows: z.number().int(),
      columns: z.array(
        z.object({
          column: z.string(),
          measure: z.enum(KNOWS),
          value: z.number(),
          distinct: z.number().meta({ description: "Share of the rows whose value no other has" }),
          suspicious: z.boolean(),
          identifier: z.boolean(),
        }),
      ),
      duplicates: z
        .object({ rows: z.number().int(), same_label: z.number().int(), of: z.number().int() })
        .meta({ description: "Holdout rows whose inputs also stand among the training rows" }),
      later: z
        .array(z.object({ column: z.string(), rows: z.number().int(), of: z.number().int() }))
        .meta({ description: "Inputs that lie after the row's own time" }),
      older: z
        .object({ rows: z.number().int(), of: z.number().int() })
        .nullable()
        .meta({ description: "Holdout rows from before the newest training row; null without a time" }),
    }),
    drift: z.object({
      verdict: z.enum(["moved", "quiet", "not enough data"]),
      why: z.string().nullable(),
      columns: z.array(
        z.object({ column: z.string(), psi: known, threshold: known, moved: z.boolean(), words: z.string() }),
      ),
    }),
    expectations: z.array(expectation),
  })
  .meta({ title: "Robustness" });

export type Robustness = z.output<typeof robustness>;
export type PerturbationRow = Robustness["perturbations"][number];
export type VariantRow = PerturbationRow["variants"][number];
export type ExpectationRow = Robustness["expectations"][number];
