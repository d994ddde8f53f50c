import * as z from "zod";
import { columnName, literal } from "../scalars.ts";
import { COLUMN_TYPES, expectation } from "./expectation.ts";

export const FORMATS = ["csv", "parquet", "jsonl"] as const;

/** No system has longer names. */
const LONGEST = 4096;
const LONGEST_PART = 255;
const GLOB = /[*?[\]{}()!]/;

const path = z
  .string()
  .min(1, "a path is not empty")
  .refine((text) => !/\p{Cc}/u.test(text), "a path has no control characters")
  .refine((text) => text.length <= LONGEST, `a path has at most ${LONGEST} characters`)
  .refine(
    (text) => text.split("/").every((part) => GLOB.test(part) || Buffer.byteLength(part) <= LONGEST_PART),
    `a name in a path has at most ${LONGEST_PART} bytes`,
  );

const source = z
  .union([
    path.transform((file) => ({ path: file })),
    z.strictObject({
      path: path.meta({
        description: "A file or glob, relative to the contract",
        examples: ["data/2024-*.csv"],
      }),
      format: z
        .enum(FORMATS)
        .optional()
        .meta({ description: "Else told by the file's name", examples: ["csv"] }),
      delimiter: z
        .string()
        .length(1, "a delimiter is one character")
        .optional()
        .meta({ description: "CSV: else sniffed", examples: [";"] }),
      quote: z
        .string()
        .length(1, "a quote is one character")
        .optional()
        .meta({ description: 'CSV: else "', examples: ["'"] }),
      header: z
        .boolean()
        .optional()
        .meta({ description: "CSV: whether the first row names the columns", examples: [true] }),
      encoding: z
        .enum(["utf-8", "latin-1", "utf-16"])
        .optional()
        .meta({ description: "CSV: else utf-8", examples: ["latin-1"] }),
      types: z
        .record(columnName, z.enum(COLUMN_TYPES))
        .optional()
        .meta({ description: "Column types, where sniffing would guess wrong", examples: [{ zip: "text" }] }),
    }),
  ])
  .meta({
    title: "source",
    description: "A file or glob, alone or with how to read it",
    examples: ["data/cps.parquet"],
  });

const roles = z
  .strictObject({
    label: z.union([columnName, z.array(columnName).min(2, "several labels are at least two columns")]).meta({
      description: "The column the model learns to predict; multilabel: one column of 0 and 1 for each label",
      examples: ["high_wage", ["rain", "wind", "snow"]],
    }),
    positive: literal
      .optional()
      .meta({ description: "The label's positive value, for two classes", examples: [1] }),
    id: columnName
      .optional()
      .meta({ description: "A column that names a row, or `row_hash`", examples: ["row_hash"] }),
    sensitive: z
      .array(columnName)
      .default([])
      .meta({ description: "Columns whose groups are compared", examples: [["gender", "race"]] }),
    time: columnName.optional().meta({ description: "When the row happened", examples: ["surveyed_at"] }),
    group: columnName
      .optional()
      .meta({ description: "Rows of one group stay on one side of the split", examples: ["household"] }),
    query: columnName.optional().meta({
      description: "Ranking: the rows of one query are ordered, and stay together",
      examples: ["search_id"],
    }),
    series: columnName
      .optional()
      .meta({ description: "Forecast: what has one row a moment", examples: ["shop"] }),
    weight: columnName.optional().meta({
      description: "How much each row counts, in training and in figures",
      examples: ["sample_weight"],
    }),
    leaks: z
      .array(columnName)
      .default([])
      .meta({ description: "Columns that know the answer", examples: [["wage"]] }),
  })
  .meta({ description: "What the columns are for" })
  .transform(({ label, ...rest }) => {
    const own = rest.query === undefined || rest.group !== undefined ? rest : { ...rest, group: rest.query };
    const labels: { readonly labels?: readonly string[] } =
      typeof label === "string" ? {} : { labels: label };
    // several labels are columns, and have one text by which messages and records call them
    return { label: typeof label === "string" ? label : label.join(", "), ...own, ...labels };
  });

export const data = z
  .strictObject({
    sources: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a source's name is letters, digits and _"),
        source,
      )
      .meta({ description: "Where the rows come from, by name", examples: [{ cps: "data/cps.parquet" }] }),
    table: z
      .string()
      .optional()
      .meta({
        description: "A source's name, or a SQL file that joins the sources; may be left out with one source",
        examples: ["cps", "join.sql"],
      }),
    roles,
    personal: z
      .record(columnName, z.enum(["drop", "hash", "mask", "generalise"]))
      .default({})
      .meta({
        description:
          "Columns about persons, and what becomes of them before anything else: drop, hash, mask or generalise",
        examples: [{ email: "drop" }],
      }),
    expect: z.array(expectation).default([]).meta({ description: "What must hold of the data" }),
  })
  .meta({ description: "Where the rows come from, what the columns are, what must hold" });
