import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gather, readingOf } from "../../../src/adapters/models/scores.ts";
import type { ModelExpectation } from "../../../src/ports/model.ts";

const binary: ModelExpectation = { task: "binary-classification" };
const gathered = (values: number[], raw: number, order: number[], expects = binary) => {
  const gathering = gather(values.length / raw, { raw, order, other: false }, expects, "m.onnx");
  gathering.add(Float32Array.from(values));
  return [...gathering.scores().values];
};

describe("a model's raw scores", () => {
  it("are brought back to 0 and 1 where float32 has left them", () => {
    assert.deepEqual(gathered([1.0000001, -0.0000001], 1, [0]), [1, 0]);
  });

  it("are left as they are for a regression", () => {
    assert.deepEqual(gathered([-7, 1.5], 1, [0], { task: "regression" }), [-7, 1.5]);
  });

  it("are taken from the columns that were asked for", () => {
    assert.deepEqual(gathered([0.25, 0.75, 0.5, 0.5], 2, [1]), [0.75, 0.5]);
    assert.deepEqual(gathered([0.25, 0.75], 2, [1, 0]), [0.75, 0.25]);
  });

  it("are refused where they are no probabilities, or not finite", () => {
    assert.throws(() => gathered([0.5, 1.01], 1, [0]), /score "1\.0099.*" in row 2; right is a probability/);
    assert.throws(
      () => gathered([0.5, Number.NaN], 1, [0]),
      /score "NaN" in row 2; right is a finite number/,
    );
    assert.throws(() => gathered([0.5, 0.6], 2, [0, 1]), /add up to 1\.1.* in row 1; right is 1/);
  });

  it("of several labels stand in the contract's order, and need not add up to 1", () => {
    const labels: ModelExpectation = { task: "multilabel", outputs: 2, classes: ["rain", "wind"] };
    assert.deepEqual(readingOf(2, ["0", "1"], labels, "m.onnx"), { raw: 2, order: [0, 1], other: false });
    assert.deepEqual(gathered([0.25, 0.5, 1, 1], 2, [0, 1], labels), [0.25, 0.5, 1, 1]);
    const logits = { ...labels, scores: "logits" as const };
    assert.deepEqual(gathered([0, -2, 0, 700], 2, [0, 1], logits), [0.5, 1 / (1 + Math.exp(2)), 0.5, 1]);
    assert.throws(
      () => readingOf(3, undefined, labels, "m.onnx"),
      /m\.onnx gives 3 numbers a row; right for multilabel is one probability of each of the 2 labels/,
    );
    assert.throws(
      () => gathered([0.5, 1.5], 2, [0, 1], labels),
      /score "1\.5" in row 1; right is a probability/,
    );
  });

  it("are refused where rows are missing", () => {
    const gathering = gather(3, { raw: 1, order: [0], other: false }, binary, "m.onnx");
    gathering.add([0.5, 0.5]);
    assert.throws(() => gathering.scores(), /gave scores for 2 of 3 rows/);
    assert.throws(() => gathering.add([0.5, 0.5]), /gave 2 numbers/);
  });
});
