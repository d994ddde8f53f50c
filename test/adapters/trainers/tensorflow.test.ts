import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import * as core from "@tensorflow/tfjs-core";
import { openModel } from "../../../src/adapters/models/open.ts";
import { openBackend } from "../../../src/adapters/models/tensorflow/backend.ts";
import { trainBuiltin } from "../../../src/adapters/trainers/tensorflow.ts";
import type { Matrix } from "../../../src/core/tables/matrix.ts";
import { UserError } from "../../../src/errors.ts";
import type { Trained, TrainRequest } from "../../../src/ports/trainer.ts";
import { facts, request, silent, toTheEnd, wages } from "./wages.ts";

/** The scores of a trained model, through its files and the port `model`. */
async function scoresOf(
  { files }: Trained,
  { task, classes }: TrainRequest,
  on: Matrix,
): Promise<Float64Array> {
  const folder = mkdtempSync(join(tmpdir(), "trainyard-"));
  try {
    for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
    const model = await openModel(folder, { task, width: on.width, outputs: classes });
    const { values } = await model.predict(on.matrix, on.rows);
    await model.close();
    return values;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Trains, and holds the scores of every 40th row against scikit-learn's. */
async function agrees(asked: TrainRequest, wanted: readonly number[], tolerance: number): Promise<void> {
  const scores = await scoresOf(await trainBuiltin(asked, silent), asked, asked.train);
  const outputs = scores.length / asked.train.rows;
  for (const [i, expected] of wanted.entries()) {
    const row = Math.floor(i / outputs) * facts.every;
    const actual = scores[row * outputs + (i % outputs)]!;
    assert.ok(Math.abs(actual - expected) <= tolerance, `row ${row}: ${actual}, not ${expected}`);
  }
}

const regression = { task: "regression", classes: 0 } as const;
const occupation = { task: "multiclass-classification", classes: 6 } as const;
const PROBABILITY = 1e-4; // float32 and a few hundred steps against a solver in double precision
const DOLLARS = 1e-3;

describe("built-in models agree with scikit-learn when trained to the end", () => {
  it("logistic", () => agrees(request(wages.high, { params: toTheEnd }), facts.logistic, PROBABILITY));
  it("logistic with a penalty", () =>
    agrees(request(wages.high, { params: { ...toTheEnd, l2: facts.l2 } }), facts.logistic_l2, PROBABILITY));
  it("logistic with balanced classes", () =>
    agrees(
      request(wages.rare, { params: { ...toTheEnd, class_weight: "balanced" } }),
      facts.balanced,
      PROBABILITY,
    ));
  it("logistic of six classes", () =>
    agrees(
      request(wages.occupation, { ...occupation, params: { ...toTheEnd, l2: facts.l2 } }),
      facts.multinomial,
      PROBABILITY,
    ));
  it("linear", () =>
    agrees(request(wages.wage, { ...regression, with: "linear", params: toTheEnd }), facts.linear, DOLLARS));
  it("linear with a penalty", () =>
    agrees(
      request(wages.wage, { ...regression, with: "linear", params: { ...toTheEnd, l2: facts.l2 } }),
      facts.linear_l2,
      DOLLARS,
    ));
});

describe("training", () => {
  it("learns XOR with hidden layers, and cannot without", async () => {
    const matrix = new Float32Array([0, 0, 0, 1, 1, 0, 1, 1]);
    const xor: Matrix = { matrix, rows: 4, width: 2, labels: new Float64Array([0, 1, 1, 0]) };
    const params = { hidden: [8], epochs: 400, batch_size: 4, learning_rate: 0.05 };
    const mlp = request(xor, { with: "mlp", params });
    const scores = await scoresOf(await trainBuiltin(mlp, silent), mlp, xor);
    assert.deepEqual(
      [...scores].map((score) => Math.round(score)),
      [0, 1, 1, 0],
    );
    const line = request(xor, { params });
    const idle = await scoresOf(await trainBuiltin(line, silent), line, xor);
    for (const score of idle) assert.ok(Math.abs(score - 0.5) < 0.01);
  });

  it("counts a row as often as its weight says", async () => {
    const matrix = new Float32Array([0, 0, 0, 0]);
    const labels = new Float64Array([0, 0, 0, 1]);
    const train: Matrix = { matrix, rows: 4, width: 1, labels, weights: new Float64Array([1, 1, 1, 9]) };
    const asked = request(train, { params: { ...toTheEnd, epochs: 50 } });
    const [score] = await scoresOf(await trainBuiltin(asked, silent), asked, train);
    assert.ok(Math.abs(score! - 0.75) < 1e-4, `${score}`);
  });

  it("keeps the weights of the best epoch when it stops early", async () => {
    const params = { epochs: 200, learning_rate: 0.05, hidden: [32, 16], early_stopping: { patience: 3 } };
    const validation = { ...wages.high, ...part(wages.high, 400, 534) };
    const asked = request(
      { ...wages.high, ...part(wages.high, 0, 400) },
      { with: "mlp", validation, params },
    );
    const { history, stopped, kept, ...trained } = await trainBuiltin(asked, silent);
    assert.ok(stopped < 200);
    assert.equal(stopped, kept + 3);
    assert.equal(history.length, stopped);
    const lowest = Math.min(...history.map((epoch) => epoch.validation_loss!));
    assert.equal(history[kept - 1]!.validation_loss, lowest);
    const scores = await scoresOf({ history, stopped, kept, ...trained }, asked, validation);
    const loss = scores.reduce((sum, p, row) => sum - Math.log(validation.labels[row] === 1 ? p : 1 - p), 0);
    assert.ok(Math.abs(loss / validation.rows - lowest) < 1e-5, `${loss / validation.rows}, not ${lowest}`);
  });

  it("says the loss of a regression in the target's unit", async () => {
    const asked = request(wages.wage, {
      ...regression,
      with: "linear",
      validation: wages.wage,
      params: { ...toTheEnd, epochs: 50 },
    });
    const trained = await trainBuiltin(asked, silent);
    const scores = await scoresOf(trained, asked, wages.wage);
    const squares = scores.reduce((sum, score, row) => sum + (score - wages.wage.labels[row]!) ** 2, 0);
    const said = trained.history[49]!.validation_loss!;
    assert.ok(Math.abs(squares / scores.length - said) < 1e-3, `${squares / scores.length}, not ${said}`);
  });

  it("takes a batch larger than the rows, and a last batch that is smaller", async () => {
    for (const batch_size of [1_000_000, 100, 533])
      assert.equal(
        (await trainBuiltin(request(wages.high, { params: { epochs: 2, batch_size } }), silent)).stopped,
        2,
      );
  });

  it("tells how far it is, with the loss", async () => {
    const notes: [number, number | undefined, string | undefined][] = [];
    const task = {
      update: (...said: [number, number?, string?]) => void notes.push([said[0], said[1], said[2]]),
      end() {},
    };
    await trainBuiltin(request(wages.high, { validation: wages.high, params: { epochs: 3 } }), task);
    const [done, total, note] = notes.at(-1)!;
    assert.deepEqual([done, total], [3, 3]);
    assert.match(note!, /^loss 0\.\d+, validation 0\.\d+$/);
  });

  it("leaves no tensor behind, whether it ends well or not", async () => {
    await openBackend("wasm");
    const before = core.memory().numTensors;
    await trainBuiltin(
      request(wages.high, { with: "mlp", validation: wages.high, params: { epochs: 2 } }),
      silent,
    );
    await assert.rejects(trainBuiltin(diverging, silent));
    assert.equal(core.memory().numTensors, before);
  });

  it("stops when it is told to", async () => {
    const stop = new AbortController();
    const task = { update: () => stop.abort(), end() {} };
    const asked = request(wages.high, { with: "mlp", signal: stop.signal, params: { epochs: 100_000 } });
    await assert.rejects(
      trainBuiltin(asked, task),
      (error: UserError) => error instanceof UserError && error.exit === 130,
    );
  });
});

const diverging = request(wages.wage, {
  ...regression,
  with: "mlp",
  params: { hidden: [64, 64, 64], learning_rate: 10, epochs: 30 },
});

function part({ matrix, labels, width }: Matrix, start: number, end: number): Matrix {
  return {
    matrix: matrix.slice(start * width, end * width),
    labels: labels.slice(start, end),
    rows: end - start,
    width,
  };
}

describe("what cannot be trained ends in one sentence", () => {
  const refused = (name: string, asked: TrainRequest, message: RegExp) =>
    it(name, () =>
      assert.rejects(trainBuiltin(asked, silent), (error: Error) => {
        assert.ok(error instanceof UserError, error.stack);
        assert.match(error.message, message);
        return true;
      }),
    );
  const changed = (change: (matrix: Float32Array, labels: Float64Array) => void): Matrix => {
    const copy = part(wages.high, 0, 20);
    change(copy.matrix, copy.labels);
    return copy;
  };
  refused(
    "a loss that diverges",
    diverging,
    /^training diverged: the loss .*learning_rate below 10, and scale the features$/,
  );
  refused("no rows", request(part(wages.high, 0, 0)), /no training rows/);
  refused("no features", request({ ...wages.high, matrix: new Float32Array(0), width: 0 }), /no features/);
  refused("one class", request(changed((_, labels) => labels.fill(1))), /same in all 20 training rows/);
  refused(
    "a missing feature",
    request(changed((matrix) => matrix.fill(Number.NaN, 7, 8))),
    /feature 2 of 6 is "NaN" in training row 2/,
  );
  refused(
    "an infinite feature",
    request(changed((matrix) => matrix.fill(Number.POSITIVE_INFINITY, 0, 1))),
    /"Infinity" in training row 1/,
  );
  refused(
    "a missing label",
    request(changed((_, labels) => labels.fill(Number.NaN, 3, 4))),
    /label is "NaN" in training row 4/,
  );
  refused(
    "an unknown class",
    request(changed((_, labels) => labels.fill(2, 0, 1))),
    /"2" in training row 1; right is one of 2 classes/,
  );
  refused(
    "a negative weight",
    request({ ...part(wages.high, 0, 20), weights: new Float64Array(20).fill(-1) }),
    /weight is "-1"/,
  );
  refused(
    "weights of nothing",
    request({ ...part(wages.high, 0, 20), weights: new Float64Array(20) }),
    /weights of all training rows are 0/,
  );
  refused(
    "a target too large",
    request(
      { ...part(wages.wage, 0, 20), labels: Float64Array.from({ length: 20 }, (_, i) => i * 1e300) },
      { ...regression, with: "linear" },
    ),
    /too large/,
  );
  refused(
    "logistic for numbers",
    request(wages.wage, { ...regression }),
    /"logistic" learns classes.*linear or mlp/,
  );
  refused(
    "linear for classes",
    request(wages.high, { with: "linear" }),
    /"linear" learns numbers.*logistic or mlp/,
  );
  refused(
    "early stopping on nothing",
    request(wages.high, { params: { early_stopping: { patience: 2 } } }),
    /early_stopping needs validation rows/,
  );
  refused(
    "a backend that is not installed",
    request(wages.high, { backend: "tfjs-node" }),
    /npm install @tensorflow\/tfjs-node/,
  );
});
