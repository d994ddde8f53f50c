import { z } from "zod";
import { columnName, duration, literal, missingAtMost, share } from "./scalars.ts";

/*
 * The contract: everything that `trainyard.yaml` can say, in the order in which a reader meets it.
 *
 * This schema is the only declaration of it. The parser, the JSON Schema for editors, the reference
 * page and every error message are made from it, so each key carries its own description.
 */

export const TASKS = ["binary-classification", "multiclass-classification", "regression"] as const;
export const task = z.enum(TASKS).meta({ description: "What the model predicts" });

const plan = z.strictObject({
  problem: z.string().optional().meta({ description: "The question the model answers, in one sentence" }),
  because: z.string().optional().meta({ description: "Why the gates stand where they stand" }),
  costs: z
    .strictObject({
      false_positive: z.number().nonnegative(),
      false_negative: z.number().nonnegative(),
      unit: z.string().optional(),
    })
    .optional()
    .meta({ description: "What a wrong decision costs, for the cost metric and its threshold" }),
});

export const FORMATS = ["csv", "parquet", "jsonl"] as const;
export const COLUMN_TYPES = ["integer", "number", "text", "boolean", "date", "timestamp"] as const;

const source = z.union([
  columnName.meta({ description: "A file or glob in the repository" }).transform((path) => ({ path })),
  z.strictObject({
    path: z.string().min(1).meta({ description: "A file or glob, relative to the contract" }),
    format: z.enum(FORMATS).optional().meta({ description: "Else told by the file's name" }),
    delimiter: z.string().length(1).optional().meta({ description: "CSV: else sniffed" }),
    quote: z.string().length(1).optional().meta({ description: 'CSV: else "' }),
    header: z.boolean().optional().meta({ description: "CSV: whether the first row names the columns" }),
    encoding: z.enum(["utf-8", "latin-1", "utf-16"]).optional().meta({ description: "CSV: else utf-8" }),
    types: z
      .record(columnName, z.enum(COLUMN_TYPES))
      .optional()
      .meta({ description: "Column types, where sniffing would guess wrong" }),
  }),
]);

const roles = z.strictObject({
  label: columnName.meta({ description: "The column the model learns to predict" }),
  positive: literal.optional().meta({ description: "The label's positive value, for two classes" }),
  id: columnName.optional().meta({ description: "A column that names a row, or `row_hash`" }),
  sensitive: z.array(columnName).default([]).meta({ description: "Columns whose groups are compared" }),
  time: columnName.optional().meta({ description: "When the row happened" }),
  group: columnName.optional().meta({ description: "Rows of one group stay on one side of the split" }),
  weight: columnName.optional().meta({ description: "How much each row counts in training" }),
  leaks: z.array(columnName).default([]).meta({ description: "Columns that know the answer" }),
});

const severity = z
  .enum(["fail", "warn"])
  .default("fail")
  .meta({ description: "What a breach means for the verdict" });

const columnExpectation = z.strictObject({
  column: columnName.meta({ description: "The column that is checked" }),
  type: z.enum(COLUMN_TYPES).optional(),
  between: z
    .tuple([z.union([z.number(), z.string()]), z.union([z.number(), z.string()])])
    .optional()
    .meta({ description: "Smallest and largest value, both included; dates in quotes" }),
  in: z.array(literal).min(1).optional().meta({ description: "The only values there may be" }),
  missing: missingAtMost.optional(),
  unique: z.boolean().optional().meta({ description: "No value stands twice" }),
  matches: z.string().optional().meta({ description: "A regular expression that fits the whole text" }),
  newest: z
    .strictObject({ within: duration })
    .optional()
    .meta({ description: "The newest value is at most this old" }),
  allow: share.default(0).meta({ description: "Share of rows that may break it" }),
  severity,
});

const rowsExpectation = z.strictObject({
  table: z.literal("rows").meta({ description: "How many rows there must be" }),
  at_least: z.number().int().nonnegative().optional(),
  at_most: z.number().int().nonnegative().optional(),
  severity,
});

const sqlExpectation = z.strictObject({
  sql: z.string().min(1).meta({ description: "A condition that holds in every row" }),
  allow: share.default(0).meta({ description: "Share of rows that may break it" }),
  severity,
});

export const expectation = z.union([columnExpectation, rowsExpectation, sqlExpectation]);

