import type { Contract, FeatureStep } from "../contract.ts";
import type { Path } from "../yaml/located.ts";

/** A column that enters the model, and where it is named. */
export interface NamedColumn {
  readonly column: string;
  readonly path: Path;
}

/**
 * All columns that enter the model, in the order in which they are named; a column twice where it is
 * named twice.
 *
 * @example featureColumns([{ keep: ["age"] }, { bucket: { wage: 3 } }]).map(({ column }) => column) // => ["age", "wage"]
 */
export function featureColumns(features: Contract["features"]): readonly NamedColumn[] {
  if ("in" in features) return ofList(features.columns, ["features", "columns"]);
  return features.flatMap((step, index) => columnsOfStep(step, ["features", index]));
}

function columnsOfStep(step: FeatureStep, path: Path): readonly NamedColumn[] {
  const [kind = "", value] = Object.entries(step)[0] ?? [];
  if (Array.isArray(value)) return ofList(value, [...path, kind]);
  if ("scale" in step) return ofList(step.scale.columns, [...path, kind, "columns"]);
  if ("one_hot" in step) return ofList(step.one_hot.columns, [...path, kind, "columns"]);
  return Object.keys(value).map((column) => ({ column, path: [...path, kind, column] }));
}

const ofList = (columns: readonly string[], path: Path): readonly NamedColumn[] =>
  columns.map((column, index) => ({ column, path: [...path, index] }));
