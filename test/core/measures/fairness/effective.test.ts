import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { judge } from "../../../../src/core/gates/judge.ts";
import { type EvaluationInput, evaluate, type Scored } from "../../../../src/core/measures/evaluation.ts";
import { asAlone, effectiveOf } from "../../../../src/core/measures/fairness/effective.ts";
import { groupsOf } from "../../../../src/core/measures/fairness/groups.ts";
import { type RateName, shareKind } from "../../../../src/core/measures/fairness/shares.ts";
import { classified } from "../../../../src/core/measures/scored.ts";
import { type Random, random } from "../../../../src/core/stats/random.ts";
import { wilson } from "../../../../src/core/stats/wilson.ts";
import type { TextColumn } from "../../../../src/core/tables/column.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

interface Case {
  title: string;
  labels: number[];
  decisions: number[];
  baseline: number[];
  clusters: number[];
  weights: number[] | null;
  rates: Partial<
    Record<
      RateName,
      {
        of: number;
        units: number;
        rows: number;
        value: number;
        low: number;
        high: number;
        paired?: number;
      }
    >
  >;
}

const expected = oracle<{ cases: Case[] }>("effective");

describe("what rows that belong together tell of a rate", () => {
  for (const { title, labels, decisions, baseline, clusters, weights, rates } of expected.cases) {
    it(`is what statsmodels finds: ${title}`, () => {
      // in two groups of the same rows, one mirrored: nothing of one may get into the other
      const twice = (values: readonly number[]): number[] => [...values, ...[...values].reverse()];
      const weighed = weights === null ? {} : { weights: Float64Array.from(twice(weights)) };
      const ask = (decided: readonly number[]) =>
        classified(
          {
            labels: Float64Array.from(twice(labels)),
            scores: new Float64Array(0),
            outputs: 1,
            decisions: Int32Array.from(twice(decided)),
            ...weighed,
          },
          2,
        );
      const codes = Int32Array.from({ length: 2 * labels.length }, (_, row) => Number(row >= labels.length));
      const groups = groupsOf({ kind: "text", codes, words: ["a", "b"] }, 1);
      const told = effectiveOf(Int32Array.from(twice(clusters)), groups, ask(decisions), ask(baseline));
      for (const [name, known] of Object.entries(rates)) {
        for (const group of [0, 1]) {
          const own = told(shareKind(name as RateName))[group]!;
          assert.equal(own.units, known.units);
          near(own.rows, known.rows, `${name} of group ${group}`);
          if (known.paired !== undefined) near(own.paired!, known.paired, `${name} less the baseline's`);
          const share = asAlone({ count: known.value * known.of, of: known.of }, own, 0.95);
          const { low, high } = wilson(share.count, share.of, 0.95)!;
          near(low, known.low, `${name}: low`);
          near(high, known.high, `${name}: high`);
        }
      }
    });
  }
});

/** Two groups of people with several rows each, of whom as many are selected; the baseline decides for itself. */
function people(
  draws: Random,
  {
    each = 10,
    many = 30,
    alike = 1,
    rate = 0.5,
  }: Partial<Record<"each" | "many" | "alike" | "rate", number>>,
) {
  const rows = 2 * many * each;
  const [labels, scores, other] = [0, 0, 0].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const chance = (share: number): number => Number(draws.uniform() < share);
  for (let person = 0; person < 2 * many; person++) {
    const [label, own, base] = [chance(0.5), chance(rate), chance(rate)];
    for (let row = person * each; row < (person + 1) * each; row++) {
      labels[row] = label;
      scores[row] = chance(alike) === 1 ? own : chance(rate);
      other[row] = chance(alike) === 1 ? base : chance(rate);
    }
  }
  const person = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / each));
  const values: TextColumn = {
    kind: "text",
    codes: person.map((one) => Math.floor(one / many)),
    words: ["f", "m"],
  };
  const scored = (of: Float64Array): Scored => ({ labels, scores: of, outputs: 1, threshold: 0.5 });
  const input: EvaluationInput = {
    task: "binary-classification",
    classes: ["no", "yes"],
    candidate: scored(scores),
    baseline: scored(other),
    sensitive: new Map([["g", values]]),
    resamples: 0,
    confidence: 0.95,
    seed: 1,
    minGroupSize: 5,
  };
  return { input, person };
}

function judged(gate: string, input: EvaluationInput) {
  const comparison = { hasBaseline: true, baselineReason: null, rows: input.candidate.labels.length };
  return judge([{ gate, when_inconclusive: "warn" }], evaluate(input), comparison)[0]!;
}

function brokenShare(
  gate: string,
  drawn: Parameters<typeof people>[1],
  how: "clusters" | "blocks" | "alone",
  more: Partial<EvaluationInput> = {},
  times = 300,
) {
  const draws = random(5, gate);
  let broken = 0;
  for (let draw = 0; draw < times; draw++) {
    const { input, person } = people(draws, drawn);
    const together =
      how === "clusters"
        ? { clusters: person }
        : how === "blocks"
          ? { moments: person.map((_, row) => row), block: drawn.each ?? 10 }
          : {};
    if (judged(gate, { ...input, ...more, ...together }).state === "broken") broken++;
  }
  return broken / times;
}

