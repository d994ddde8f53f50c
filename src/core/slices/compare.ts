import { effectiveSize } from "../measures/row-weights.ts";
import type { Loss } from "../report/sections/slices.ts";
import {
  type Confirmation,
  errorsAgainstBaseline,
  errorsAgainstRest,
  meanAgainstBaseline,
  meanAgainstRest,
  momentsOf,
} from "./confirm.ts";
import {
  weightedAgainstBaseline,
  weightedAgainstRest,
  weightedErrorsAgainstBaseline,
  weightedErrorsAgainstRest,
  weightedMoments,
} from "./confirm-weighted.ts";
import type { LossyRows } from "./find.ts";

/** What rows say of a slice that they were not searched for. */
export interface Compared {
  readonly rows: number;
  /** Rows that count the same and tell as much; without weights the rows. */
  readonly effective: number;
  /** The same of the rows behind the other value. */
  readonly others: number;
  /** Mean loss in the slice. */
  readonly value: number;
  /** Mean loss of what it is held against: the other rows, or the baseline on the same. */
  readonly other: number;
  readonly confirmation: Confirmation;
}

/** How a slice is held against the rest or the baseline. */
export interface Comparison {
  readonly loss: Loss;
  readonly confidence: number;
}

/**
 * A slice held against the other rows, or against what the baseline lost on its own.
 *
 * @param within by row 1 where it lies in the slice
 */
export function compare(
  rows: Pick<LossyRows, "losses" | "baseline" | "weights">,
  within: Uint8Array,
  against: "rest" | "baseline",
  how: Comparison,
): Compared {
  const own = part(rows, within, 1);
  return against === "rest" ? beside(own, part(rows, within, 0), how) : before(own, how);
}

interface Part {
  readonly losses: Float64Array;
  readonly baseline: Float64Array;
  readonly weights: Float64Array | undefined;
}

/** The rows in the slice, or those beside it. */
function part(
  { losses, baseline = new Float64Array(losses.length), weights }: Parameters<typeof compare>[0],
  within: Uint8Array,
  side: 0 | 1,
): Part {
  const pick = (values: Float64Array): Float64Array => values.filter((_, row) => within[row] === side);
  return { losses: pick(losses), baseline: pick(baseline), weights: weights && pick(weights) };
}

function beside(own: Part, rest: Part, { loss, confidence }: Comparison): Compared {
  const sizes = {
    rows: own.losses.length,
    effective: worthOf(own),
    others: worthOf(rest),
    value: meanOf(own.losses, own.weights),
    other: meanOf(rest.losses, rest.weights),
  };
  if (own.weights !== undefined && rest.weights !== undefined) {
    const test = loss === "error" ? weightedErrorsAgainstRest : weightedAgainstRest;
    const [mine, theirs] = [
      { values: own.losses, weights: own.weights },
      { values: rest.losses, weights: rest.weights },
    ];
    return { ...sizes, confirmation: test(mine, theirs, confidence) };
  }
  const confirmation =
    loss === "error"
      ? errorsAgainstRest(
          sum(own.losses),
          own.losses.length,
          sum(rest.losses),
          rest.losses.length,
          confidence,
        )
      : meanAgainstRest(momentsOf(own.losses), momentsOf(rest.losses), confidence);
  return { ...sizes, confirmation };
}

function before(own: Part, { loss, confidence }: Comparison): Compared {
  const { losses, baseline, weights } = own;
  const sizes = {
    rows: losses.length,
    effective: worthOf(own),
    others: worthOf(own),
    value: meanOf(losses, weights),
    other: meanOf(baseline, weights),
  };
  const changes = losses.map((lost, row) => lost - (baseline[row] as number));
  if (weights !== undefined) {
    const test = loss === "error" ? weightedErrorsAgainstBaseline : weightedAgainstBaseline;
    return { ...sizes, confirmation: test({ values: changes, weights }, confidence) };
  }
  const rises = changes.filter((change) => change > 0).length;
  const falls = changes.filter((change) => change < 0).length;
  const confirmation =
    loss === "error"
      ? errorsAgainstBaseline(rises, falls, losses.length, confidence)
      : meanAgainstBaseline(momentsOf(changes), confidence);
  return { ...sizes, confirmation };
}

const worthOf = ({ losses, weights }: Part): number =>
  weights === undefined ? losses.length : effectiveSize(weights);

const meanOf = (values: Float64Array, weights: Float64Array | undefined): number =>
  (weights === undefined ? momentsOf(values) : weightedMoments(values, weights)).mean;

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