const data = z.strictObject({
  sources: z
    .record(z.string().regex(/^[a-z_][a-z0-9_]*$/i, "a source's name is letters, digits and _"), source)
    .meta({ description: "Where the rows come from, by name" }),
  table: z.string().optional().meta({ description: "A source's name, or a SQL file that joins the sources" }),
  roles,
  personal: z
    .record(columnName, z.enum(["drop", "hash", "mask", "generalise"]))
    .default({})
    .meta({ description: "Columns about persons, and what becomes of them before anything else" }),
  expect: z.array(expectation).default([]).meta({ description: "What must hold of the data" }),
});

const rowStep = z.union([
  z.strictObject({
    deduplicate: z
      .strictObject({ ignore: z.array(columnName).default([]) })
      .meta({ description: "Keep the first of rows that agree in all columns but these" }),
  }),
  z.strictObject({ where: z.string().min(1).meta({ description: "Keep the rows in which this holds" }) }),
]);

const bound = z.union([
  z.number(),
  z.string().regex(/^p\d{1,2}(\.\d+)?$/, 'a bound is a number, or a percentile such as "p1" or "p99.5"'),
  z.null(),
]);

export const valueStep = z.union([
  z.strictObject({
    fill: z
      .record(columnName, literal)
      .meta({ description: "What stands for a missing value: mean, median, mode, or a constant" }),
  }),
  z.strictObject({
    clip: z
      .record(columnName, z.tuple([bound, bound]))
      .meta({ description: "Lowest and highest value, as numbers or percentiles of the training rows" }),
  }),
  z.strictObject({
    derive: z.record(columnName, z.string().min(1)).meta({ description: "New columns, as expressions" }),
  }),
  z.strictObject({ drop: z.array(columnName).min(1).meta({ description: "Columns to leave out" }) }),
]);

const prepare = z.strictObject({
  rows: z.array(rowStep).default([]).meta({ description: "Which rows there are; not applied in serving" }),
  values: z
    .array(valueStep)
    .default([])
    .meta({ description: "Fitted on the training rows, applied to every row, in serving too" }),
});

const split = z.strictObject({
  by: z.enum(["hash", "time", "random"]).default("hash").meta({ description: "What decides a row's side" }),
  holdout: share.default(0.2).meta({ description: "Share kept back for the evaluation" }),
  validation: share.default(0.1).meta({ description: "Share for early stopping and the threshold" }),
  embargo: duration.optional().meta({ description: "By time: rows this close to a border are left out" }),
  stratify: z
    .literal("label")
    .optional()
    .meta({ description: "By random: the same label shares on each side" }),
  seed: z.number().int().nonnegative().default(7),
});

const columns = z.array(columnName).min(1);

export const featureStep = z.union([
  z.strictObject({ keep: columns.meta({ description: "Numbers as they are" }) }),
  z.strictObject({
    scale: z
      .union([
        columns.transform((list) => ({ columns: list, with: "standard" as const })),
        z.strictObject({ columns, with: z.enum(["standard", "minmax", "robust"]).default("standard") }),
      ])
      .meta({ description: "Numbers on one scale: standard, minmax or robust" }),
  }),
  z.strictObject({
    one_hot: z
      .union([
        columns.transform((list) => ({ columns: list, max_categories: 100, min_count: 1 })),
        z.strictObject({
          columns,
          max_categories: z.number().int().min(1).max(10_000).default(100),
          min_count: z.number().int().min(1).default(1),
        }),
      ])
      .meta({ description: "One column of 0 and 1 for each category seen in training" }),
  }),
  z.strictObject({
    ordinal: z
      .union([
        columns.transform((list) =>
          Object.fromEntries(list.map((name) => [name, [] as (string | number | boolean)[]])),
        ),
        z.record(columnName, z.array(literal)),
      ])
      .meta({ description: "The category's place in an order; a list of columns sorts the categories" }),
  }),
  z.strictObject({
    bucket: z
      .record(columnName, z.union([z.number().int().min(2).max(1000), z.array(z.number()).min(1)]))
      .meta({ description: "The number of the interval: so many equal parts, or these borders" }),
  }),
  z.strictObject({
    hash: z
      .record(
        columnName,
        z
          .number()
          .int()
          .min(2)
          .max(1 << 20),
      )
      .meta({ description: "Categories hashed into so many columns" }),
  }),
  z.strictObject({ log: columns.meta({ description: "ln(1 + x) for x above −1" }) }),
  z.strictObject({ missing: columns.meta({ description: "1 where the value is missing, else 0" }) }),
  z.strictObject({
    date: z
      .record(
        columnName,
        z.array(z.enum(["year", "month", "day", "weekday", "hour", "minute", "day_of_year"])).min(1),
      )
      .meta({ description: "Parts of a date, in UTC; weekday 1 is Monday" }),
  }),
]);

