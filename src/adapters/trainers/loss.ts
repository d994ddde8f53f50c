import type { Scalar, Tensor2D } from "@tensorflow/tfjs-core";
import type { Activation } from "../../core/training/network.ts";
import type { Core } from "../models/tensorflow/backend.ts";

/**
 * The loss of a batch, each row's times its factor, added up, and its slope at the last layer's sums.
 *
 * All of it is computed by the backend: WebAssembly's arithmetic is the same on every processor.
 *
 * @param sums `rows × outputs`, before the activation
 * @param targets class index or target, one a row
 */
export type Loss = (
  core: Core,
  sums: Tensor2D,
  targets: Float32Array,
  factors: Float32Array,
) => { readonly total: Scalar; readonly slope: Tensor2D };

/** The loss that belongs to an output's activation. */
export function lossOf(activation: Activation): Loss {
  return activation === "sigmoid" ? logLoss : activation === "softmax" ? classLogLoss : squaredError;
}

/** −y ln p − (1 − y) ln(1 − p) for p = sigmoid(s), which is max(s, 0) − y s + ln(1 + e^−|s|). */
const logLoss: Loss = (core, sums, targets, factors) => {
  const wanted = core.tensor2d(targets, [targets.length, 1]);
  const factor = core.tensor2d(factors, [factors.length, 1]);
  const slope = core.mul<Tensor2D>(core.sub(core.sigmoid(sums), wanted), factor);
  const tail = core.log1p(core.exp(core.neg(core.abs(sums))));
  const losses = core.add(core.sub(core.relu(sums), core.mul(sums, wanted)), tail);
  return { total: core.sum(core.mul(losses, factor)), slope };
};

/** −ln p of the row's class for p = softmax(s), with the largest sum taken out first. */
const classLogLoss: Loss = (core, sums, targets, factors) => {
  const [rows, classes] = sums.shape;
  const wanted = core.tensor2d(oneHot(targets, classes), [rows, classes]);
  const factor = core.tensor2d(factors, [rows, 1]);
  const shifted = core.sub(sums, core.max(sums, 1, true));
  const powers = core.exp(shifted);
  const totals = core.sum(powers, 1, true);
  const slope = core.mul<Tensor2D>(core.sub(core.div(powers, totals), wanted), factor);
  const losses = core.sub(core.log(totals), core.sum(core.mul(shifted, wanted), 1, true));
  return { total: core.sum(core.mul(losses, factor)), slope };
};

const squaredError: Loss = (core, sums, targets, factors) => {
  const factor = core.tensor2d(factors, [factors.length, 1]);
  const error = core.sub(sums, core.tensor2d(targets, [targets.length, 1]));
  const weighted = core.mul<Tensor2D>(error, factor);
  return { total: core.sum(core.mul(weighted, error)), slope: core.add(weighted, weighted) };
};

function oneHot(targets: Float32Array, classes: number): Float32Array {
  const wanted = new Float32Array(targets.length * classes);
  for (let row = 0; row < targets.length; row++) wanted[row * classes + (targets[row] ?? 0)] = 1;
  return wanted;
}
