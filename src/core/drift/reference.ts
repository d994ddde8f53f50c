import * as z from "zod";
import { UserError } from "../../errors.ts";

/*
 * What the training rows looked like, beside the recipe in a model's folder: what production is held
 * against. It holds counts, and no row.
 */

/** More inputs than this has no recipe either. */
const MOST_COLUMNS = 100_000;
/** Quantile bins of a number: tenths of the training rows. */
export const MOST_BINS = 10;
/** Values of a category that are counted on their own; all others are `other`. */
export const MOST_VALUES = 50;
/** A text that stands in fewer training rows is never written down: it may be somebody's name. */
export const LEAST_ROWS = 10;
/** A longer text is no category, and is counted as `other`. */
export const LONGEST_VALUE = 200;

/** The parts of a time that are compared as values of their own; the others are compared as numbers. */
export const PARTS = ["year", "month", "day", "weekday", "hour", "minute", "day_of_year"] as const;

const count = z.number().int().min(0);

const shape = {
  name: z.string().min(1).meta({ description: "The column's name, or `started_at (hour)`" }),
  of: z
    .strictObject({ column: z.string().min(1), part: z.enum(PARTS) })
    .optional()
    .meta({ description: "The time column, and which part of it is compared" }),
};

const numbers = z.strictObject({
  ...shape,
  kind: z.literal("number"),
  min: z.number().nullable().meta({ description: "The smallest finite value; null where there is none" }),
  max: z.number().nullable(),
  edges: z
    .array(z.number())
    .max(MOST_BINS - 1)
    .meta({ description: "Each bin reaches up to and includes its edge; the last has none" }),
  counts: z.array(count).min(1).max(MOST_BINS),
  missing: count,
  infinite: count,
});

const categories = z.strictObject({
  ...shape,
  kind: z.literal("category"),
  values: z.array(z.string().max(LONGEST_VALUE)).max(MOST_VALUES),
  counts: z.array(count).max(MOST_VALUES),
  other: count.meta({ description: "Rows with any other value" }),
  missing: count,
});

const reference = z.strictObject({
  schema: z.literal("trainyard/reference/1"),
  rows: count.meta({ description: "Training rows that were counted" }),
  columns: z.array(z.discriminatedUnion("kind", [numbers, categories])).max(MOST_COLUMNS),
  personal: z
    .array(z.string().min(1))
    .max(MOST_COLUMNS)
    .meta({ description: "Columns that are never logged, and of which nothing is counted" }),
});

/** What the training rows looked like, column by column. */
export type Reference = z.output<typeof reference>;
/** One column of it, or one part of a time. */
export type ReferenceColumn = Reference["columns"][number];
/** A column of numbers, in bins that held a tenth of the training rows each. */
export type ReferenceNumbers = z.output<typeof numbers>;
/** A column of texts, truth values or parts of times. */
export type ReferenceCategories = z.output<typeof categories>;

/**
 * Reads a reference as it came out of an artifact.
 *
 * @param place what to call it in a message
 * @throws {UserError} where it is not JSON, not a reference, or its counts do not add up
 * @example parseReference("{}", "models/wages/reference.json") // throws "models/wages/reference.json is not a reference: schema"
 */
export function parseReference(text: string, place = "reference.json"): Reference {
  const wrong = (why: string, cause?: unknown): UserError =>
    new UserError(
      `${place} is not a reference: ${why}; run \`trainyard features\` again, or pull the model`,
      {
        cause,
      },
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw wrong("it is no JSON", cause);
  }
  const parsed = reference.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw wrong(`${issue?.path.join(".") || "top level"}: ${issue?.message ?? "wrong"}`);
  }
  for (const column of parsed.data.columns) {
    const why = inconsistent(column, parsed.data.rows);
    if (why !== undefined) throw wrong(`"${column.name}" ${why}`);
  }
  return parsed.data;
}

function inconsistent(column: ReferenceColumn, rows: number): string | undefined {
  const { counts, missing } = column;
  const numeric = column.kind === "number";
  if (counts.length !== (numeric ? column.edges.length + 1 : column.values.length)) {
    return `has ${counts.length} counts for ${numeric ? `${column.edges.length} edges` : `${column.values.length} values`}`;
  }
  const total = counts.reduce((sum, one) => sum + one, missing + (numeric ? column.infinite : column.other));
  if (total !== rows) return `counts ${total} rows of ${rows}`;
  if (!numeric) return new Set(column.values).size < column.values.length ? "names a value twice" : undefined;
  const { edges, min, max } = column;
  if (edges.some((edge, i) => i > 0 && edge <= (edges[i - 1] ?? -Infinity))) return "has edges out of order";
  const within = min !== null && max !== null && min <= max;
  const outside = (edges[0] ?? min ?? 0) < (min ?? 0) || (edges.at(-1) ?? min ?? 0) > (max ?? 0);
  if (within ? outside : edges.length > 0 || min !== null || max !== null)
    return "has edges out of its range";
  return undefined;
}

/**
 * The columns of a request that a server may log, as they are: those that are compared, and no other.
 *
 * @example loggedColumns({ schema: "trainyard/reference/1", rows: 0, columns: [{ name: "at (hour)", of: { column: "at", part: "hour" }, kind: "category", values: [], counts: [], other: 0, missing: 0 }], personal: ["name"] }) // => ["at"]
 */
export function loggedColumns({ columns, personal }: Reference): string[] {
  const names = new Set(columns.map(columnOf));
  for (const name of personal) names.delete(name);
  return [...names];
}

/** The column of a request that is compared. */
export function columnOf({ name, of }: ReferenceColumn): string {
  return of?.column ?? name;
}
