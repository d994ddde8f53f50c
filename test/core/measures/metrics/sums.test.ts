import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import { sumRows } from "../../../../src/core/measures/metrics/metric.ts";
import { answersOf, pointOf } from "../../../../src/core/measures/points.ts";
import type { Scored } from "../../../../src/core/measures/scored.ts";
import type { Task } from "../../../../src/core/measures/task.ts";
import { random } from "../../../../src/core/stats/random.ts";
import { near } from "../../../oracles/oracle.ts";
import { twoClasses } from "../rows.ts";

/*
 * What streams: a metric whose parts can be measured apart and added up. The others need all rows at
 * once, since they rank them, take a median or a quantile of them, or their mean.
 */
const WHOLE = /^(roc_auc|average_precision|r2$|explained_variance|median_ae|max_error|d2_absolute|ece_mass)/;

function part({ labels, scores, outputs }: Scored, from: number, to: number): Scored {
  return { labels: labels.slice(from, to), scores: scores.slice(from * outputs, to * outputs), outputs };
}

function check(task: Task, classes: number, scored: Scored, streamed: number): void {
  const [rows, cuts] = [scored.labels.length, [0, 1, 70, 300, scored.labels.length]];
  const whole = answersOf(scored, task, classes);
  const parts = cuts.slice(1).map((to, i) => answersOf(part(scored, cuts[i]!, to), task, classes));
  let count = 0;
  for (const metric of metricsOf(task)) {
    const costs = { false_positive: 1, false_negative: 3 };
    const { value, measured } = pointOf(metric, whole, costs);
    if (WHOLE.test(metric.name) || metric.needs === "decisions") continue;
    const total = parts
      .map((one) => {
        const sums = pointOf(metric, one, costs).measured!.sums!();
        return sumRows(sums, new Uint16Array(one.rows).fill(1));
      })
      .reduce((a, b) => a.map((sum, i) => sum + b[i]!));
    near(measured!.sums!().value(total, rows), value, metric.name);
    count++;
  }
  assert.equal(count, streamed);
}

describe("partial sums added up give the metric of all rows", () => {
  it("for two classes", () => check("binary-classification", 2, twoClasses(500, 3), 6));

  it("for more", () => {
    const draws = random(9, "six");
    const labels = Float64Array.from({ length: 400 }, () => draws.below(6));
    const scores = new Float64Array(2400);
    for (let row = 0; row < 400; row++) {
      const own = Array.from({ length: 6 }, (_, c) => draws.uniform() + (labels[row] === c ? 1 : 0));
      const total = own.reduce((a, b) => a + b);
      own.forEach((score, c) => {
        scores[6 * row + c] = score / total;
      });
    }
    check("multiclass-classification", 6, { labels, scores, outputs: 6 }, 7);
  });

  it("for numbers", () => {
    const draws = random(10, "numbers");
    const labels = Float64Array.from({ length: 400 }, () => 1 + draws.uniform());
    const scores = labels.map((label) => label * (0.5 + draws.uniform()));
    check("regression", 0, { labels, scores, outputs: 1 }, 14);
  });
});
