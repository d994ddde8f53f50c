import { biasOf, type Layer } from "../../core/training/network.ts";
import type { Core } from "../models/tensorflow/backend.ts";

/**
 * Sets the output's bias to the logarithm of the classes' odds, so that training begins with the base
 * rates. The backend takes the logarithm: JavaScript's own may differ in its last bit between processors.
 */
export function startAtBaseRate(
  core: Core,
  output: Layer,
  weights: Float32Array,
  shares: Float64Array,
): void {
  const logs = core.tidy(() => core.log(core.tensor1d(Float32Array.from(shares))).dataSync<"float32">());
  const bias = biasOf(output, weights);
  if (bias.length === 1) bias[0] = (logs[1] ?? 0) - (logs[0] ?? 0);
  else bias.set(logs);
}
