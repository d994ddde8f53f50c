import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { metricsOf } from "../../../../src/core/measures/metrics/catalogue.ts";
import { near, oracle } from "../../../oracles/oracle.ts";
import { inputOf } from "../rows.ts";

interface Case {
  title: string;
  truth: number[][];
  scores: number[][] | null;
  decisions: number[][] | null;
  weights: number[] | null;
  threshold: number;
  empty: 0 | 1 | "no data";
  expected: Record<string, number | null>;
  labels: Record<string, number | null>[];
}
const { cases } = oracle<{ cases: Case[] }>("multilabel");
const TASK = "multilabel";
const ALL = metricsOf(TASK).map(({ name }) => name);

const scoredOf = ({ truth, scores, decisions, weights, threshold }: Case): Scored => ({
  labels: Float64Array.from(truth, (row) => row.reduce((sum, on) => sum + on, 0)),
  truth: Uint8Array.from(truth.flat()),
  scores: Float64Array.from(scores?.flat() ?? []),
  outputs: truth[0]!.length,
  threshold,
  ...(decisions === null ? {} : { decisions: Int32Array.from(decisions.flat()) }),
  ...(weights === null ? {} : { weights: Float64Array.from(weights) }),
});

const namesOf = ({ truth }: Case): string[] => truth[0]!.map((_, label) => `label ${label}`);

function asking(one: Case, more: Partial<EvaluationInput> = {}) {
  const input = inputOf(scoredOf(one), {
    task: TASK,
    classes: namesOf(one),
    asked: ALL,
    zeroDivision: one.empty,
  });
  return evaluate({ ...input, ...more });
}

describe("several labels a row are measured as scikit-learn measures them", () => {
  for (const one of cases) {
    it(one.title, () => {
      const { metrics } = asking(one, { resamples: 0 });
      assert.deepEqual(metrics.map(({ name }) => name).sort(), ALL.toSorted());
      for (const { name, value, reason } of metrics) {
        if (name in one.expected) near(value, one.expected[name]!, name);
        assert.equal(reason === null, value !== null, `${name}: ${reason}`);
      }
    });
  }

  it("and what is not asked of the library has a reason or stands in the oracle", () => {
    const [first] = cases;
    assert.deepEqual(Object.keys(first!.expected).sort(), ALL.toSorted());
    const silent = cases.find(({ title }) => title === "decisions alone")!;
    const { metrics } = asking(silent, { resamples: 0 });
    for (const { name, reason } of metrics) {
      assert.equal(reason, name in silent.expected ? null : "there are decisions but no scores", name);
    }
  });
});
