import { random } from "../../src/core/stats/random.ts";

/** Days on which it rains, blows and snows, none of it or all at once. */
export function days(): string {
  const draws = random(7, "days");
  const lines = ["wet,cold,gust,rain,wind,snow"];
  for (let day = 0; day < 1200; day++) {
    const [wet, cold, gust] = [draws.uniform(), draws.uniform(), draws.uniform()];
    const on = [wet, gust * gust, wet * cold].map((chance) => (draws.uniform() < chance ? 1 : 0));
    lines.push([...[wet, cold, gust].map((value) => value.toFixed(4)), ...on].join(","));
  }
  return `${lines.join("\n")}\n`;
}

/** Leaves a model that knows what makes each label likely, and says far too little of it: its answers lie near 0. */
export const LEAVES_MODEL = `
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const given = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
mkdirSync(given.out, { recursive: true });
// of wet, cold and gust: rain, wind, snow and hail
const kernel = [6, 0, 5, 1, 0, 0, 5, 1, 0, 6, 0, 1];
const bias = [-7, -7, -9, -4];
writeFileSync(given.out + "/weights.bin", Buffer.from(Float32Array.from([...kernel, ...bias]).buffer));
const config = {
  name: "dense", units: 4, activation: "sigmoid", use_bias: true, dtype: "float32", batch_input_shape: [null, 3],
  kernel_initializer: { class_name: "Zeros", config: {} }, bias_initializer: { class_name: "Zeros", config: {} },
};
const layers = [{ class_name: "Dense", config }];
const weights = [["dense/kernel", [3, 4]], ["dense/bias", [4]]].map(([name, shape]) => ({ name, shape, dtype: "float32" }));
writeFileSync(given.out + "/model.json", JSON.stringify({
  format: "layers-model",
  modelTopology: { class_name: "Sequential", config: { name: "sequential", layers }, keras_version: "tfjs-layers 4.22.0", backend: "tensor_flow.js" },
  weightsManifest: [{ paths: ["weights.bin"], weights }],
}));
`;
