import * as z from "zod";
import { columnName, duration, literal, missingAtMost, share } from "../scalars.ts";

export const COLUMN_TYPES = ["integer", "number", "text", "boolean", "date", "timestamp"] as const;

const severity = z
  .enum(["fail", "warn"])
  .default("fail")
  .meta({ description: "What a breach means for the verdict", examples: ["warn"] });

const allow = share.default(0).meta({ description: "Share of rows that may break it", examples: ["0.5%"] });

const limit = z.union([z.number(), z.string()]);
const rowCount = z.number().int().nonnegative();

const columnExpectation = z.strictObject({
  column: columnName.meta({ description: "The column that is checked", examples: ["age"] }),
  type: z
    .enum(COLUMN_TYPES)
    .optional()
    .meta({ description: "The type of its values", examples: ["integer"] }),
  between: z
    .tuple([limit, limit])
    .optional()
    .meta({
      description: "Smallest and largest value, both included; dates in quotes",
      examples: [[16, 99]],
    }),
  in: z
    .array(literal)
    .min(1)
    .optional()
    .meta({ description: "The only values there may be", examples: [["north", "south"]] }),
  missing: missingAtMost.optional().meta({
    description: 'How much may be missing: "none", "at most 1%", or a share',
    examples: ["at most 1%"],
  }),
  unique: z
    .boolean()
    .optional()
    .meta({ description: "No value stands twice", examples: [true] }),
  matches: z
    .string()
    .optional()
    .meta({ description: "A regular expression that fits the whole text", examples: ["[A-Z]{3}-\\d+"] }),
  newest: z
    .strictObject({
      within: duration.meta({ description: "The greatest age of the newest value", examples: ["7d"] }),
    })
    .optional()
    .meta({ description: "The newest value is at most this old", examples: [{ within: "7d" }] }),
  allow,
  severity,
});

const rowsExpectation = z.strictObject({
  table: z.literal("rows").meta({ description: "How many rows there must be", examples: ["rows"] }),
  at_least: rowCount.optional().meta({ description: "The fewest rows", examples: [500] }),
  at_most: rowCount.optional().meta({ description: "The most rows", examples: [1_000_000] }),
  severity,
});

const sqlExpectation = z.strictObject({
  sql: z
    .string()
    .min(1, "a condition is not empty")
    .meta({
      description: "A condition that holds in every row",
      examples: ["education + experience <= age"],
    }),
  allow,
  severity,
});

export const expectation = z.union([columnExpectation, rowsExpectation, sqlExpectation]).meta({
  title: "expectation",
  description: "One thing that must hold: of a column, of the table, or as a condition",
});
