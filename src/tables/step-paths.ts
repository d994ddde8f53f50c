import type { StepPath } from "./step-error.ts";

/** Steps whose long form has its columns one level further down. */
const LISTING: ReadonlySet<string> = new Set(["scale", "one_hot"]);

/**
 * What the contract's steps say of single columns, in order, each with the path of the column in its step.
 *
 * @param root of the list of steps, such as `["prepare", "values"]`
 * @param specsOf as `valueSpecs` and `featureSpecs` read a step
 * @example [...stepPaths(["features"], [{ keep: ["a"] }], () => [{ step: "keep", column: "a" }]).values()] // => [["features", 0, "keep", "a"]]
 */
export function stepPaths<Step, Spec extends { readonly step: string; readonly column: string }>(
  root: StepPath,
  steps: readonly Step[],
  specsOf: (steps: readonly Step[]) => readonly Spec[],
): Map<Spec, StepPath> {
  return new Map(
    steps.flatMap((one, index) =>
      specsOf([one]).map((spec): [Spec, StepPath] => {
        const columns = LISTING.has(spec.step) ? ["columns"] : [];
        return [spec, [...root, index, spec.step, ...columns, spec.column]];
      }),
    ),
  );
}
