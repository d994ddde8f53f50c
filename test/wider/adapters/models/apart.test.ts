import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import { openModel } from "../../../../src/adapters/models/open.ts";
import { artifactsIn } from "../../../../src/adapters/models/tensorflow/artifacts.ts";
import { openTensorflow } from "../../../../src/adapters/models/tensorflow/model.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";
import { expected, features, fixture, scoresOf } from "../../../adapters/models/fixtures.ts";
import { modelContract } from "../../../contracts/model.ts";
import { ENDLESS, type Graph, LARGE, WIDE, writeGraph } from "./graphs.ts";

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

for (const name of ["layers", "graph"])
  modelContract(`TensorFlow.js, ${name}, in a process of its own`, {
    features,
    rows: expected.rows,
    scores: scoresOf(name),
    expects: { ...stranger, ...(scoresOf(name).length > expected.rows ? { outputs: 3 } : {}) },
    open: (expects) => openModel(fixture(name), expects),
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

  const home = mkdtempSync(join(tmpdir(), "trainyard-"));
  after(() => rmSync(home, { recursive: true }));
  let made = 0;
  const endsGraph = (what: string, graph: Graph, bounds: object, message: RegExp) =>
    it(what, async () => {
      const folder = join(home, `${made++}`);
      const path = writeGraph(folder, graph);
      const expects: ModelExpectation = { task: "regression", outputs: 1, width: 2, stranger: true };
      await assert.rejects(
        openTensorflow(artifactsIn(path), expects, path, "wasm", bounds),
        (error: Error) => {
          assert.ok(error instanceof UserError, error.stack);
          assert.match(error.message, message);
          assert.ok(error.message.startsWith(path));
          return true;
        },
      );
      const left = readdirSync(tmpdir()).filter((name) => name.startsWith(`trainyard-model-${process.pid}-`));
      assert.deepEqual(left, []);
    });
  endsGraph(
    "of TensorFlow.js that does not end is ended",
    ENDLESS,
    { patience: 5000 },
    /cannot answer for a row of features: it took longer than 5 s/,
  );
  endsGraph(
    "of TensorFlow.js that computes how large it makes something ends alone",
    LARGE,
    MEMORY,
    /cannot answer for a row of features: it took more than 629 MB of memory/,
  );
  endsGraph(
    "of TensorFlow.js that answers more than anybody asked is not listened to",
    WIDE,
    {},
    /it answers 1000000 numbers, more than any question has/,
  );
});
