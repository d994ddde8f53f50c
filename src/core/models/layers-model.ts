import { biasOf, kernelOf, type Layer, type Network } from "../training/network.ts";

/** The topology and the weights' names, in TensorFlow.js' layers format. */
export const MODEL_FILE = "model.json";
/** The weights' bytes, one after the other. */
export const WEIGHTS_FILE = "weights.bin";

/**
 * A trained network as TensorFlow.js' layers format: what `tf.loadLayersModel` reads anywhere.
 *
 * The same weights give the same bytes: no date, no version of ours, little-endian float32.
 */
export function layersModel(network: Network, weights: Float32Array): Map<string, Uint8Array> {
  const model = {
    format: "layers-model",
    generatedBy: "trainyard",
    convertedBy: null,
    modelTopology: {
      class_name: "Sequential",
      config: { name: "sequential", layers: network.layers.map(denseConfig) },
      keras_version: "tfjs-layers 4.22.0", // the format's reference, not the version that computed
      backend: "tensor_flow.js",
    },
    weightsManifest: [
      {
        paths: [WEIGHTS_FILE],
        weights: network.layers.flatMap(({ name, inputs, outputs }) => [
          { name: `${name}/kernel`, shape: [inputs, outputs], dtype: "float32" },
          { name: `${name}/bias`, shape: [outputs], dtype: "float32" },
        ]),
      },
    ],
  };
  const bytes = new DataView(new ArrayBuffer(weights.length * 4));
  let offset = 0;
  for (const layer of network.layers) {
    for (const part of [kernelOf(layer, weights), biasOf(layer, weights)]) {
      for (const value of part) {
        bytes.setFloat32(offset, value, true);
        offset += 4;
      }
    }
  }
  return new Map([
    [MODEL_FILE, new TextEncoder().encode(`${JSON.stringify(model, null, 1)}\n`)],
    [WEIGHTS_FILE, new Uint8Array(bytes.buffer)],
  ]);
}

function denseConfig({ name, inputs, outputs, activation }: Layer, place: number): object {
  return {
    class_name: "Dense",
    config: {
      name,
      trainable: true,
      ...(place === 0 ? { batch_input_shape: [null, inputs] } : {}),
      dtype: "float32",
      units: outputs,
      activation,
      use_bias: true,
      kernel_initializer: { class_name: "Zeros", config: {} },
      bias_initializer: { class_name: "Zeros", config: {} },
      kernel_regularizer: null,
      bias_regularizer: null,
      activity_regularizer: null,
      kernel_constraint: null,
      bias_constraint: null,
    },
  };
}
