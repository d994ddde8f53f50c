import type { Contract } from "../config/contract.ts";
import type { EvaluationInput } from "../core/measures/evaluation.ts";
import { timed } from "../core/measures/timed.ts";

/** What the contract says of how samples are drawn, beside their number. */
export function resamplingOf({
  bootstrap,
  test,
}: Contract["evaluate"]): Pick<EvaluationInput, "stratify" | "block" | "test"> {
  const { stratify, block } = bootstrap;
  return {
    ...(stratify === undefined ? {} : { stratify: true }),
    ...(block === undefined || block === "auto" ? {} : { block }),
    ...(test === undefined ? {} : { test }),
  };
}

/** What a reviewer should know of blocks of time, where the contract draws them. */
export function timedOf(moments: Int32Array | undefined, { evaluate }: Contract) {
  if (moments === undefined) return undefined;
  return timed(moments, resamplingOf(evaluate).block);
}
