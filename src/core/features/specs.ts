import type { FeatureStep } from "../../config/contract.ts";
import { UserError } from "../../errors.ts";
import type { Fitted } from "./feature-step.ts";
import type { FeatureSpec } from "./steps.ts";

/**
 * The feature steps of the contract, one a column (and one a part of a date), in their order.
 *
 * @example featureSpecs([{ keep: ["a"] }, { date: { d: ["year", "month"] } }]) // => [{ step: "keep", column: "a" }, { step: "date", column: "d", part: "year" }, { step: "date", column: "d", part: "month" }]
 */
export function featureSpecs(steps: readonly FeatureStep[]): FeatureSpec[] {
  return steps.flatMap((step): FeatureSpec[] => {
    if ("keep" in step) return step.keep.map((column) => ({ step: "keep", column }));
    if ("scale" in step) {
      const { columns, with: method } = step.scale;
      return columns.map((column) => ({ step: "scale", column, with: method }));
    }
    if ("one_hot" in step) {
      const { columns, max_categories: most, min_count: least } = step.one_hot;
      return columns.map((column) => ({ step: "one_hot", column, most, least }));
    }
    if ("ordinal" in step) {
      return Object.entries(step.ordinal).map(([column, order]) => ({ step: "ordinal", column, order }));
    }
    if ("bucket" in step) {
      return Object.entries(step.bucket).map(([column, borders]) => ({ step: "bucket", column, borders }));
    }
    if ("hash" in step) {
      return Object.entries(step.hash).map(([column, width]) => ({ step: "hash", column, width }));
    }
    if ("log" in step) return step.log.map((column) => ({ step: "log", column }));
    if ("missing" in step) return step.missing.map((column) => ({ step: "missing", column }));
    return Object.entries(step.date).flatMap(([column, parts]) =>
      parts.map((part) => ({ step: "date", column, part })),
    );
  });
}

/**
 * The features that enter the model, in their order: what the steps make, but for what a later step
 * takes up. `log: [wage]` alone makes `wage_log`; with `scale: [wage_log]` after it, only
 * `wage_log_scaled` enters, and `keep: [wage_log]` brings the other back.
 *
 * @param columns names of the columns that the steps start from
 * @throws {UserError} where two features, or a feature and a column that a step takes, share a name
 */
export function featureNames(steps: readonly Fitted[], columns: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  const folded = new Set<string>();
  const remove = (name: string): void => {
    names.delete(name);
    folded.delete(name.toLowerCase());
  };
  for (const { column, outputs } of steps) {
    if (!columns.has(column)) remove(column);
    for (const name of outputs) {
      if (columns.has(name) && name !== column) {
        throw new UserError(
          `the feature "${name}" of "${column}" is named like a column; rename that column`,
        );
      }
      if (folded.has(name.toLowerCase())) {
        throw new UserError(
          `two features are named "${name}"; name the column once in features, or derive a second one`,
        );
      }
      names.add(name);
      folded.add(name.toLowerCase());
    }
  }
  return [...names];
}
