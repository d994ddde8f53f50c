import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { calibrationHtml } from "../../../src/core/report/html/calibration.ts";
import { wilson } from "../../../src/core/stats/wilson.ts";
import { plainReport } from "../../../src/works/plain-report.ts";
import { inputOf, twoClasses } from "./rows.ts";

const reportOf = (candidate: Scored, classes: string[]) =>
  plainReport({
    name: "m",
    task: classes.length === 2 ? "binary-classification" : "multiclass-classification",
    classes,
    candidate,
    sensitive: new Map(),
    resamples: 0,
  });

describe("calibration", () => {
  it("gives each bin its rows and Wilson's interval", () => {
    const { calibration, curves } = evaluate(inputOf(twoClasses(400, 5), { resamples: 0 }));
    assert.equal(
      calibration!.bins.reduce((sum, { count }) => sum + count, 0),
      400,
    );
    for (const { observed, count, interval } of calibration!.bins) {
      const { low, high } = wilson(Math.round(observed * count), count, 0.95)!;
      assert.deepEqual(interval, { low, high, confidence: 0.95, method: "Wilson" });
    }
    assert.deepEqual(curves.calibration, calibration!.bins);
  });

  it("has bins of equal mass that hold as many rows, and do not tear ties apart", () => {
    const errors = (scored: Scored) =>
      evaluate(inputOf(scored, { resamples: 0, asked: ["ece_mass"] })).metrics.at(-1)!.value;
    const labels = Float64Array.from({ length: 30 }, (_, row) => row % 2);
    const pairs = { labels, scores: labels.map((_, row) => row / 29), outputs: 1 };
    // pairs of a negative and a positive row: half of each pair came true; 29 rows lie between the first and the last
    assert.ok(errors(pairs)! > 0.2 && errors(pairs)! < 0.3);
    assert.equal(errors({ labels, scores: labels.map(() => 0.5), outputs: 1 }), 0);
  });

  it("is not measured of what are no probabilities, or without scores", () => {
    const { labels, scores } = twoClasses(50, 6);
    const wide = { labels, scores: scores.map((score) => 3 * score), outputs: 1 };
    const none = { labels, scores: new Float64Array(0), outputs: 0, decisions: Int32Array.from(labels) };
    for (const candidate of [wide, none]) {
      const found = evaluate(inputOf(candidate, { resamples: 0 }));
      assert.deepEqual([found.calibration, found.curves.calibration], [undefined, []]);
    }
  });

  it("stands on the page with whiskers, bins in numbers and the parts of the Brier score", () => {
    const two = calibrationHtml(reportOf(twoClasses(300, 7), ["no", "yes"]));
    assert.match(two, /class="whisker"/);
    assert.match(two, /<caption>Calibration by bin<\/caption>/);
    assert.match(two, /Brier score 0\.\d+ = reliability 0\.\d+ − resolution 0\.\d+ \+ uncertainty 0\.25/);
    const scores = Float64Array.from({ length: 90 }, (_, i) => [0.5, 0.3, 0.2][(i + Math.floor(i / 9)) % 3]!);
    const labels = Float64Array.from({ length: 30 }, (_, row) => row % 3);
    const three = calibrationHtml(reportOf({ labels, scores, outputs: 3 }, ["a", "b", "c"]));
    assert.match(three, /Of the class decided for/);
    assert.doesNotMatch(three, /Brier/);
  });
});
