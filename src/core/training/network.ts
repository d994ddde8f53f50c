import type { Task } from "../measures/task.ts";
import type { Random } from "../stats/random.ts";

export type Activation = "relu" | "sigmoid" | "softmax" | "linear";

/** A dense layer: `activation(input · kernel + bias)`, the kernel row-major `inputs × outputs`. */
export interface Layer {
  readonly name: string;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: Activation;
  /** Where its kernel, and behind it its bias, begin in the network's weights. */
  readonly start: number;
}

/** Dense layers, one behind the other; all their weights stand in one array, in order. */
export interface Network {
  readonly layers: readonly Layer[];
  /** How many weights there are. */
  readonly size: number;
}

/**
 * The network of a task: hidden layers with ReLU, then one sigmoid for two classes, a softmax for
 * more, or one linear unit for a regression.
 *
 * @param hidden units of each hidden layer; none makes a logistic or linear regression
 * @example networkOf("binary-classification", 2, 3, [4]).layers.map((layer) => [layer.inputs, layer.outputs, layer.activation, layer.start]) // => [[3, 4, "relu", 0], [4, 1, "sigmoid", 16]]
 * @example networkOf("regression", 0, 2, []).size // => 3
 */
export function networkOf(task: Task, classes: number, width: number, hidden: readonly number[]): Network {
  const last: readonly [number, Activation] =
    task === "regression" ? [1, "linear"] : classes > 2 ? [classes, "softmax"] : [1, "sigmoid"];
  const shapes = [...hidden.map((units): readonly [number, Activation] => [units, "relu"]), last];
  const layers: Layer[] = [];
  let inputs = width;
  let start = 0;
  for (const [place, [outputs, activation]] of shapes.entries()) {
    const name = place === shapes.length - 1 ? "output" : `hidden_${place + 1}`;
    layers.push({ name, inputs, outputs, activation, start });
    start += (inputs + 1) * outputs;
    inputs = outputs;
  }
  return { layers, size: start };
}

/** A layer's kernel inside the network's weights: the same memory. */
export function kernelOf({ start, inputs, outputs }: Layer, weights: Float32Array): Float32Array {
  return weights.subarray(start, start + inputs * outputs);
}

/** A layer's bias inside the network's weights: the same memory. */
export function biasOf({ start, inputs, outputs }: Layer, weights: Float32Array): Float32Array {
  return weights.subarray(start + inputs * outputs, start + (inputs + 1) * outputs);
}

/**
 * Weights to begin with: kernels even in ±√(6 / (inputs + outputs)), biases 0. A network without
 * hidden layers begins at 0, since nothing there needs the symmetry broken.
 *
 * Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
 * networks" (2010).
 */
export function initialWeights({ layers, size }: Network, random: Random): Float32Array {
  const weights = new Float32Array(size);
  if (layers.length === 1) return weights;
  for (const layer of layers) {
    const limit = Math.sqrt(6 / (layer.inputs + layer.outputs));
    const kernel = kernelOf(layer, weights);
    for (let i = 0; i < kernel.length; i++) kernel[i] = (2 * random.uniform() - 1) * limit;
  }
  return weights;
}

/** Adds the slope of `l2 / 2 · Σ w²` over all kernels to a gradient, in place. Biases are free. */
export function addPenalty(
  { layers }: Network,
  weights: Float32Array,
  l2: number,
  gradient: Float32Array,
): void {
  for (const layer of layers) {
    const kernel = kernelOf(layer, weights);
    const slope = kernelOf(layer, gradient);
    for (let i = 0; i < kernel.length; i++) slope[i] = (slope[i] ?? 0) + l2 * (kernel[i] ?? 0);
  }
}
