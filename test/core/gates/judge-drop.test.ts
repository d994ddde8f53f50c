import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Condition, parseCondition } from "../../../src/core/gates/condition.ts";
import { judgeDrop } from "../../../src/core/gates/judge-drop.ts";
import { METRICS } from "../../../src/core/measures/metrics/catalogue.ts";
import type { Scored } from "../../../src/core/measures/scored.ts";
import type { Robustness } from "../../../src/core/report/sections/robustness.ts";
import { type AskedVariant, type Measuring, perturbationRow } from "../../../src/core/robustness/outcome.ts";
import { random } from "../../../src/core/stats/random.ts";

const metrics = ["roc_auc", "log_loss"].flatMap((name) => METRICS.get(name) ?? []);
const measuring: Measuring = {
  task: "binary-classification",
  classes: 2,
  costs: undefined,
  metrics,
  resamples: 300,
  confidence: 0.95,
  seed: 7,
};
const draws = random(9, "drops");
const labels = Float64Array.from({ length: 400 }, () => draws.below(2));
const clean: Scored = {
  labels,
  outputs: 1,
  scores: labels.map((label) =>
    Math.min(0.99, Math.max(0.01, 0.5 + (label - 0.5) * 0.5 + (draws.uniform() - 0.5))),
  ),
};
/** The same with a share of the scores drawn anew. */
const spoilt = (share: number): AskedVariant => ({
  columns: ["age"],
  words: `spoilt ${share}`,
  changed: share,
  asked: {
    state: "measured",
    scored: {
      ...clean,
      scores: clean.scores.map((score) => (draws.uniform() < share ? draws.uniform() : score)),
    },
  },
});
const robustness = (asked: readonly AskedVariant[], unchecked: string | null = null): Robustness => {
  const row = perturbationRow("noise", clean, asked, measuring, 1);
  return {
    perturbations: [row],
    unchecked,
    metric: { name: "roc_auc", title: "ROC AUC", better: "higher" },
  } as unknown as Robustness;
};
const gate = (text: string): Condition => parseCondition(text);

describe("a gate on a drop", () => {
  it("is met by what changes nothing, and broken by what spoils everything", () => {
    const same = judgeDrop(gate("drop roc_auc under noise <= 0.02"), robustness([spoilt(0)]));
    assert.deepEqual([same.state, same.value, same.interval?.low, same.interval?.high], ["met", 0, 0, 0]);
    const gone = judgeDrop(gate("drop roc_auc under any < 5%"), robustness([spoilt(0), spoilt(1)]));
    assert.equal(gone.state, "broken");
    assert.ok((gone.value ?? 0) > 0.2 && gone.who?.includes("age (spoilt 1)"));
  });

  it("takes more of a loss for worse, too", () => {
    const worse = judgeDrop(gate("drop log_loss under noise <= 0.01"), robustness([spoilt(0.6)]));
    assert.equal(worse.state, "broken");
    assert.ok((worse.value ?? 0) > 0.05);
  });

  it("is undecided where the interval holds the limit", () => {
    const one = robustness([spoilt(0.3)]);
    const { drop } = one.perturbations[0]?.variants[0]?.drops[0] ?? { drop: 0 };
    const asked = judgeDrop(gate(`drop roc_auc under noise <= ${drop}`), one);
    assert.equal(asked.state, "undecided");
  });

  it("needs all variants to be met, and accuses the worst of many with a shared-out confidence", () => {
    const many = robustness(Array.from({ length: 30 }, () => spoilt(0.05)));
    const row = many.perturbations[0];
    const [worst] = row?.worst ?? [];
    const plain = row?.variants[worst?.variant ?? 0]?.drops[0];
    assert.ok((worst?.interval?.low ?? 0) < (plain?.interval?.low ?? 0), "the shared-out interval is wider");
    assert.ok(row?.variants.every(({ drops }) => (drops[0]?.drop ?? 0) <= (plain?.drop ?? 0)));
  });

  it("is not met by a model that falls silent", () => {
    const silent = robustness([spoilt(0), { ...spoilt(1), asked: { state: "broken" } }]);
    const asked = judgeDrop(gate("drop roc_auc under noise <= 0.02"), silent);
    assert.deepEqual([asked.state, asked.also], ["undecided", "; 1 variant broke the model"]);
    const refused = robustness([spoilt(0), { ...spoilt(1), asked: { state: "refused" } }]);
    assert.equal(judgeDrop(gate("drop roc_auc under noise <= 0.02"), refused).state, "met");
  });

  it("is not met where the metric has no value on what the model answered", () => {
    const one = robustness([spoilt(0), spoilt(0)]);
    const [row] = one.perturbations;
    const [first, second] = row!.variants;
    const lost = {
      ...second!,
      drops: second!.drops.map((drop) => ({ ...drop, drop: null, interval: null })),
    };
    const gone = (variant: NonNullable<typeof second>) =>
      judgeDrop(gate("drop roc_auc under noise <= 0.02"), {
        ...one,
        perturbations: [{ ...row!, variants: [first!, variant] }],
      });
    assert.deepEqual(
      [gone(lost).state, gone(lost).also],
      ["undecided", "; roc_auc has no value on 1 variant"],
    );
    assert.equal(gone({ ...second!, drops: [] }).state, "undecided");
    assert.equal(gone(second!).state, "met");
  });

  it("has no value where nothing was asked, and says why", () => {
    const why = (of: Robustness | undefined) => judgeDrop(gate("drop roc_auc under noise <= 0.1"), of).reason;
    assert.match(why(undefined) ?? "", /no evaluate\.robustness/);
    assert.match(why(robustness([], "it is known by its predictions alone")) ?? "", /predictions alone/);
    assert.match(
      why(robustness([{ ...spoilt(1), asked: { state: "refused" } }])) ?? "",
      /no row could be perturbed/,
    );
  });

  it("is read strictly", () => {
    for (const [text, said] of [
      ["drop roc_auk under noise <= 0.1", /did you mean "roc_auc"/],
      ["drop roc_auc <= 0.1", /of what\? write "drop roc_auc under noise/],
      ["drop roc_auc under nose <= 0.1", /unknown perturbation "nose"; right are any, noise/],
      ["drop roc_auc under noise >= 0.1", /the better the lower/],
      ["drop roc_auc under noise <= baseline", /is not a number/],
      ["drop roc_auc under noise <= 0.1 x", /too much/],
    ] as const) {
      assert.throws(() => gate(text), said, text);
    }
  });
});
