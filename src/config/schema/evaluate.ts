import * as z from "zod";
import { INTERVAL_METHODS } from "../../core/measures/interval-method.ts";
import { TRADED_RATES } from "../../core/report/sections/trade-offs.ts";
import { custom } from "./custom.ts";
import { forecast } from "./forecast.ts";
import { robustness } from "./robustness.ts";
import { slices } from "./slices.ts";
import { statements } from "./statements.ts";

const gate = z
  .union([
    z
      .string()
      .min(1, "a condition is not empty")
      .transform((condition) => ({ gate: condition, when_inconclusive: "approve" as const })),
    z.strictObject({
      gate: z
        .string()
        .min(1, "a condition is not empty")
        .meta({
          description: "METRIC [by COLUMN] >= NUMBER or baseline ± NUMBER",
          examples: ["roc_auc >= baseline - 0.01"],
        }),
      when_inconclusive: z
        .enum(["pass", "warn", "approve", "fail"])
        .default("approve")
        .meta({ description: "What it means when the rows cannot decide", examples: ["warn"] }),
    }),
  ])
  .meta({
    title: "gate",
    description: "A condition, alone or with what happens when it is undecided",
    examples: ["roc_auc >= 0.80"],
  });

const on = z
  .literal("validation")
  .default("validation")
  .meta({ description: "The rows on which the threshold is chosen", examples: ["validation"] });

const threshold = z.number().min(0).max(1);

const decision = z.union([
  z.strictObject({
    threshold: z
      .union([
        threshold,
        z.record(
          z.string(),
          threshold.meta({ description: "Of a label; one that is not named has 0.5", examples: [0.3] }),
        ),
      ])
      .meta({
        description: "Scores from here on are a yes; of a multilabel also by label",
        examples: [0.5, { rain: 0.3, snow: 0.6 }],
      }),
  }),
  z.strictObject({
    maximize: z.string().meta({
      description: "Choose the threshold that makes this metric greatest; of a multilabel each label's",
      examples: ["f1"],
    }),
    on,
  }),
  z.strictObject({
    minimize: z.literal("cost").meta({
      description: "Choose the threshold that makes the cost of plan.costs least",
      examples: ["cost"],
    }),
    on,
  }),
]);

export const evaluate = z
  .strictObject({
    decision: decision.default({ threshold: 0.5 }).meta({
      description: "How a score becomes a decision; the threshold is part of the model",
      examples: [{ maximize: "f1", on: "validation" }],
    }),
    metrics: z
      .array(z.string())
      .optional()
      .meta({
        description: "Shown first; those that every report has are computed in any case",
        examples: [["roc_auc", "f1", "log_loss", "ece"]],
      }),
    weighted: z
      .boolean()
      .optional()
      .meta({
        description: "Whether rows count by data.roles.weight in figures, too (they do if absent)",
        examples: [false],
      }),
    zero_division: z
      .union([z.literal(0), z.literal(1), z.literal("no data")])
      .optional()
      .meta({
        description: "What a share of no rows is, such as the precision where none is positive (0 if absent)",
        examples: ["no data"],
      }),
    custom: custom.optional(),
    bootstrap: z
      .strictObject({
        resamples: z
          .number()
          .int()
          .min(0)
          .max(100_000)
          .default(1000)
          .meta({ description: "How many samples are drawn; 0 leaves the intervals out", examples: [1000] }),
        confidence: z
          .number()
          .min(0.5)
          .max(0.999)
          .default(0.95)
          .meta({ description: "How often an interval holds the true value", examples: [0.95] }),
        seed: z
          .number()
          .int()
          .nonnegative()
          .default(7)
          .meta({ description: "Where the chance of the resamples begins", examples: [7] }),
        method: z
          .enum(INTERVAL_METHODS)
          .optional() // without a default: contracts that do not say it keep their fingerprint
          .meta({
            description: "How the ends are found; bca corrects for bias and skewness (percentile if absent)",
            examples: ["bca"],
          }),
        stratify: z
          .literal("label")
          .optional()
          .meta({
            description: "Every sample has as many rows of each class as the holdout has",
            examples: ["label"],
          }),
        block: z
          .union([z.literal("auto"), z.number().int().min(1).max(100_000)])
          .optional()
          .meta({
            description:
              "So many moments of data.roles.time are drawn together, since rows depend on those before them; auto: the cube root of their number",
            examples: [7, "auto"],
          }),
      })
      .prefault({})
      .meta({ description: "How the intervals are found" }),
    test: z
      .literal("permutation")
      .optional()
      .meta({
        description:
          "The test beside each difference from production: of permutations; else McNemar's or DeLong's, where they apply",
        examples: ["permutation"],
      }),
    groups: z
      .strictObject({
        min_size: z
          .number()
          .int()
          .min(1)
          .default(5)
          .meta({
            description: "Smaller groups are not shown; a rate on fewer rows is too few",
            examples: [5],
          }),
        reference: z
          .union([z.enum(["majority", "best"]), z.record(z.string(), z.string())])
          .default("majority")
          .meta({
            description:
              "Whom each group is held against: the largest, each rate's best, or by column a group",
            examples: ["majority", { gender: "male" }],
          }),
        intersections: z
          .union([z.boolean(), z.array(z.array(z.string()).min(2))])
          .default(false)
          .meta({
            description: "Sensitive columns that are crossed: all of them, or those in each list",
            examples: [true, [["gender", "race"]]],
          }),
        trade_off: z
          .array(z.enum(TRADED_RATES))
          .optional()
          .meta({
            description: "Rates for which thresholds for each group are explored, and never applied",
            examples: [["true_positive_rate"]],
          }),
        control: z
          .array(z.string())
          .default([])
          .meta({
            description: "Sensitive columns within whose values the others' groups are compared",
            examples: [["region"]],
          }),
      })
      .prefault({})
      .meta({ description: "How groups of sensitive columns are shown" }),
    forecast: forecast.optional(),
    slices: slices.optional(),
    robustness: robustness.optional(),
    statements: statements.optional(),
    show_values: z
      .boolean()
      .default(false)
      .meta({ description: "Whether reports may quote cell values", examples: [false] }),
    holdout: z
      .strictObject({
        looks: z
          .number()
          .int()
          .positive()
          .meta({
            description: "So many models are measured on one holdout; beyond that the report warns",
            examples: [50],
          }),
      })
      .optional()
      .meta({ description: "How often the holdout may be looked at" }),
    waivers: z
      .strictObject({
        at_most_days: z
          .number()
          .int()
          .positive()
          .meta({ description: "How many days ahead a waiver may reach", examples: [90] }),
      })
      .optional()
      .meta({ description: "What is asked of the waivers in `waivers.yaml`" }),
    gates: z.array(gate).default([]).meta({ description: "What decides whether the model may go out" }),
  })
  .meta({ description: "What is measured on the holdout, and what decides" });
