import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";
import { expected, features, fixture, scoresOf } from "../../../adapters/models/fixtures.ts";
import { modelContract } from "../../../contracts/model.ts";

const stranger: ModelExpectation = { task: "binary-classification", outputs: 1, width: 4, stranger: true };
const MEMORY = { memory: 600 * 2 ** 20 };

for (const runtime of ["onnxruntime-node", "onnxruntime-web"] as const)
  modelContract(`${runtime} zipmap.onnx in a process of its own`, {
    features,
    rows: expected.rows,
    scores: scoresOf("zipmap.onnx"),
    expects: stranger,
    open: (expects) => openOnnx(fixture("zipmap.onnx"), expects, runtime),
  });

describe("a stranger's model", () => {
  const ends = (what: string, name: string, bounds: object, message: RegExp) =>
    it(what, async () => {
      const path = fixture(`hostile/${name}.onnx`);
      await assert.rejects(openOnnx(path, stranger, "onnxruntime-node", bounds), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        assert.ok(error.message.includes(path));
        return true;
      });
    });
  ends(
    "that takes all memory ends alone",
    "memory",
    MEMORY,
    /cannot answer: it took more than 629 MB of memory/,
  );
  ends(
    "that does so while it is loaded ends alone",
    "memory-at-load",
    MEMORY,
    /it took more than 629 MB of memory/,
  );
  ends("that does not end is ended", "endless", { patience: 4000 }, /it took longer than 4 s/);
});
