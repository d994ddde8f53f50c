import * as z from "zod";
import { VERDICTS } from "../gates/verdict.ts";
import { TASKS } from "../measures/task.ts";
import { labelThreshold } from "../models/label-thresholds.ts";
import { calibration, calibrationBin } from "./sections/calibration.ts";
import { comparison } from "./sections/comparison.ts";
import { customByGroup } from "./sections/custom.ts";
import { holdoutLooks } from "./sections/holdout.ts";
import { labelRow } from "./sections/labels.ts";
import { robustness } from "./sections/robustness.ts";
import { slices } from "./sections/slices.ts";
import { statements } from "./sections/statements.ts";
import { tradeOff } from "./sections/trade-offs.ts";
import { waived, waiver } from "./sections/waivers.ts";

/*
 * The report: one value that says all that a reviewer is shown. Comment, page and terminal are
 * renderings of it and compute nothing. Numbers that cannot be known are null, with a reason.
 */

const verdict = z.enum(VERDICTS);
const known = z.number().nullable();
const count = z.number().int();

const interval = z
  .object({
    low: z.number(),
    high: z.number(),
    confidence: z.number(),
    method: z.string(),
    rough: z
      .string()
      .optional()
      .meta({ description: "Why it promises too much for these rows, where it does" }),
  })
  .meta({ description: "Where the true value lies with this confidence" });

const digest = z.object({ md5: z.string(), sha256: z.string() });

const test = z
  .object({
    method: z.string(),
    p: z.number().meta({ description: "How often two equally good models differ at least so much" }),
    detail: z.string().meta({ description: "The numbers that it rests on" }),
  })
  .meta({ description: "A textbook's test of the same difference, beside the interval that decides" });

const metric = z.object({
  name: z.string(),
  title: z.string(),
  better: z.enum(["higher", "lower", "neither"]),
  value: known,
  interval: interval.nullable(),
  train: known.meta({ description: "The same on the training rows, for the overfitting gap" }),
  baseline: known,
  difference: z
    .object({
      value: z.number(),
      interval: interval.nullable(),
      reason: z
        .string()
        .optional()
        .meta({ description: "Why there is no interval, where one was asked for" }),
      test: test.optional(),
    })
    .nullable(),
  reason: z.string().nullable().meta({ description: "Why there is no value" }),
});

const gate = z.object({
  condition: z.string(),
  verdict,
  when_inconclusive: z.enum(["pass", "warn", "approve", "fail"]),
  state: z.enum(["met", "broken", "undecided"]),
  value: known,
  interval: interval.nullable(),
  limit: known,
  explanation: z.string(),
  more_rows: z.number().int().nullable().optional().meta({
    description:
      "Undecided: with about how many more holdout rows four of five such gates would be decided, were the true value the one that was found; null where no number would",
  }),
  waived: waived.optional(),
  line: z.number().int().nullable().meta({ description: "Where it stands in the contract" }),
});

const rate = z.object({
  value: known,
  of: z.number().meta({ description: "The denominator; of weighted rows, how many equal ones tell as much" }),
  interval: interval.nullable(),
  count: z
    .number()
    .optional()
    .meta({ description: "The numerator; also where there are too few for a value" }),
});

const group = z.object({
  name: z.string(),
  size: z.number().int(),
  selection_rate: rate,
  true_positive_rate: rate,
  false_positive_rate: rate,
  accuracy: rate,
  error: known.meta({ description: "Mean absolute error, for regression" }),
});

const fairness = z.object({
  column: z.string(),
  groups: z.array(group),
  hidden: z
    .object({ groups: z.number().int(), rows: z.number().int() })
    .meta({ description: "Groups below the minimum size" }),
  measures: z.array(
    metric.extend({
      without: z
        .array(z.object({ group: z.string(), rate: z.string(), of: z.number() }))
        .optional()
        .meta({ description: "Groups whose rate has too small a denominator to take part" }),
    }),
  ),
  within: z
    .object({ column: z.string(), level: z.string() })
    .optional()
    .meta({ description: "The rows that were looked at, where not all: one level of a control column" }),
  compared: comparison.optional(),
  custom: z.array(customByGroup).optional().meta({ description: "The contract's own metrics by group" }),
});

