import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { lopsided } from "../../../src/core/measures/lopsided.ts";
import { metricsOf } from "../../../src/core/measures/metrics/catalogue.ts";
import { chooseThreshold } from "../../../src/core/measures/threshold.ts";
import { textColumn } from "../../../src/core/tables/text-column.ts";
import { near, oracle } from "../../oracles/oracle.ts";
import { inputOf, twoClasses } from "./rows.ts";

interface Case {
  title: string;
  labels: number[];
  scores: (number | number[])[];
  weights: number[];
  threshold?: number;
  expected: Record<string, number | null>;
}
interface Groups {
  title: string;
  labels: number[];
  decisions: number[];
  groups: string[];
  weights: number[];
  by_group: Record<"selection_rate" | "accuracy", Record<string, number | null>>;
  measures: Record<string, number | null>;
}
interface Nothing {
  title: string;
  labels: number[];
  decisions: number[];
  classes: number;
  expected: Record<"0" | "1" | "no data", Record<string, number | null>>;
}

const expected = oracle<{
  costs: Record<"false_positive" | "false_negative" | "true_positive" | "true_negative", number>;
  binary: Case[];
  many: Case[];
  numbers: Case[];
  groups: Groups[];
  nothing: Nothing[];
}>("weights");

const scoredOf = ({ labels, scores, weights, threshold }: Case): Scored => ({
  labels: Float64Array.from(labels),
  scores: Float64Array.from(scores.flat()),
  outputs: Array.isArray(scores[0]) ? scores[0].length : 1,
  weights: Float64Array.from(weights),
  ...(threshold === undefined ? {} : { threshold }),
});

function measured(one: Case, task: EvaluationInput["task"], classes: number) {
  return evaluate(
    inputOf(scoredOf(one), {
      task,
      classes: Array.from({ length: classes }, (_, c) => `class ${c}`),
      asked: metricsOf(task).map(({ name }) => name),
      costs: expected.costs,
      resamples: 0,
    }),
  );
}

function compare(one: Case, task: EvaluationInput["task"], classes: number): void {
  const found = new Map(measured(one, task, classes).metrics.map((row) => [row.name, row.value]));
  for (const [name, value] of Object.entries(one.expected)) near(found.get(name) ?? null, value, name);
}

describe("weighted metrics equal scikit-learn's", () => {
  for (const one of expected.binary) {
    it(`of two classes: ${one.title}`, () => compare(one, "binary-classification", 2));
  }
  for (const one of expected.many) {
    it(`of many classes: ${one.title}`, () =>
      compare(one, "multiclass-classification", (one.scores[0] as number[]).length));
  }
  for (const one of expected.numbers) it(`of numbers: ${one.title}`, () => compare(one, "regression", 0));

  it("leaves none of them out", () => {
    const named = new Set(expected.binary.flatMap((one) => Object.keys(one.expected)));
    const usual = metricsOf("binary-classification").map(({ name }) => name);
    const own = ["g_mean", "ece_mass", "brier_reliability", "brier_resolution"]; // not scikit-learn's
    assert.deepEqual(
      usual.filter((name) => !named.has(name)),
      own,
    );
  });

  it("adds the parts of the Brier score up to the weighted score", () => {
    const one = expected.binary[0]!;
    const { brier } = measured(one, "binary-classification", 2).calibration!;
    near(brier!.score, one.expected.brier!, "score");
    const { reliability, resolution, uncertainty, within_variance, within_covariance } = brier!;
    near(reliability - resolution + uncertainty + within_variance - within_covariance, brier!.score, "sum");
  });
});

describe("weighted groups equal Fairlearn's", () => {
  for (const one of expected.groups) {
    it(one.title, () => {
      const candidate: Scored = {
        labels: Float64Array.from(one.labels),
        scores: new Float64Array(0),
        outputs: 1,
        decisions: Int32Array.from(one.decisions),
        weights: Float64Array.from(one.weights),
      };
      const words = [...new Set(one.groups)];
      const codes = Int32Array.from(one.groups, (name) => words.indexOf(name));
      const sensitive = new Map([["g", textColumn({ kind: "text", words, codes })]]);
      const [fairness] = evaluate(inputOf(candidate, { sensitive, minGroupSize: 1 })).fairness;
      for (const group of fairness!.groups) {
        near(group.selection_rate.value, one.by_group.selection_rate[group.name]!, group.name);
        near(group.accuracy.value, one.by_group.accuracy[group.name]!, group.name);
        const { low, high, method } = group.accuracy.interval!;
        assert.ok(low <= group.accuracy.value! && group.accuracy.value! <= high);
        assert.match(method, /effective number of rows/);
        assert.ok(group.accuracy.of < group.size, "unequal weights tell less than as many equal rows");
      }
      for (const [name, value] of Object.entries(one.measures)) {
        const row = fairness!.measures.find((measure) => measure.name === name)!;
        near(row.value, value, name);
        assert.ok(row.interval!.low <= row.value! && row.value! <= row.interval!.high);
      }
    });
  }
});

