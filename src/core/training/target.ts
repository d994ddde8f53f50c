import { mean, sum } from "../stats/sum.ts";
import { biasOf, kernelOf, type Layer } from "./network.ts";

/** A regression's unit: the target is `centre + scale · standardised`. */
export interface Unit {
  readonly centre: number;
  readonly scale: number;
}

/** The unit of targets that are left as they are. */
export const PLAIN: Unit = { centre: 0, scale: 1 };

/**
 * The mean and the standard deviation (of the population) of a target; 1 where it is constant.
 *
 * @example unitOf(new Float64Array([1, 3])) // => { centre: 2, scale: 1 }
 * @example unitOf(new Float64Array([5, 5])) // => { centre: 5, scale: 1 }
 */
export function unitOf(targets: Float64Array): Unit {
  const centre = mean(targets);
  const squares = targets.map((target) => (target - centre) * (target - centre)); // ** is not exact everywhere
  const scale = Math.sqrt(sum(squares) / targets.length);
  return { centre, scale: scale > 0 ? scale : 1 };
}

/** Targets with mean 0 and deviation 1. */
export function standardised(targets: Float64Array, { centre, scale }: Unit): Float64Array {
  return targets.map((target) => (target - centre) / scale);
}

/** Changes a linear output layer, in place, so that it answers in the target's unit. */
export function foldUnit(output: Layer, weights: Float32Array, { centre, scale }: Unit): void {
  const kernel = kernelOf(output, weights);
  const bias = biasOf(output, weights);
  for (let i = 0; i < kernel.length; i++) kernel[i] = (kernel[i] ?? 0) * scale;
  for (let i = 0; i < bias.length; i++) bias[i] = (bias[i] ?? 0) * scale + centre;
}
