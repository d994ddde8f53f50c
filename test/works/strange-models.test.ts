import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserError } from "../../src/errors.ts";
import type { Model, ModelExpectation } from "../../src/ports/model.ts";
import { strangeModels } from "../../src/works/strange-models.ts";

const expects: ModelExpectation = { task: "regression" };
const scores = { outputs: 1, values: Float64Array.of(1) };
const sound: Model = { runtime: "none 1.0.0", predict: async () => scores, close: async () => {} };
const fails = (error: unknown) => async () => {
  throw error;
};
const opened = (model: Model, signal = new AbortController().signal) =>
  strangeModels({ model: async () => model, signal })("m.onnx", expects);
const ownFailure = (message: string) => (error: Error) => {
  assert.ok(error instanceof UserError, error.stack);
  assert.equal(error.message, message);
  return true;
};

describe("a model that anybody may have written", () => {
  it("is opened as a stranger's", async () => {
    const asked: ModelExpectation[] = [];
    const open = strangeModels({
      model: async (_path, given) => {
        asked.push(given);
        return sound;
      },
      signal: new AbortController().signal,
    });
    const model = await open("m.onnx", expects);
    assert.deepEqual(asked, [{ ...expects, stranger: true }]);
    assert.equal(await model.predict(Float32Array.of(1), 1), scores);
    assert.equal(model.runtime, "none 1.0.0");
    assert.equal(model.predictColumns, undefined);
  });
  it("fails by itself, whatever is thrown in it", async () => {
    const bug = new RangeError("Invalid typed array length\n    at somewhere");
    const said = ownFailure("m.onnx cannot be asked: Invalid typed array length");
    const model = await opened({
      ...sound,
      predict: fails(bug),
      predictColumns: fails(bug),
      close: fails(bug),
    });
    await assert.rejects(model.predict(Float32Array.of(1), 1), said);
    await assert.rejects(model.predictColumns!({ rows: 0, columns: new Map() }), said);
    await assert.rejects(model.close(), said);
    const open = strangeModels({ model: fails(bug), signal: new AbortController().signal });
    await assert.rejects(open("m.onnx", expects), said);
    const words = await opened({ ...sound, predict: fails("no") });
    await assert.rejects(words.predict(Float32Array.of(1), 1), ownFailure("m.onnx cannot be asked: no"));
  });
  it("says what is wrong in its own words, where it does", async () => {
    const model = await opened({ ...sound, predict: fails(new UserError("m.onnx cannot answer: Gather")) });
    await assert.rejects(model.predict(Float32Array.of(1), 1), ownFailure("m.onnx cannot answer: Gather"));
  });
  it("is not blamed where the command was stopped", async () => {
    const stopped = new Error("interrupted");
    const model = await opened({ ...sound, predict: fails(stopped) }, AbortSignal.abort(stopped));
    await assert.rejects(model.predict(Float32Array.of(1), 1), stopped);
  });
});
