import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../src/core/measures/metrics/catalogue.ts";
import { NEEDS_ALL, Streamed } from "../../../src/core/measures/streamed/streamed.ts";
import { random } from "../../../src/core/stats/random.ts";
import { inputOf, twoClasses } from "./rows.ts";

const SETTINGS = { resamples: 300, confidence: 0.95, seed: 7 };

/** The rows from one on to before another. */
function part({ labels, scores, outputs, context, ...rest }: Scored, from: number, to: number): Scored {
  return {
    ...rest,
    labels: labels.slice(from, to),
    scores: scores.slice(from * outputs, to * outputs),
    outputs,
    ...(context === undefined ? {} : { context }),
  };
}

/** The rows in batches of unlike size, the first of one row. */
function streamed(
  rows: Scored,
  task: EvaluationInput["task"],
  classes: readonly string[],
  resamples = SETTINGS.resamples,
): Streamed {
  const stream = new Streamed({ ...SETTINGS, resamples, task, classes });
  for (let from = 0, size = 1; from < rows.labels.length; from += size, size = 2 * size + 3) {
    stream.add(part(rows, from, from + size));
  }
  return stream;
}

function numbersOf(rows: number, around: number): Scored {
  const draws = random(5, "streamed numbers");
  const labels = Float64Array.from({ length: rows }, () => around + draws.uniform());
  return {
    labels,
    scores: labels.map((label) => label + draws.uniform() - 0.5),
    outputs: 1,
    context: { center: around },
  };
}

function manyClasses(rows: number): Scored {
  const draws = random(6, "streamed classes");
  const labels = Float64Array.from({ length: rows }, () => draws.below(4));
  const scores = new Float64Array(rows * 4);
  for (let row = 0; row < rows; row++) {
    const own = Array.from({ length: 4 }, (_, c) => draws.uniform() + (labels[row] === c ? 0.5 : 0));
    const sum = own.reduce((a, b) => a + b, 0);
    own.forEach((score, c) => {
      scores[row * 4 + c] = score / sum;
    });
  }
  return { labels, scores, outputs: 4 };
}

describe("a stream of rows", () => {
  const cases = [
    ["binary-classification", ["no", "yes"], twoClasses(5000, 3, { share: 0.3 })],
    ["multiclass-classification", ["a", "b", "c", "d"], manyClasses(3000)],
    ["regression", [], numbersOf(3000, 1e6)],
  ] as const;

  for (const [task, classes, rows] of cases) {
    it(`is measured as the same rows in memory: ${task}`, () => {
      const whole = evaluate(inputOf(rows, { ...SETTINGS, task, classes }));
      const stream = streamed(rows, task, classes);
      assert.equal(stream.rows, rows.labels.length);
      assert.deepEqual(stream.confusion(), whole.confusion?.counts ?? null);
      const known = new Map(metricsOf(task).map((metric) => [metric.name, metric]));
      let measured = 0;
      for (const row of stream.metrics()) {
        const { needs, addsUp } = known.get(row.name)!;
        const other = whole.metrics.find(({ name }) => name === row.name)!;
        if (needs !== "decisions" && addsUp === undefined) {
          assert.deepEqual([row.value, row.reason, row.interval], [null, NEEDS_ALL, null], row.name);
          continue;
        }
        measured++;
        const [own, same] = [row.value!, other.value!];
        assert.ok(Math.abs(own - same) <= 1e-9 * Math.abs(same), `${row.name}: ${own}, not ${same}`);
        if (needs === "decisions") assert.deepEqual(row.interval, other.interval, row.name);
        else {
          const width = (one: typeof row) => one.interval!.high - one.interval!.low;
          assert.ok(
            Math.abs(width(row) / width(other) - 1) < 0.25,
            `${row.name}: ${width(row)}, ${width(other)}`,
          );
        }
      }
      assert.ok(measured >= 4, `${measured} metrics`);
    });
  }

  it("has values alone where no intervals are asked for", () => {
    for (const { interval } of streamed(
      twoClasses(50, 3),
      "binary-classification",
      ["no", "yes"],
      0,
    ).metrics()) {
      assert.equal(interval, null);
    }
  });

  it("says why there is no value", () => {
    const reasonOf = (name: string, rows: Scored): string | null | undefined => {
      const stream = new Streamed({ ...SETTINGS, task: "binary-classification", classes: ["no", "yes"] });
      stream.add(rows);
      return stream.metrics().find((row) => row.name === name)?.reason;
    };
    const decided = {
      labels: Float64Array.of(0, 1),
      scores: new Float64Array(0),
      outputs: 1,
      decisions: Int32Array.of(0, 1),
    };
    assert.equal(reasonOf("log_loss", decided), "there are decisions but no scores");
    const logits = {
      labels: Float64Array.of(0, 1),
      scores: Float64Array.of(-2, 3),
      outputs: 1,
      threshold: 0,
    };
    assert.match(reasonOf("brier", logits)!, /probabilit/);
    assert.equal(reasonOf("roc_auc", logits), NEEDS_ALL);

    const one = new Streamed({ ...SETTINGS, task: "regression", classes: [] });
    one.add({ labels: Float64Array.of(3), scores: Float64Array.of(2), outputs: 1 });
    const r2 = one.metrics().find(({ name }) => name === "r2")!;
    assert.deepEqual([r2.value, r2.reason], [null, "R² needs at least two rows"]);

    const none = new Streamed({ ...SETTINGS, task: "regression", classes: [] });
    for (const { value } of none.metrics()) assert.equal(value, null);
  });
});
