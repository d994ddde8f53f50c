import * as z from "zod";
import { columnName, duration, literal, share } from "../scalars.ts";

const rowStep = z
  .union([
    z.strictObject({
      deduplicate: z
        .strictObject({
          ignore: z
            .array(columnName)
            .default([])
            .meta({ description: "Columns that may differ", examples: [["id"]] }),
        })
        .meta({
          description: "Keep the first of rows that agree in all columns but these",
          examples: [{ ignore: ["id"] }],
        }),
    }),
    z.strictObject({
      where: z
        .string()
        .min(1, "a condition is not empty")
        .meta({
          description: "Keep the rows in which this condition holds",
          examples: ["age between 16 and 90"],
        }),
    }),
  ])
  .meta({ title: "step" });

const bound = z
  .union([
    z.number(),
    z.string().regex(/^p\d{1,2}(\.\d+)?$/, 'a bound is a number, or a percentile such as "p1" or "p99.5"'),
    z.null(),
  ])
  .meta({ description: 'A number, a percentile of the training rows such as "p99", or null for no bound' });

export const valueStep = z
  .union([
    z.strictObject({
      fill: z.record(columnName, literal).meta({
        description: "What stands for a missing value: mean, median, mode, or a constant",
        examples: [{ education: "median" }],
      }),
    }),
    z.strictObject({
      clip: z.record(columnName, z.tuple([bound, bound])).meta({
        description: "Lowest and highest value, as numbers or percentiles of the training rows",
        examples: [{ experience: ["p1", "p99"] }],
      }),
    }),
    z.strictObject({
      derive: z.record(columnName, z.string().min(1, "an expression is not empty")).meta({
        description: "New columns, as expressions",
        examples: [{ tenure: "greatest(age - education - 6, 0)" }],
      }),
    }),
    z.strictObject({
      drop: z
        .array(columnName)
        .min(1)
        .meta({ description: "Columns to leave out", examples: [["married"]] }),
    }),
  ])
  .meta({ title: "step" });

export const prepare = z
  .strictObject({
    rows: z
      .array(rowStep)
      .default([])
      .meta({ description: "Which rows there are, in this order; not applied in serving" }),
    values: z.array(valueStep).default([]).meta({
      description: "Fitted on the training rows, applied to every row in this order, in serving too",
    }),
  })
  .meta({ description: "What becomes of the rows before features are made" });

export const split = z
  .strictObject({
    by: z
      .enum(["hash", "time", "random"])
      .default("hash")
      .meta({
        description: "What decides a row's side: its id's hash, its time, or chance",
        examples: ["hash"],
      }),
    holdout: share
      .default(0.2)
      .meta({ description: "Share kept back for the evaluation", examples: ["20%"] }),
    validation: share
      .default(0.1)
      .meta({ description: "Share for early stopping and the threshold", examples: ["10%"] }),
    embargo: duration
      .optional()
      .meta({ description: "By time: rows this close to a border are left out", examples: ["7d"] }),
    stratify: z
      .literal("label")
      .optional()
      .meta({ description: "By random: the same label shares on each side", examples: ["label"] }),
    seed: z
      .number()
      .int()
      .nonnegative()
      .default(7)
      .meta({ description: "By random and hash: another seed, another split", examples: [7] }),
    epoch: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/, "an epoch is letters, digits, ., _ and -, such as 2026-q4")
      .optional()
      .meta({
        description:
          "By random and hash: another epoch draws all sides anew, when the holdout was looked at too often",
        examples: ["2026-q4"],
      }),
  })
  .meta({ description: "Which rows train, validate, and are held out" });
