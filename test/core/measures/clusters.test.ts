import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { clusterResampling } from "../../../src/core/stats/resampling.ts";
import { inputOf, twoClasses } from "./rows.ts";

const times = 4;
const repeated = ({ labels, scores }: Scored): Scored => ({
  labels: Float64Array.from({ length: labels.length * times }, (_, i) => labels[Math.floor(i / times)]!),
  scores: Float64Array.from({ length: scores.length * times }, (_, i) => scores[Math.floor(i / times)]!),
  outputs: 1,
});
const groups = (rows: number) => Int32Array.from({ length: rows * times }, (_, i) => Math.floor(i / times));
const width = (row: { interval: { low: number; high: number } | null }) =>
  row.interval!.high - row.interval!.low;

describe("rows that belong together", () => {
  const candidate = twoClasses(300, 17);
  const baseline = {
    ...candidate,
    scores: candidate.scores.map((score, row) => score * 0.9 + (row % 5) / 60),
  };
  const once = evaluate(inputOf(candidate, { baseline, resamples: 400 })).metrics;
  const clustered = evaluate(
    inputOf(repeated(candidate), { baseline: repeated(baseline), resamples: 400, clusters: groups(300) }),
  ).metrics;
  const alone = evaluate(
    inputOf(repeated(candidate), { baseline: repeated(baseline), resamples: 400 }),
  ).metrics;

  it("tell as much as one of them where they are copies, exactly for what is measured of scores", () => {
    for (const name of ["roc_auc", "log_loss", "brier_score", "average_precision"]) {
      const [row, one] = [clustered, once].map((list) => list.find((metric) => metric.name === name));
      if (row === undefined || one === undefined) continue;
      for (const end of ["low", "high"] as const) {
        assert.ok(Math.abs(row.interval![end] - one.interval![end]) < 1e-12, `${name}: ${end}`);
        const [difference, other] = [row.difference!.interval!, one.difference!.interval!];
        assert.ok(Math.abs(difference[end] - other[end]) < 1e-12, `${name}: ${end} of the difference`);
      }
      assert.match(row.interval!.method, /bootstrap of 300 groups of rows$/);
    }
  });

  it("give decision metrics the same width, but for what 400 resamples leave open", () => {
    for (const name of ["accuracy", "f1", "precision", "recall"]) {
      const find = (list: typeof once) => list.find((metric) => metric.name === name)!;
      const ratio = width(find(clustered)) / width(find(once));
      assert.ok(ratio > 0.75 && ratio < 1.33, `${name}: ${ratio}`); // each end known to 0.13 of a deviation, three times that of four
      const naive = width(find(alone)) / width(find(once));
      assert.ok(naive > 0.35 && naive < 0.65, `${name}: ${naive}`); // rows taken for independent promise twice too much
      const paired = width(find(clustered).difference!) / width(find(once).difference!);
      assert.ok(paired > 0.7 && paired < 1.43, `${name}: ${paired} of the difference`);
    }
  });

  it("carry no test that takes rows for independent", () => {
    assert.ok(once.some(({ difference }) => difference?.test !== undefined));
    assert.ok(clustered.every(({ difference }) => difference?.test === undefined));
  });

  it("are drawn as blocks where they are many, and give the same width", () => {
    const many = twoClasses(6000, 18);
    const own = evaluate(inputOf(many, { resamples: 300 })).metrics;
    const blocks = evaluate(inputOf(repeated(many), { resamples: 300, clusters: groups(6000) })).metrics;
    for (const name of ["roc_auc", "accuracy", "log_loss"]) {
      const find = (list: typeof own) => list.find((metric) => metric.name === name)!;
      const ratio = width(find(blocks)) / width(find(own));
      assert.ok(ratio > 0.72 && ratio < 1.4, `${name}: ${ratio}`);
    }
    assert.match(blocks[0]!.interval!.method, /groups of rows/);
  });

  it("of unequal sizes all come when their group is drawn", () => {
    const of = Int32Array.of(0, 0, 0, 1, 2, 2);
    const { units, next, byRow } = clusterResampling(of, 3);
    assert.deepEqual([units, byRow], [3, true]);
    const weights = new Uint16Array(3);
    for (let draw = 0; draw < 20; draw++) {
      next(weights);
      assert.equal(weights[0]! + weights[1]! + weights[2]!, 3);
    }
  });
});