const params = z
  .record(z.string(), z.unknown())
  .default({})
  .meta({ description: "The trainer's parameters" });

const builtinTrain = z.strictObject({
  with: z.enum(["logistic", "linear", "mlp"]).meta({ description: "A built-in trainer" }),
  params: z
    .strictObject({
      hidden: z.array(z.number().int().min(1).max(4096)).max(16).default([32, 16]),
      epochs: z.number().int().min(1).max(100_000).default(40),
      batch_size: z.number().int().min(1).max(1_000_000).default(64),
      learning_rate: z.number().positive().max(10).default(0.003),
      l2: z.number().nonnegative().default(0),
      early_stopping: z
        .union([z.literal(false), z.strictObject({ patience: z.number().int().min(1).default(5) })])
        .default(false)
        .meta({ description: "Stop when the validation loss has not fallen for so many epochs" }),
      class_weight: z.enum(["none", "balanced"]).default("none"),
    })
    .prefault({}),
  backend: z.enum(["wasm", "tfjs-node"]).default("wasm"),
  cross_validate: z.number().int().min(2).max(50).optional(),
  seed: z.number().int().nonnegative().max(0xffff_ffff).default(7),
  when: z.enum(["ready", "label", "command", "push"]).default("ready"),
});

const commandTrain = z.strictObject({
  run: z.string().min(1).meta({ description: "The command that trains" }),
  code: z
    .array(z.string().min(1))
    .optional()
    .meta({ description: "Globs of the code; else all tracked files but docs" }),
  env: z.string().optional().meta({ description: "The file that fixes the environment, such as uv.lock" }),
  out: z.string().default("model.onnx").meta({ description: "What the command leaves" }),
  params,
  cross_validate: z.undefined().optional(),
  seed: z.number().int().nonnegative().max(0xffff_ffff).default(7),
  when: z.enum(["ready", "label", "command", "push"]).default("ready"),
});

const gate = z.union([
  z.string().transform((condition) => ({ gate: condition, when_inconclusive: "approve" as const })),
  z.strictObject({
    gate: z.string().min(1).meta({ description: "METRIC [by COLUMN] >= NUMBER or baseline ± NUMBER" }),
    when_inconclusive: z.enum(["pass", "warn", "approve", "fail"]).default("approve"),
  }),
]);

const evaluate = z.strictObject({
  decision: z
    .union([
      z.strictObject({ threshold: z.number().min(0).max(1) }),
      z.strictObject({ maximize: z.string(), on: z.literal("validation").default("validation") }),
      z.strictObject({ minimize: z.literal("cost"), on: z.literal("validation").default("validation") }),
    ])
    .default({ threshold: 0.5 })
    .meta({ description: "How a score becomes a decision; the threshold is part of the model" }),
  metrics: z.array(z.string()).optional().meta({ description: "Shown first; all are computed" }),
  bootstrap: z
    .strictObject({
      resamples: z.number().int().min(0).max(100_000).default(1000),
      confidence: z.number().min(0.5).max(0.999).default(0.95),
      seed: z.number().int().nonnegative().default(7),
    })
    .prefault({}),
  groups: z
    .strictObject({
      min_size: z.number().int().min(1).default(5).meta({ description: "Smaller groups are not shown" }),
    })
    .prefault({}),
  show_values: z.boolean().default(false).meta({ description: "Whether reports may quote cell values" }),
  gates: z.array(gate).default([]).meta({ description: "What decides" }),
});

export const contract = z
  .strictObject({
    model: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-_]*[a-z0-9])?$/i, "a model's name is letters, digits, - and _")
      .meta({ description: "The model's name" }),
    task,
    owner: z.string().optional().meta({ description: "Who answers for it; else CODEOWNERS" }),
    plan: plan.prefault({}),
    data,
    prepare: prepare.prefault({}),
    split: split.prefault({}),
    features: z
      .union([z.array(featureStep).min(1), z.strictObject({ in: z.literal("model"), columns })])
      .meta({ description: "The only columns that enter the model, and how" }),
    train: z.union([builtinTrain, commandTrain]),
    evaluate: evaluate.prefault({}),
  })
  .meta({ title: "Trainyard contract", description: "The contract of one model" });

export type Contract = z.output<typeof contract>;
export type Task = Contract["task"];
export type Expectation = z.output<typeof expectation>;
export type ValueStep = z.output<typeof valueStep>;
export type FeatureStep = z.output<typeof featureStep>;
export type Source = Contract["data"]["sources"][string];
export type Gate = Contract["evaluate"]["gates"][number];
