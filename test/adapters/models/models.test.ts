import { openOnnx } from "../../../src/adapters/models/onnx/model.ts";
import { openModel } from "../../../src/adapters/models/open.ts";
import type { ModelExpectation } from "../../../src/ports/model.ts";
import { modelContract } from "../../contracts/model.ts";
import { expected, features, fixture, scoresOf } from "./fixtures.ts";

const { rows, width } = expected;
const binary: ModelExpectation = { task: "binary-classification", outputs: 1, width };
const three: ModelExpectation = { task: "multiclass-classification", outputs: 3, width };
const number: ModelExpectation = { task: "regression", outputs: 1, width };

for (const name of ["layers", "graph"]) {
  modelContract(`tensorflow.js ${name}`, {
    features,
    rows,
    scores: scoresOf(name),
    expects: binary,
    open: (expects) => openModel(fixture(name), expects),
  });
}

const onnx: readonly [string, ModelExpectation][] = [
  ["logistic.onnx", binary],
  ["boosting.onnx", binary],
  ["flat.onnx", binary],
  ["zipmap.onnx", binary],
  ["three.onnx", three],
  ["linear.onnx", number],
];
for (const runtime of ["onnxruntime-node", "onnxruntime-web"] as const) {
  for (const [name, expects] of onnx) {
    modelContract(`${runtime} ${name}`, {
      features,
      rows,
      scores: scoresOf(name),
      expects,
      open: (asked) => openOnnx(fixture(name), asked, runtime),
    });
  }
}
