import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fitBins } from "../../../src/core/slices/bins.ts";
import { quantileBorders, roundest } from "../../../src/core/slices/borders.ts";
import { lossesOf } from "../../../src/core/slices/losses.ts";
import { random } from "../../../src/core/stats/random.ts";
import type { Column } from "../../../src/core/tables/column.ts";

const numbers = (...values: number[]): Column => ({ kind: "number", values: Float64Array.from(values) });
const text = (words: readonly string[], codes: readonly number[]): Column => ({
  kind: "text",
  words,
  codes: Int32Array.from(codes),
});
const said = (column: Column, support = 1) => fitBins("c", column, support)?.words.map((bin) => bin.text);

describe("bins", () => {
  it("part the same rows as the quantiles do, at rounder numbers", () => {
    const draws = random(4, "borders");
    for (let turn = 0; turn < 50; turn++) {
      const scale = 10 ** (draws.below(12) - 6);
      const values = Float64Array.from({ length: 200 }, () => (draws.uniform() - 0.4) * scale).sort();
      const borders = quantileBorders(values);
      assert.equal(borders.length, 9);
      for (const [place, border] of borders.entries()) {
        assert.equal(values.filter((value) => value < border).length, 20 * (place + 1), `${border}`);
      }
    }
    assert.deepEqual(quantileBorders([]), []);
    assert.equal(roundest(5e-324, 1e-323), 1e-323);
  });

  it("hold few numbers each for itself, and missing ones apart", () => {
    assert.deepEqual(said(numbers(3, 1, 3, Number.NaN)), ["c = 1", "c = 3", "c is missing"]);
    const bins = fitBins("c", numbers(3, 1, 3, Number.NaN), 1);
    assert.deepEqual([...(bins?.codesOf(numbers(1, 3, Number.NaN, 2, 9)) ?? [])], [0, 1, 2, 3, 3]);
    assert.equal(said(numbers(7, 7, 7)), undefined);
    assert.deepEqual(said(numbers(7, 7, Number.NaN)), ["c = 7", "c is missing"]);
    assert.deepEqual(said(numbers(Number.NaN)), undefined);
    assert.deepEqual(said(numbers()), undefined);
  });

  it("take in what lies beyond the rows that they were found on", () => {
    const bins = fitBins("c", numbers(...Array.from({ length: 100 }, (_, row) => row)), 1);
    assert.deepEqual(bins?.words.map((bin) => bin.text).slice(0, 2), ["c < 10", "10 <= c < 20"]);
    assert.equal(bins?.words.at(-1)?.text, "c >= 90");
    // what is missing for the first time lies in no bin
    assert.deepEqual([...(bins?.codesOf(numbers(-50, 1e9, Number.NaN)) ?? [])], [0, 9, 10]);
  });

  it("hold frequent categories in one order, whatever the order of the rows, and the rare ones as one", () => {
    const words = ["b", "ä", "a", "rare 1", "rare 2"];
    const some = text(words, [0, 0, 1, 1, 2, 2, 3, 4, -1]);
    const expected = ["c = a", "c = b", "c = ä", "c is a rare value", "c is missing"];
    assert.deepEqual(said(some, 2), expected);
    assert.deepEqual(said(text(words, [4, 3, 2, 1, 0, -1, 2, 1, 0]), 2), expected);
    const bins = fitBins("c", some, 2);
    assert.deepEqual([...(bins?.codesOf(text(["new", "a"], [0, 1, -1])) ?? [])], [3, 0, 4]);
    const all = fitBins("c", text(["x", "y"], [0, 1]), 1);
    assert.deepEqual([...(all?.codesOf(text(["new", "y"], [0, 1, -1])) ?? [])], [2, 1, 2]);
    assert.equal(said(text(["1", "2", "3"], [0, 1, 2]), 2), undefined); // names rows, not groups
  });

  it("quote what is no plain word, and know truths and days", () => {
    assert.deepEqual(said(text(['a" or 1', "x y"], [0, 1, 1])), ['c = "x y"', 'c = "a\\" or 1"']);
    assert.deepEqual(said({ kind: "boolean", values: Float64Array.from([0, 1]) }), [
      "c = false",
      "c = true",
      "c is missing",
    ]);
    assert.deepEqual(said({ kind: "time", values: Float64Array.from([0, 86_400_000]) }), [
      "c = 1970-01-01",
      "c = 1970-01-02",
    ]);
  });
});

describe("losses", () => {
  const scored = (labels: number[], scores: number[], outputs = 1) => ({
    labels: Float64Array.from(labels),
    scores: Float64Array.from(scores),
    outputs,
  });

  it("are those of the task", () => {
    const two = scored([1, 0, 1, 0], [0.5, 0.5, 0, 1]);
    assert.deepEqual([...lossesOf(two, "binary-classification", 2, "error")], [0, 1, 1, 1]);
    const log = [...lossesOf(two, "binary-classification", 2, "log_loss")];
    assert.deepEqual(log, [Math.LN2, Math.LN2, -Math.log(Number.EPSILON), -Math.log(Number.EPSILON)]);
    const three = scored([2, 0], [0.25, 0.25, 0.5, 0.25, 0.5, 0.25], 3);
    assert.deepEqual([...lossesOf(three, "multiclass-classification", 3, "error")], [0, 1]);
    assert.deepEqual(
      [...lossesOf(three, "multiclass-classification", 3, "log_loss")],
      [Math.LN2, Math.log(4)],
    );
    const values = scored([1, 5], [4, 3]);
    assert.deepEqual([...lossesOf(values, "regression", 0, "absolute_error")], [3, 2]);
    assert.deepEqual([...lossesOf(values, "regression", 0, "squared_error")], [9, 4]);
  });

  it("are refused where they fit neither the task nor the scores, and where a score is not a number", () => {
    assert.throws(
      () => lossesOf(scored([1], [1]), "regression", 0, "error"),
      /absolute_error or squared_error/,
    );
    assert.throws(
      () => lossesOf(scored([1], [1]), "binary-classification", 2, "squared_error"),
      /error or log_loss/,
    );
    assert.throws(
      () => lossesOf(scored([1], [3]), "binary-classification", 2, "log_loss"),
      /not probabilities/,
    );
    assert.throws(() => lossesOf(scored([1], [Number.NaN]), "binary-classification", 2, "error"), /no score/);
  });
});
