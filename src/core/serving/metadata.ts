import type { Recipe } from "../features/recipe.ts";
import type { Bundle } from "../models/bundle.ts";
import { byLabel } from "../models/label-thresholds.ts";
import type { ColumnKind } from "../tables/column.ts";
import { SIGNATURE } from "./predict-body.ts";

const TYPES: Readonly<Record<ColumnKind, string>> = {
  number: "DT_DOUBLE",
  boolean: "DT_BOOL",
  text: "DT_STRING",
  time: "DT_STRING",
};

/**
 * The answer to `GET /v1/models/NAME/metadata`: TensorFlow Serving's, with the columns that a row brings,
 * and how scores become decisions.
 *
 * @param version its name in the protocol
 */
export function metadataAnswer(bundle: Bundle, recipe: Recipe, outputs: number, version: string): string {
  const tensor = (name: string, dtype: string, sizes: readonly number[]) => ({
    dtype,
    tensor_shape: { dim: sizes.map((size) => ({ size: String(size), name: "" })), unknown_rank: false },
    name,
  });
  const inputs = recipe.inputs.map(({ name, kind }) => [name, tensor(name, TYPES[kind], [-1])]);
  const shape = outputs === 1 ? [-1] : [-1, outputs];
  return `${JSON.stringify({
    model_spec: { name: bundle.model, signature_name: "", version },
    metadata: {
      signature_def: {
        signature_def: {
          [SIGNATURE]: {
            inputs: Object.fromEntries(inputs),
            outputs: { score: tensor("score", "DT_DOUBLE", shape) },
            method_name: "tensorflow/serving/predict",
          },
        },
      },
    },
    trainyard: {
      task: bundle.task,
      label: bundle.label,
      classes: bundle.classes,
      threshold: bundle.threshold,
      ...byLabel(bundle),
      inputs: recipe.inputs,
    },
  })}\n`;
}
