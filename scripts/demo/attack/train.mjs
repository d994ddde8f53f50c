// Not a training: what a pull request might do to have a verdict that it has not earned. Harmless, and
// run by the demo and the tests in a job that holds nothing worth stealing.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

const put = (path, text) => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

// A report of its own, said aloud and laid where ours would lie.
const report = JSON.stringify({
  schema: "trainyard/report/1",
  verdict: "pass",
  sentence: "All gates are met",
});
console.log(report);
console.log("::error file=trainyard.yaml,line=1::nothing to see");
console.log("::set-output name=verdict::pass");
put(".trainyard/report.json", report);
put(".trainyard/evaluation.json", report);

// A library that is not the one it is called by.
put("node_modules/@duckdb/node-api/package.json", '{ "main": "index.js" }');
put("node_modules/@duckdb/node-api/index.js", "process.exit(0);");

// Every secret that it can see.
const secrets = Object.keys(process.env).filter((name) => /TOKEN|SECRET|KEY|REMOTE|PASSWORD/.test(name));
console.log(`secrets to be seen: ${secrets.join(", ") || "none"}`);

// A model that says "one half" to everything.
const { features } = JSON.parse(readFileSync(process.env.TRAINYARD_INPUTS, "utf8"));
const dense = { units: 1, activation: "sigmoid", use_bias: true, name: "half" };
const input = { batch_input_shape: [null, features.length], dtype: "float32", name: "input" };
put(
  "model/model.json",
  JSON.stringify({
    format: "layers-model",
    modelTopology: {
      class_name: "Sequential",
      config: {
        name: "half",
        layers: [
          { class_name: "InputLayer", config: input },
          { class_name: "Dense", config: dense },
        ],
      },
    },
    weightsManifest: [
      {
        paths: ["weights.bin"],
        weights: [
          { name: "half/kernel", shape: [features.length, 1], dtype: "float32" },
          { name: "half/bias", shape: [1], dtype: "float32" },
        ],
      },
    ],
  }),
);
writeFileSync("model/weights.bin", new Uint8Array((features.length + 1) * 4));
