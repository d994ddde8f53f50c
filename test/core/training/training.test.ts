import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { random } from "../../../src/core/stats/random.ts";
import { takeRows } from "../../../src/core/tables/matrix.ts";
import { adam } from "../../../src/core/training/adam.ts";
import { earlyStopping } from "../../../src/core/training/early-stopping.ts";
import { foldsOf, partOf } from "../../../src/core/training/folds.ts";
import {
  addPenalty,
  biasOf,
  initialWeights,
  kernelOf,
  networkOf,
} from "../../../src/core/training/network.ts";
import { rowWeights } from "../../../src/core/training/row-weights.ts";
import { foldUnit, standardised, unitOf } from "../../../src/core/training/target.ts";
import { facts, wages } from "../../adapters/trainers/wages.ts";

describe("a network", () => {
  const network = networkOf("multiclass-classification", 3, 5, [4]);

  it("has a kernel and a bias for each layer, side by side", () => {
    assert.equal(network.size, 5 * 4 + 4 + 4 * 3 + 3);
    const weights = new Float32Array(network.size).map((_, i) => i);
    const [hidden, output] = network.layers;
    assert.deepEqual([...biasOf(hidden!, weights)], [20, 21, 22, 23]);
    assert.equal(kernelOf(output!, weights)[0], 24);
    assert.deepEqual([...biasOf(output!, weights)], [36, 37, 38]);
  });

  it("begins even within Glorot's limits, with biases of 0, as the seed says", () => {
    const large = networkOf("regression", 0, 100, [50]);
    const weights = initialWeights(large, random(1));
    const kernel = kernelOf(large.layers[0]!, weights);
    const limit = Math.sqrt(6 / 150);
    const largest = Math.max(...kernel.map(Math.abs));
    assert.ok(largest <= limit && largest > 0.99 * limit);
    assert.ok(Math.abs(kernel.reduce((sum, value) => sum + value, 0) / kernel.length) < 0.02 * limit);
    assert.deepEqual([...biasOf(large.layers[0]!, weights)], new Array(50).fill(0));
    assert.deepEqual(initialWeights(large, random(1)), weights);
    assert.notDeepEqual(initialWeights(large, random(2)), weights);
  });

  it("begins at 0 without hidden layers", () => {
    assert.deepEqual([...initialWeights(networkOf("regression", 0, 2, []), random(1))], [0, 0, 0]);
  });

  it("is penalised for its kernels alone", () => {
    const one = networkOf("regression", 0, 2, []);
    const gradient = new Float32Array([1, 1, 1]);
    addPenalty(one, new Float32Array([2, -4, 8]), 0.5, gradient);
    assert.deepEqual([...gradient], [2, -1, 1]);
  });
});

describe("adam", () => {
  it("takes a first step of the learning rate, whatever the slope's size", () => {
    const weights = new Float32Array([1, 1, 1]);
    adam(3, 0.1)(weights, new Float32Array([1e-2, -50, 0]));
    for (const [i, wanted] of [0.9, 1.1, 1].entries()) assert.ok(Math.abs(weights[i]! - wanted) < 1e-4);
  });

  it("finds the bottom of a bowl", () => {
    const weights = new Float32Array([5, -3]);
    const optimise = adam(2, 0.1);
    for (let step = 0; step < 1000; step++)
      optimise(weights, new Float32Array([weights[0]! - 2, 10 * (weights[1]! - 1)]));
    assert.ok(Math.abs(weights[0]! - 2) < 1e-3 && Math.abs(weights[1]! - 1) < 1e-3);
  });
});

describe("early stopping", () => {
  it("keeps a copy of the best, and has patience", () => {
    const stopping = earlyStopping(2);
    const weights = new Float32Array([0]);
    const go = [3, 1, 2, 1].map((loss, i) => {
      weights[0] = i + 1;
      return stopping.watch(i + 1, loss, weights);
    });
    assert.deepEqual(go, [true, true, true, false]);
    assert.deepEqual(stopping.best(), { epoch: 2, weights: new Float32Array([2]) });
  });
});

describe("folds", () => {
  const classes = Int32Array.from({ length: 53 }, (_, row) => Number(row % 7 === 0) + Number(row % 11 === 0));
  const sizes = (of: readonly number[]) =>
    [0, 1, 2].map((name) => of.filter((row) => classes[row] === name).length);

  it("are of one size, and take every row once", () => {
    const folds = foldsOf(53, 5, random(3));
    const parts = [0, 1, 2, 3, 4].map((fold) => partOf(folds, fold));
    assert.deepEqual(parts.map(({ inside }) => inside.length).sort(), [10, 10, 11, 11, 11]);
    assert.deepEqual(
      parts.flatMap(({ inside }) => inside).sort((a, b) => a - b),
      [...Array(53).keys()],
    );
    for (const { inside, outside } of parts) assert.equal(new Set([...inside, ...outside]).size, 53);
  });

  it("spread every class", () => {
    const folds = foldsOf(53, 4, random(3), classes);
    const counts = [0, 1, 2, 3].map((fold) => sizes(partOf(folds, fold).inside));
    for (const name of [0, 1, 2]) {
      const of = counts.map((count) => count[name]!);
      assert.ok(Math.max(...of) - Math.min(...of) <= 1, `${of}`);
    }
  });

  it("are drawn by the seed", () => {
    assert.deepEqual(foldsOf(53, 4, random(3)), foldsOf(53, 4, random(3)));
    assert.notDeepEqual(foldsOf(53, 4, random(3)), foldsOf(53, 4, random(4)));
  });
});

describe("row weights", () => {
  it("balance classes as scikit-learn does", () => {
    const weights = rowWeights(wages.rare, 2, "balanced");
    for (const [i, wanted] of facts.sample_weight.entries())
      assert.ok(Math.abs(weights[i * facts.every]! - wanted) < 1e-9);
  });

  it("are balanced beside the rows' own, and 1 on average", () => {
    const train = {
      ...takeRows(wages.rare, [0, 1, 2, 3]),
      labels: new Float64Array([0, 0, 0, 1]),
      weights: new Float64Array([1, 2, 3, 4]),
    };
    const weights = rowWeights(train, 2, "balanced");
    assert.ok(Math.abs(weights[0]! + weights[1]! + weights[2]! - 2) < 1e-12);
    assert.ok(Math.abs(weights[3]! - 2) < 1e-12);
    assert.ok(Math.abs(weights[1]! / weights[0]! - 2) < 1e-12);
  });
});

describe("a target's unit", () => {
  it("is taken out and folded back", () => {
    const targets = new Float64Array([10, 20, 60]);
    const unit = unitOf(targets);
    const [output] = networkOf("regression", 0, 1, []).layers;
    const weights = new Float32Array([1, 0]); // answers with its one feature
    foldUnit(output!, weights, unit);
    for (const [i, value] of standardised(targets, unit).entries())
      assert.ok(Math.abs(weights[0]! * value + weights[1]! - targets[i]!) < 1e-5);
  });
});