describe("gates of groups where rows belong together", () => {
  it("do not take ten rows of one person for ten people", () => {
    const gate = "four_fifths by g >= 0.8";
    const naive = brokenShare(gate, {}, "alone");
    assert.ok(naive > 0.07, `${naive}`); // as many fair groups would be accused
    for (const how of ["clusters", "blocks"] as const) {
      const share = brokenShare(gate, {}, how);
      assert.ok(share <= 0.02, `${how}: ${share}`);
    }
  });

  for (const gate of [
    "worst_group selection_rate by g >= 0.5",
    "worst_group selection_rate by g >= baseline",
    "worst_group recall by g >= baseline",
  ]) {
    it(`accuse by chance no more often than they say: ${gate}`, () => {
      for (const drawn of [{}, { alike: 0.5, each: 4 }]) {
        const share = brokenShare(gate, drawn, "clusters");
        assert.ok(share <= 0.08, `${share}`); // 5 %, and what 300 draws leave open
      }
      assert.ok(brokenShare(gate, {}, "alone") > 0.25);
    });
  }

  it("accuse by chance no more often than they say, of gaps of all groups at once", () => {
    for (const gate of [
      "demographic_parity_difference by g <= 0.0001",
      "demographic_parity_difference by g <= baseline",
    ]) {
      const share = brokenShare(gate, { many: 20, each: 5 }, "clusters", { resamples: 200 }, 100);
      assert.ok(share <= 0.1, `${gate}: ${share}`);
    }
  });

  it("have intervals of rates that hold what they promise", () => {
    const draws = random(6, "coverage");
    for (const drawn of [
      { many: 20, rate: 0.3 },
      { many: 40, each: 5, rate: 0.1, alike: 0.6 },
      { many: 10, rate: 0.5, alike: 0.8 },
    ]) {
      let [held, all] = [0, 0];
      for (let draw = 0; draw < 300; draw++) {
        const { input, person } = people(draws, drawn);
        for (const { selection_rate } of evaluate({ ...input, clusters: person }).fairness[0]!.groups) {
          const { low, high } = selection_rate.interval!;
          all++;
          if (low <= drawn.rate && drawn.rate <= high) held++;
        }
      }
      assert.ok(held / all > 0.925, `${held / all} of ${JSON.stringify(drawn)}`);
    }
  });

  it("are as if nothing belonged together where every row stands for itself", () => {
    const { input, person } = people(random(7, "alone"), { each: 1, many: 60 });
    const asked = { ...input, resamples: 200 };
    const plain = evaluate(asked).fairness[0]!;
    const clustered = evaluate({ ...asked, clusters: person }).fairness[0]!;
    plain.groups.forEach((group, g) => {
      near(clustered.groups[g]!.accuracy.interval!.low, group.accuracy.interval!.low, "low");
    });
    const ratios = [plain, clustered].map(
      ({ compared }) => compared!.rates[0]!.groups.map(({ ratio }) => ratio?.interval?.low)[1],
    );
    near(ratios[1]!, ratios[0]!, "ratio");
  });

  it("say in the report what they count", () => {
    const { input, person } = people(random(8, "told"), {});
    const [rate] = evaluate({ ...input, clusters: person }).fairness[0]!.compared!.rates;
    const [own] = rate!.groups;
    assert.deepEqual([own!.of, own!.effective!.units], [300, 30]);
    near(own!.effective!.rows, (29 * 300) / 299, "thirty people, each with ten equal rows");
    const gate = judged("worst_group selection_rate by g >= 0.5", { ...input, clusters: person });
    assert.equal(gate.interval!.method, "Wilson score interval, of the effective number of rows, one of 2");
  });

  it("know next to nothing of a group that is one person", () => {
    const { input } = people(random(9, "one"), { many: 1, each: 40 });
    const clusters = Int32Array.from(input.sensitive.get("g")!.codes);
    for (const gate of ["four_fifths by g >= 0.8", "worst_group accuracy by g >= 0.1"]) {
      assert.equal(judged(gate, { ...input, clusters }).state, "undecided");
    }
  });
});

describe("errors of groups where rows belong together", () => {
  const numbers = (draws: Random, many: number, each: number) => {
    const rows = 2 * many * each;
    const noise = Float64Array.from({ length: 2 * many }, () => -Math.log(1 - draws.uniform()));
    const person = Int32Array.from({ length: rows }, (_, row) => Math.floor(row / each));
    const labels = new Float64Array(rows);
    const scores = Float64Array.from(person, (one) => noise[one]!);
    const codes = person.map((one) => Math.floor(one / many));
    const input: EvaluationInput = {
      task: "regression",
      classes: [],
      candidate: { labels, scores, outputs: 1 },
      sensitive: new Map([["g", { kind: "text", codes, words: ["f", "m"] }]]),
      resamples: 200,
      confidence: 0.95,
      seed: 1,
      minGroupSize: 5,
    };
    return { input, person };
  };

  it("differ by chance no more often than they say", () => {
    const draws = random(11, "errors");
    const broken = { alone: 0, clusters: 0 };
    for (let draw = 0; draw < 200; draw++) {
      const { input, person } = numbers(draws, 25, 8);
      const gate = "mae_difference by g <= 0.0001";
      if (judged(gate, input).state === "broken") broken.alone++;
      if (judged(gate, { ...input, clusters: person }).state === "broken") broken.clusters++;
    }
    assert.ok(broken.clusters <= 18 && broken.alone > 60, JSON.stringify(broken));
  });

  it("leave a gate undecided, and say why, where a group is one person", () => {
    const { input, person } = numbers(random(12, "one"), 1, 30);
    const gate = judged("mae_difference by g <= 100", { ...input, clusters: person });
    assert.equal(gate.state, "undecided");
    assert.match(
      gate.explanation,
      /the data cannot tell, all rows of the group "f" belong together, so they do not say how sure its error is$/,
    );
  });
});
