import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { METRICS, metricNamed, metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import { near, oracle } from "../../../oracles/oracle.ts";
import { inputOf } from "../rows.ts";

interface Case {
  title: string;
  labels: number[];
  scores: number[];
  threshold: number;
  confusion: number[][];
  roc?: [number[], number[]];
  precision_recall?: [number[], number[]];
  brier_parts: Record<string, number> | null;
  metrics: Record<string, number | null>;
}
interface ManyClasses extends Omit<Case, "scores" | "brier_parts"> {
  classes: number;
  scores: number[][];
}
interface Numbers {
  title: string;
  labels: number[];
  predictions: number[];
  metrics: Record<string, number | null>;
}

const expected = oracle<{
  costs: Record<"false_positive" | "false_negative" | "true_positive" | "true_negative", number>;
  binary: Case[];
  multiclass: ManyClasses[];
  regression: Numbers[];
}>("metrics");

const plain = (task: EvaluationInput["task"], classes: number, candidate: Scored) =>
  evaluate({
    task,
    classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
    candidate,
    sensitive: new Map(),
    asked: metricsOf(task).map(({ name }) => name),
    costs: expected.costs,
    resamples: 0,
    confidence: 0.95,
    seed: 7,
    minGroupSize: 5,
  });

function compare(evaluation: ReturnType<typeof plain>, metrics: Record<string, number | null>): void {
  assert.deepEqual(evaluation.metrics.map(({ name }) => name).sort(), Object.keys(metrics).sort());
  for (const { name, value, reason } of evaluation.metrics) {
    near(value, metrics[name]!, name);
    assert.equal(reason === null, value !== null, `${name}: ${value} with reason ${reason}`);
  }
}

describe("binary metrics equal scikit-learn's", () => {
  for (const one of expected.binary) {
    it(one.title, () => {
      const { labels, scores, threshold } = one;
      const evaluation = plain("binary-classification", 2, {
        labels: Float64Array.from(labels),
        scores: Float64Array.from(scores),
        outputs: 1,
        threshold,
      });
      compare(evaluation, one.metrics);
      const parts = evaluation.calibration?.brier;
      assert.equal(parts === undefined, one.brier_parts === null);
      for (const [name, value] of Object.entries(one.brier_parts ?? {})) {
        near(parts![name as "score"], value, name);
      }
      if (parts) {
        const { score, reliability, resolution, uncertainty, within_variance, within_covariance } = parts;
        const sum = reliability - resolution + uncertainty + within_variance - within_covariance;
        assert.ok(Math.abs(sum - score) < 1e-14, `the parts add up to ${sum}, not ${score}`);
      }
      assert.deepEqual(evaluation.confusion?.counts, one.confusion);
    });
  }
});

describe("multiclass metrics equal scikit-learn's", () => {
  for (const one of expected.multiclass) {
    it(one.title, () => {
      const evaluation = plain("multiclass-classification", one.classes, {
        labels: Float64Array.from(one.labels),
        scores: Float64Array.from(one.scores.flat()),
        outputs: one.classes,
      });
      compare(evaluation, one.metrics);
      assert.deepEqual(evaluation.confusion?.counts, one.confusion);
    });
  }
});

describe("regression metrics equal scikit-learn's", () => {
  for (const one of expected.regression) {
    it(one.title, () => {
      const evaluation = plain("regression", 0, {
        labels: Float64Array.from(one.labels),
        scores: Float64Array.from(one.predictions),
        outputs: 1,
      });
      compare(evaluation, one.metrics);
      assert.equal(evaluation.confusion, null);
    });
  }
});

describe("two scores a row are the same as the positive one's", () => {
  it("for every metric", () => {
    const { labels, scores } = expected.binary[0]!;
    const one = { labels: Float64Array.from(labels), scores: Float64Array.from(scores), outputs: 1 };
    const two = { ...one, scores: Float64Array.from(scores.flatMap((p) => [1 - p, p])), outputs: 2 };
    assert.deepEqual(plain("binary-classification", 2, two), plain("binary-classification", 2, one));
  });

  it("for the multiclass metrics of two classes", () => {
    const { labels, scores, metrics } = expected.binary[0]!;
    const one = { labels: Float64Array.from(labels), scores: Float64Array.from(scores), outputs: 1 };
    const two = { ...one, scores: Float64Array.from(scores.flatMap((p) => [1 - p, p])), outputs: 2 };
    const [first, second] = [one, two].map((scored) => plain("multiclass-classification", 2, scored).metrics);
    assert.deepEqual(first, second);
    const of = (name: string) => first!.find((row) => row.name === name)!.value;
    near(of("roc_auc_ovr"), metrics.roc_auc!, "roc_auc_ovr");
    for (const name of ["log_loss", "brier", "ece", "mcc", "f1_macro"]) near(of(name), metrics[name]!, name);
  });
});

describe("the catalogue", () => {
  it("has each metric once, under its own name, for a task at least", () => {
    for (const [name, metric] of METRICS) {
      assert.equal(metric.name, name);
      assert.ok(metric.tasks.length > 0 && metric.title !== "" && metric.source !== "");
      assert.ok(metric.range[0] < metric.range[1]);
    }
    assert.equal(
      metricsOf("multiclass-classification").some(({ name }) => name === "f1"),
      false,
    );
  });

  it("keeps what few ask for until somebody does", () => {
    const { labels, scores } = expected.binary[0]!;
    const candidate = { labels: Float64Array.from(labels), scores: Float64Array.from(scores), outputs: 1 };
    const names = (more: Partial<EvaluationInput>) =>
      evaluate({ ...inputOf(candidate, { resamples: 0 }), ...more }).metrics.map(({ name }) => name);
    const usual = names({});
    assert.equal(usual.length, 20);
    assert.equal(usual.includes("f2") || usual.includes("cost"), false);
    assert.deepEqual(names({ shown: ["f2"] }), ["f2", ...usual]);
    assert.deepEqual(names({ asked: ["f2", "mae", "demographic_parity_ratio"] }), [...usual, "f2"]);
  });

  it("says what is right where a name is wrong", () => {
    assert.throws(() => metricNamed("rocauc", "binary-classification"), /did you mean "roc_auc"\?/);
    assert.throws(() => metricNamed("f1", "multiclass-classification"), /"f1" is not a metric of multiclass/);
    assert.throws(
      () => metricNamed("constructor", "regression"),
      /unknown metric "constructor"; available: mae/,
    );
  });
});
