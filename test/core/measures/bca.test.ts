import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { acceleration, type LeftOut } from "../../../src/core/measures/bca.ts";
import { jointCells } from "../../../src/core/measures/decisions.ts";
import { evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { percentiles } from "../../../src/core/measures/interval.ts";
import { cellsLeftOut, rowsLeftOut } from "../../../src/core/measures/left-out.ts";
import { metricNamed } from "../../../src/core/measures/metrics/catalogue.ts";
import { type Answers, answersOf, pointOf } from "../../../src/core/measures/points.ts";
import type { Task } from "../../../src/core/measures/task.ts";
import { near, oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "./rows.ts";

const { cases } = oracle<{
  cases: {
    metric: string;
    task: Task;
    labels: number[];
    scores: number[];
    baseline: number[] | null;
    confidence: number;
    resampled: number[];
    low: number;
    high: number;
  }[];
}>("bca");

/** A metric's value and the same with rows left out; of the difference where there is a baseline. */
function leftOut(name: string, task: Task, ours: Answers, theirs: Answers | undefined) {
  const metric = metricNamed(name, task);
  const value = pointOf(metric, ours, undefined).value;
  const base = theirs && pointOf(metric, theirs, undefined).value;
  const by = (answers: Answers, cells = answers.kind === "classes" ? answers.cells : undefined): LeftOut => {
    if (metric.needs === "decisions") return cellsLeftOut(metric, cells!, undefined);
    return rowsLeftOut(pointOf(metric, answers, undefined).measured!, answers.rows);
  };
  if (theirs === undefined || base === undefined) return { value, leftOut: by(ours) };
  const joint =
    ours.kind === "classes" && theirs.kind === "classes"
      ? jointCells(ours.classified, theirs.classified)
      : undefined;
  const [own, other] = [by(ours, joint?.candidate), by(theirs, joint?.baseline)];
  const apart = { ...own, values: own.values.map((value, row) => value - other.values[row]!) };
  return { value: value - base, leftOut: apart };
}

describe("the BCa interval", () => {
  for (const { metric, task, labels, scores, baseline, confidence, resampled, low, high } of cases) {
    const what = `${metric}${baseline === null ? "" : ", candidate − baseline"}`;
    it(`is SciPy's on the same resamples: ${what}`, () => {
      const answers = (own: number[]) =>
        answersOf(
          { labels: Float64Array.from(labels), scores: Float64Array.from(own), outputs: 1 },
          task,
          task === "regression" ? 0 : 2,
        );
      const correction = leftOut(metric, task, answers(scores), baseline ? answers(baseline) : undefined);
      const bounds = percentiles(
        Float64Array.from(resampled),
        confidence,
        "percentile bootstrap",
        labels.length,
        { correction },
      );
      assert.ok("interval" in bounds);
      near(bounds.interval.low, low, "low");
      near(bounds.interval.high, high, "high");
      assert.equal(bounds.interval.method, "BCa bootstrap");
    });
  }

  it("leaves rows out of the ranks' metrics as measuring again does, but for one part in a class's rows", () => {
    const scored = twoClasses(400, 5, { share: 0.2, apart: 2 });
    const answers = answersOf(scored, "binary-classification", 2);
    const measured = pointOf(metricNamed("roc_auc", "binary-classification"), answers, undefined).measured!;
    const weights = new Uint16Array(400).fill(1);
    const exactly = Float64Array.from(weights, (_, row) => {
      weights[row] = 0;
      const value = measured.weighted!(weights);
      weights[row] = 1;
      return value;
    });
    const [quick, exact] = [acceleration(rowsLeftOut(measured, 400)), acceleration({ values: exactly })];
    assert.ok(Math.abs(quick / exact - 1) < 2 / 80, `${quick}, not ${exact}`); // 80 positive rows
  });

  it("stays the percentile interval, and says so, where it is not defined", () => {
    const resampled = () => Float64Array.of(0.2, 0.3, 0.4, 0.5);
    const outside = { value: 0.9, leftOut: { values: Float64Array.of(1, 2, 3) } };
    const still = { value: 0.3, leftOut: { values: Float64Array.of(1, 1, 1) } };
    const lost = { value: 0.3, leftOut: { values: Float64Array.of(1, NaN, 2) } };
    const plain = percentiles(resampled(), 0.5, "percentile bootstrap", 99);
    assert.ok("interval" in plain);
    for (const correction of [
      outside,
      still,
      lost,
      { value: 0.3, leftOut: { values: new Float64Array(0) } },
    ]) {
      const bounds = percentiles(resampled(), 0.5, "percentile bootstrap", 99, { correction });
      const method = "percentile bootstrap, for BCa is not defined here";
      assert.deepEqual(bounds, { interval: { ...plain.interval, method } });
    }
  });
});

describe("an evaluation asked for BCa", () => {
  const asked = (candidate: Scored, baseline?: Scored, method?: "bca") =>
    evaluate(inputOf(candidate, { ...(baseline && { baseline }), ...(method && { method }), resamples: 400 }))
      .metrics;

  for (const rows of [250, 20_500]) {
    it(`says so of every metric of ${rows} rows, moves the ends, and no value`, () => {
      const candidate = twoClasses(rows, 3, { share: 0.1, apart: 2 });
      const baseline = { ...candidate, scores: candidate.scores.map((score) => score ** 2) };
      const [plain, bca] = [asked(candidate, baseline), asked(candidate, baseline, "bca")];
      let moved = 0;
      plain.forEach((row, m) => {
        const other = bca[m]!;
        assert.equal(other.value, row.value);
        if (row.interval === null || other.interval === null) return;
        assert.match(other.interval.method, /^BCa bootstrap|for BCa is not defined here|^Wilson$/, row.name);
        const width = row.interval.high - row.interval.low;
        assert.ok(Math.abs(other.interval.low - row.interval.low) < width, row.name);
        if (other.interval.low !== row.interval.low) moved++;
        const paired = other.difference?.interval;
        if (paired) assert.doesNotMatch(paired.method, /BCa/, row.name);
      });
      assert.ok(moved > plain.length / 2, `${moved} of ${plain.length}`);
    });
  }
});
