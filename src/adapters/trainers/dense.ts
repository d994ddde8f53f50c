import type { Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import { biasOf, kernelOf, type Network } from "../../core/training/network.ts";
import type { Core } from "../models/tensorflow/backend.ts";
import type { Loss } from "./loss.ts";

/** Rows as the network takes them; all arrays are read before `step` or `loss` returns. */
export interface Batch {
  readonly features: Float32Array;
  readonly rows: number;
  /** One a row: class index or target. */
  readonly targets: Float32Array;
  /** What a row's loss is multiplied by before the losses are added. */
  readonly factors: Float32Array;
}

/** Computes a network's loss, and its slope, on a backend. */
export interface Dense {
  /** The batch's loss; the slope of it at every weight is written to `gradient`. */
  step(batch: Batch, weights: Float32Array, gradient: Float32Array): number;
  /** The batch's loss alone. */
  loss(batch: Batch, weights: Float32Array): number;
}

/**
 * Forward and backward through dense layers, written out: a tape that records operations costs more
 * than the small products of a small network. Transposed copies are made because the WASM backend
 * multiplies plain matrices with SIMD and transposed ones without.
 */
export function denseOn(core: Core, network: Network, loss: Loss): Dense {
  const { layers } = network;

  /** The input of each layer, and behind them the last layer's sums before its activation. */
  function forward({ features, rows }: Batch, weights: Float32Array, kernels: Tensor2D[]): Tensor2D[] {
    const width = layers[0]?.inputs ?? 0;
    const values: Tensor2D[] = [core.tensor2d(features.subarray(0, rows * width), [rows, width])];
    for (const layer of layers) {
      const kernel = core.tensor2d(kernelOf(layer, weights), [layer.inputs, layer.outputs]);
      const bias = core.tensor1d(biasOf(layer, weights));
      const activation = layer.activation === "relu" ? "relu" : "linear";
      const a = values[values.length - 1] as Tensor2D;
      kernels.push(kernel);
      values.push(core.fused.matMul({ a, b: kernel, bias, activation }) as Tensor2D);
    }
    return values;
  }

  function measured(values: readonly Tensor2D[], batch: Batch) {
    return loss(
      core,
      values[values.length - 1] as Tensor2D,
      batch.targets.subarray(0, batch.rows),
      batch.factors.subarray(0, batch.rows),
    );
  }

  return {
    step(batch, weights, gradient) {
      core.engine().startScope();
      try {
        const kernels: Tensor2D[] = [];
        const values = forward(batch, weights, kernels);
        const { total, slope } = measured(values, batch);
        let falling = slope;
        for (let place = layers.length - 1; place >= 0; place--) {
          const layer = layers[place];
          const input = values[place];
          const kernel = kernels[place];
          if (layer === undefined || input === undefined || kernel === undefined) continue;
          kernelOf(layer, gradient).set(read(core.matMul(core.transpose(input), falling)));
          biasOf(layer, gradient).set(read(core.sum(falling, 0)));
          if (place === 0) break;
          const back = core.matMul(falling, core.transpose(kernel));
          falling = core.mul(back, core.step(input)); // ReLU: its output is above 0 where its slope is 1
        }
        return read(total)[0] ?? Number.NaN;
      } finally {
        core.engine().endScope();
      }
    },
    loss(batch, weights) {
      core.engine().startScope();
      try {
        return read(measured(forward(batch, weights, []), batch).total)[0] ?? Number.NaN;
      } finally {
        core.engine().endScope();
      }
    },
  };
}

function read(tensor: Tensor): Float32Array {
  return tensor.dataSync<"float32">();
}
