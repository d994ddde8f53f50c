import * as z from "zod";
import { UserError } from "../../errors.ts";
import { TASKS } from "../measures/task.ts";
import { labelThreshold } from "./label-thresholds.ts";

/*
 * A model's folder: the model's own files, the recipe that makes its features, what the training rows
 * looked like, and `bundle.json`, which says how its answers become decisions. All that serving and
 * monitoring need, under one digest.
 */

/** Says how the answers of a model's folder become decisions. */
export const BUNDLE_FILE = "bundle.json";
/** The fitted steps in a model's folder. */
export const RECIPE_FILE = "recipe.json";
/** What the training rows looked like, in a model's folder; models of before it was counted have none. */
export const REFERENCE_FILE = "reference.json";

const shape = z.object({
  schema: z.literal("trainyard/model/1"),
  model: z.string(),
  task: z.enum(TASKS),
  label: z.string(),
  classes: z
    .array(z.string())
    .meta({ description: "In the order of the scores; [1] is the positive of two" }),
  threshold: z
    .number()
    .nullable()
    .meta({ description: "Two classes, or one for all labels: decided positive from here up" }),
  thresholds: z
    .array(labelThreshold)
    .optional()
    .meta({ description: "One for each label, in the order of the classes, where `threshold` is null" }),
  decided: z.string().nullable().meta({ description: "How the threshold was chosen" }),
  trainer: z.string(),
  runtime: z.string(),
  kind: z.enum(["tensorflow", "onnx", "predictions", "endpoint"]),
  file: z.string().regex(/^[^/\\]+$/, "a file of the model's own folder"),
  takes: z.enum(["features", "columns"]),
  scores: z.enum(["logits"]).optional().meta({ description: "What the model gives, where no probabilities" }),
  quantiles: z
    .array(z.number().gt(0).lt(100))
    .min(1)
    .max(99)
    .optional()
    .meta({ description: "Forecast: predicted quantiles in percent, each a score after the first" }),
  rows: z.object({ train: z.number().int(), validation: z.number().int() }),
});

/** Thresholds by label are used in the labels' order: those of others, or of another order, would decide for the wrong ones. */
const bundle = shape.refine(
  ({ task, classes, threshold, thresholds }) =>
    thresholds === undefined ||
    (task === "multilabel" &&
      threshold === null &&
      thresholds.length === classes.length &&
      thresholds.every(({ label }, at) => label === classes[at])),
  { path: ["thresholds"], error: "one for each label, in their order, in place of threshold, is right" },
);

export type Bundle = z.output<typeof bundle>;

/**
 * Reads `bundle.json` as it came out of an artifact.
 *
 * @example parseBundle("{}", "models/wages") // throws "models/wages/bundle.json is not a model's description"
 */
export function parseBundle(text: string, folder: string): Bundle {
  const place = `${folder}/${BUNDLE_FILE}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UserError(`${place} is not JSON; restore the model with \`trainyard pull\``);
  }
  const parsed = bundle.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UserError(
    `${place} is not a model's description: ${issue?.path.join(".") || "top level"}: ${issue?.message ?? "wrong"}`,
  );
}