describe("whole weights", () => {
  it("are rows that come so often, for every metric and every interval's middle", () => {
    const once = twoClasses(60, 5);
    const weights = Float64Array.from(once.labels, (_, row) => 1 + (row % 3));
    const often = [...once.labels.keys()].flatMap((row) => new Array<number>(1 + (row % 3)).fill(row));
    const repeated: Scored = {
      labels: Float64Array.from(often, (row) => once.labels[row]!),
      scores: Float64Array.from(often, (row) => once.scores[row]!),
      outputs: 1,
    };
    const asked = metricsOf("binary-classification")
      .map(({ name }) => name)
      .filter((name) => name !== "ece_mass"); // its bins hold rows, not weights
    const a = evaluate(inputOf({ ...once, weights }, { asked }));
    const b = evaluate(inputOf(repeated, { asked, resamples: 0 }));
    for (const row of b.metrics) {
      const own = a.metrics.find(({ name }) => name === row.name)!;
      near(own.value, row.value, row.name);
      if (own.value === null || own.name === "ece" || own.name === "mce" || own.interval === null) continue;
      assert.ok(own.interval.low <= own.value && own.value <= own.interval.high, own.name);
      assert.match(own.interval.method, /weighted rows|^Wilson, of the worth of \d+ independent rows$/);
    }
  });

  it("bring no more certainty than the rows behind them", () => {
    const once = twoClasses(400, 6);
    const width = (weights?: Float64Array): number => {
      const row = evaluate(inputOf(weights === undefined ? once : { ...once, weights })).metrics[0]!;
      return row.interval!.high - row.interval!.low;
    };
    const [plain, tenfold] = [width(), width(new Float64Array(400).fill(10))];
    near(tenfold, plain, "ten times the weight");
    assert.ok(width(Float64Array.from(once.labels, (_, row) => (row % 10 === 0 ? 50 : 1))) > 2 * plain);
  });
});

describe("weights", () => {
  const rows = twoClasses(40, 3);
  const ask = (weights: number[], more: Partial<EvaluationInput> = {}) =>
    evaluate(inputOf({ ...rows, weights: Float64Array.from({ ...weights, length: 40 }) }, more));
  const ones = new Array<number>(40).fill(1);

  it("are refused where one is below 0, is no number, or all are 0", () => {
    assert.throws(
      () => ask([...ones.slice(1), -1]),
      /1 of 40 rows has a weight below 0; the first is row 40/,
    );
    assert.throws(() => ask([Number.NaN, ...ones.slice(1)]), /1 of 40 rows has no weight/);
    assert.throws(() => ask([...ones.slice(1), Infinity]), /no weight, or an infinite one/);
    assert.throws(() => ask(new Array<number>(40).fill(0)), /all 40 rows have the weight 0/);
  });

  it("of 0 leave a row out, with its class and its group", () => {
    const half = ones.map((_, row) => (rows.labels[row] === 1 ? 0 : 1));
    const { metrics } = ask(half, { baseline: rows });
    const auc = metrics.find(({ name }) => name === "roc_auc")!;
    assert.deepEqual([auc.value, auc.reason], [null, "only one class has rows"]);
  });

  it("leave McNemar's and DeLong's tests out, and keep the paired interval", () => {
    const other = twoClasses(40, 4);
    const baseline = { ...other, labels: rows.labels };
    const weighted = ask(ones, { baseline, method: "bca" }).metrics;
    const plain = evaluate(inputOf(rows, { baseline })).metrics;
    for (const name of ["accuracy", "roc_auc"]) {
      const [own, usual] = [weighted, plain].map(
        (list) => list.find((row) => row.name === name)!.difference!,
      );
      assert.equal(own!.test, undefined);
      assert.notEqual(usual!.test, undefined);
      assert.notEqual(own!.interval, null);
    }
  });

  it("say whether a threshold decides too many rows positive", () => {
    const scores = Float64Array.of(0.4, 0.5, 0.6, 0.9);
    const scored = { labels: Float64Array.of(0, 0, 0, 1), scores, outputs: 1, threshold: 0.3 };
    assert.match(lopsided(scored)!.text, /^100% of the holdout rows are decided positive, and 25.0% are/);
    assert.equal(lopsided({ ...scored, weights: Float64Array.of(1, 1, 1, 9) }), undefined);
    assert.match(
      lopsided({
        ...scored,
        threshold: 0.7,
        labels: Float64Array.of(0, 0, 1, 1),
        weights: Float64Array.of(1, 1, 6, 2),
      })!.text,
      /^20.0% of the holdout rows, by their weight, are decided positive, and 80.0% are/,
    );
  });

  it("move the threshold", () => {
    const labels = Float64Array.of(0, 1, 0, 1);
    const scores = Float64Array.of(0.1, 0.4, 0.6, 0.9);
    const at = (weights?: Float64Array) => chooseThreshold(labels, scores, { maximize: "accuracy" }, weights);
    assert.deepEqual(at(), at(new Float64Array(4).fill(3)));
    assert.equal(at(Float64Array.of(1, 9, 1, 1)).threshold, 0.25);
    assert.equal(at(Float64Array.of(1, 1, 9, 1)).threshold, 0.75);
    assert.throws(() => at(Float64Array.of(1, -1, 1, 1)), /below 0/);
  });
});

describe("a share of nothing is what the contract says", () => {
  for (const one of expected.nothing) {
    for (const said of ["0", "1", "no data"] as const) {
      it(`${one.title}: ${said}`, () => {
        const task = one.classes === 2 ? "binary-classification" : "multiclass-classification";
        const found = evaluate(
          inputOf(
            {
              labels: Float64Array.from(one.labels),
              scores: new Float64Array(0),
              outputs: 1,
              decisions: Int32Array.from(one.decisions),
            },
            {
              task,
              classes: Array.from({ length: one.classes }, (_, c) => `class ${c}`),
              asked: metricsOf(task).map(({ name }) => name),
              resamples: 0,
              zeroDivision: said === "no data" ? said : said === "1" ? 1 : 0,
            },
          ),
        ).metrics;
        for (const [name, value] of Object.entries(one.expected[said])) {
          const row = found.find((metric) => metric.name === name)!;
          near(row.value, value, name);
          assert.equal(row.reason === null, value !== null, `${name}: ${row.reason}`);
        }
      });
    }
  }
});
