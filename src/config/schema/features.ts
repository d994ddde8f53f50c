import * as z from "zod";
import { columnName, literal } from "../scalars.ts";

const columns = z
  .array(columnName)
  .min(1, "name at least one column")
  .meta({ description: "The columns, by name", examples: [["age", "experience"]] });

const scale = z.union([
  columns.transform((list) => ({ columns: list, with: "standard" as const })),
  z.strictObject({
    columns,
    with: z
      .enum(["standard", "minmax", "robust"])
      .default("standard")
      .meta({
        description: "standard: mean 0, deviation 1; minmax: from 0 to 1; robust: by median and quartiles",
        examples: ["robust"],
      }),
  }),
]);

const oneHot = z.union([
  columns.transform((list) => ({ columns: list, max_categories: 100, min_count: 1 })),
  z.strictObject({
    columns,
    max_categories: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .meta({ description: "The most categories that get a column, most frequent first", examples: [50] }),
    min_count: z
      .number()
      .int()
      .min(1)
      .default(1)
      .meta({ description: "Training rows a category needs for a column of its own", examples: [5] }),
  }),
]);

const ordinal = z.union([
  columns.transform((list) =>
    Object.fromEntries(list.map((name) => [name, [] as (string | number | boolean)[]])),
  ),
  z.record(columnName, z.array(literal)),
]);

const bucket = z.record(columnName, z.union([z.number().int().min(2).max(1000), z.array(z.number()).min(1)]));

const hash = z.record(columnName, z.number().int().min(2).max(1_048_576)); // 2^20 columns

const date = z.record(
  columnName,
  z.array(z.enum(["year", "month", "day", "weekday", "hour", "minute", "day_of_year"])).min(1),
);

const step = <S extends z.ZodRawShape>(shape: S) => z.strictObject(shape);

export const featureStep = z
  .union([
    step({ keep: columns.meta({ description: "Numbers as they are", examples: [["age"]] }) }),
    step({
      scale: scale.meta({
        description: "Numbers on one scale: standard, minmax or robust",
        examples: [["age", "experience"], { columns: ["age"], with: "robust" }],
      }),
    }),
    step({
      one_hot: oneHot.meta({
        description: "One column of 0 and 1 for each category seen in training",
        examples: [["occupation", "sector"], { columns: ["city"], max_categories: 50, min_count: 5 }],
      }),
    }),
    step({
      ordinal: ordinal.meta({
        description: "The category's place in an order; a list of columns sorts the categories",
        examples: [{ size: ["small", "medium", "large"] }],
      }),
    }),
    step({
      bucket: bucket.meta({
        description: "The number of the interval: so many equal parts, or these borders",
        examples: [{ age: [25, 40, 60] }, { income: 10 }],
      }),
    }),
    step({
      hash: hash.meta({
        description: "Categories hashed into so many columns",
        examples: [{ zip: 64 }],
      }),
    }),
    step({ log: columns.meta({ description: "ln(1 + x) for x above −1", examples: [["income"]] }) }),
    step({
      missing: columns.meta({ description: "1 where the value is missing, else 0", examples: [["income"]] }),
    }),
    step({
      date: date.meta({
        description: "Parts of a date, in UTC; weekday 1 is Monday",
        examples: [{ surveyed_at: ["month", "weekday"] }],
      }),
    }),
  ])
  .meta({ title: "step" });

export const features = z
  .union([
    z.array(featureStep).min(1, "at least one column enters the model"),
    z.strictObject({
      in: z
        .literal("model")
        .meta({ description: "The model makes its features itself", examples: ["model"] }),
      columns,
    }),
  ])
  .meta({ description: "The only columns that enter the model, and how" });