const check = z.object({
  expectation: z.string(),
  column: z.string().nullable(),
  verdict,
  count: z.number().int().nullable().meta({ description: "Rows that break it" }),
  rows: z.number().int().nullable().meta({ description: "Rows that were looked at" }),
  share: known,
  observed: z.string().nullable(),
  row_numbers: z.array(z.number().int()),
  values: z
    .array(z.string())
    .meta({ description: "First offending values; empty unless the contract shows values" }),
  explanation: z.string(),
  line: z.number().int().nullable(),
});

const change = z.object({
  kind: z.enum(["data", "code", "environment", "parameters", "features", "gates", "backend", "tool", "rows"]),
  name: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});

const point = z.object({ x: z.number(), y: z.number() });

/** The schema of `report.json`: the one value that every rendering is made from. */
export const report = z
  .object({
    schema: z.literal("trainyard/report/1"),
    model: z.string(),
    task: z.enum(TASKS),
    owner: z.string().nullable(),
    problem: z.string().nullable(),
    verdict,
    sentence: z.string().meta({ description: "The one sentence that matters" }),
    withheld: z
      .string()
      .optional()
      .meta({ description: "Why there are verdicts and no numbers, where that is so" }),
    subject: z.object({
      digest: digest.nullable(),
      commit: z.string().nullable(),
      trainer: z.string().nullable(),
      rows: z.object({
        train: known,
        validation: known,
        holdout: z.number().int(),
        effective: z
          .number()
          .optional()
          .meta({ description: "Of weighted holdout rows: how many equal ones tell as much" }),
      }),
      positive: z.string().nullable(),
      threshold: known,
      thresholds: z
        .array(labelThreshold)
        .optional()
        .meta({ description: "Multilabel: one for each label, where `threshold` is null" }),
      decided: z.string().nullable().meta({ description: "How the threshold was chosen" }),
    }),
    baseline: z.object({
      state: z.enum(["compared", "none", "not comparable"]),
      reason: z.string().nullable(),
      commit: z.string().nullable(),
      digest: digest.nullable(),
    }),
    seeds: z
      .object({ training: count, split: count, bootstrap: count, resamples: count })
      .optional()
      .meta({ description: "Where chance began" }),
    changes: z.array(change),
    gates: z.array(gate),
    waivers: z.array(waiver).optional(),
    holdout: holdoutLooks.optional(),
    metrics: z.array(metric).meta({ description: "The ones to show first come first" }),
    shown: z.number().int().meta({ description: "How many of the metrics the contract asked to see first" }),
    confusion: z.object({ labels: z.array(z.string()), counts: z.array(z.array(z.number())) }).nullable(),
    curves: z.object({
      roc: z.array(point),
      roc_baseline: z.array(point),
      precision_recall: z.array(point),
      precision_recall_baseline: z.array(point),
      calibration: z.array(calibrationBin),
      residuals: z.array(point).meta({ description: "Regression: predicted against observed, a sample" }),
    }),
    calibration: calibration.optional(),
    labels: z.array(labelRow).optional().meta({ description: "Multilabel: each label on its own" }),
    fairness: z.array(fairness),
    trade_offs: z.array(tradeOff).optional(),
    slices: slices.optional(),
    robustness: robustness.optional(),
    statements: statements.optional(),
    checks: z.array(check),
    history: z.array(z.object({ epoch: z.number(), loss: z.number(), validation_loss: known })),
    warnings: z.array(z.object({ title: z.string(), text: z.string() })),
  })
  .meta({ title: "Trainyard report" });

export type Report = z.output<typeof report>;
export type MetricRow = Report["metrics"][number];
export type GateRow = Report["gates"][number];
export type Fairness = Report["fairness"][number];
export type CheckRow = Report["checks"][number];
export type DifferenceTest = z.output<typeof test>;
export type Interval = z.output<typeof interval>;
export type Change = Report["changes"][number];
