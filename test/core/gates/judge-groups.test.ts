import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseCondition } from "../../../src/core/gates/condition.ts";
import { judge } from "../../../src/core/gates/judge.ts";
import { judgeGroups } from "../../../src/core/gates/judge-groups.ts";
import { evaluate } from "../../../src/core/measures/evaluation.ts";
import type { Fairness } from "../../../src/core/report/report.ts";
import { random } from "../../../src/core/stats/random.ts";
import { oracle } from "../../oracles/oracle.ts";
import { inputOf } from "../measures/rows.ts";

const { holm } = oracle<{ holm: { counts: [number, number][]; limit: number; broken: boolean[] }[] }>(
  "groups",
);

/** Groups "g0", "g1", …: so many positive rows, so many of them found, by the baseline too where it says. */
function found(counts: readonly (readonly [count: number, of: number, baseline?: number])[], least = 5) {
  const group = counts.flatMap(([, of], g) => new Array<number>(of).fill(g));
  const seen = counts.map(() => 0);
  const place = group.map((g) => seen[g]!++);
  const decisions = (read: (g: number) => number) => ({
    labels: new Float64Array(group.length).fill(1),
    scores: new Float64Array(0),
    outputs: 0,
    decisions: Int32Array.from(group, (g, row) => (place[row]! < read(g) ? 1 : 0)),
  });
  const words = counts.map((_, g) => `g${g}`);
  const hasBaseline = counts.some(([, , baseline]) => baseline !== undefined);
  const evaluation = evaluate(
    inputOf(
      decisions((g) => counts[g]![0]),
      {
        sensitive: new Map([["g", { kind: "text", codes: Int32Array.from(group), words }]]),
        resamples: 0,
        minGroupSize: least,
        ...(hasBaseline ? { baseline: decisions((g) => counts[g]![2] ?? counts[g]![0]) } : {}),
      },
    ),
  );
  const decide = (gate: string) =>
    judge([{ gate, when_inconclusive: "approve" }], evaluation, { hasBaseline, baselineReason: null })[0]!;
  return { decide, fairness: evaluation.fairness[0]! };
}

describe("worst_group", () => {
  it("is broken for the groups that Holm's correction of score tests leaves, and for no others", () => {
    for (const { counts, limit, broken } of holm) {
      const gate = found(counts).decide(`worst_group recall by g >= ${limit}`);
      assert.equal(gate.state === "broken", broken.includes(true), JSON.stringify({ counts, limit }));
      const named = broken.filter(Boolean).length;
      const told = gate.explanation.match(/"g\d+"/g)?.length ?? 0;
      if (named > 0) assert.equal(told, Math.min(4, named), gate.explanation);
    }
  });

  it("is met where every group's interval says so, and undecided between", () => {
    const { decide } = found([
      [95, 100],
      [40, 50],
    ]);
    assert.equal(decide("worst_group recall by g >= 0.6").state, "met");
    const gate = decide("worst_group recall by g >= 0.8");
    assert.equal(gate.state, "undecided");
    assert.equal(gate.explanation, '"g1": 0.800 (0.670 to 0.888) against at least 0.8: the data cannot tell');
    assert.equal(decide("worst_group false_negative_rate by g <= 0.4").state, "met");
  });

  it("against the baseline is judged on each group's own pairs of rows", () => {
    const worse = found([
      [900, 1000, 880],
      [60, 100, 90],
    ]);
    const gate = worse.decide("worst_group recall by g >= baseline - 0.02");
    assert.equal(gate.state, "broken"); // better on average, and worse to g1
    assert.match(
      gate.explanation,
      /^"g1": −0\.300 \(.*\) from the baseline, against at least −0\.020: not met$/,
    );
    const same = found([
      [900, 1000, 900],
      [450, 500, 450],
    ]);
    assert.equal(same.decide("worst_group recall by g >= baseline - 0.02").state, "met");
    const small = found([
      [9, 10, 9],
      [9, 10, 9],
    ]);
    assert.equal(small.decide("worst_group recall by g >= baseline - 0.02").state, "undecided");
    const first = found([
      [9, 10],
      [9, 10],
    ]).decide("worst_group recall by g >= baseline");
    assert.deepEqual([first.verdict, first.explanation], ["pass", "first model: nothing to compare with"]);
  });

  it("is not met where a group has too few rows for the rate, and says who", () => {
    const gate = found(
      [
        [95, 100],
        [48, 50],
        [0, 7],
      ],
      8,
    ).decide("worst_group accuracy by g >= 0.8");
    assert.equal(gate.state, "met"); // g2 is hidden: it has fewer rows than a group must have
    const candidate = {
      labels: Float64Array.from({ length: 60 }, (_, row) => (row % 30 < (row < 30 ? 20 : 2) ? 1 : 0)),
      scores: new Float64Array(0),
      outputs: 0,
      decisions: new Int32Array(60).fill(1),
    };
    const codes = Int32Array.from({ length: 60 }, (_, row) => (row < 30 ? 0 : 1));
    const evaluation = evaluate(
      inputOf(candidate, {
        sensitive: new Map([["g", { kind: "text", codes, words: ["a", "b"] }]]),
        resamples: 0,
      }),
    );
    const decide = (condition: string, inconclusive: "pass" | "warn" = "warn") =>
      judge([{ gate: condition, when_inconclusive: inconclusive }], evaluation, {
        hasBaseline: false,
        baselineReason: null,
        rows: 60,
      })[0]!;
    const recall = decide("worst_group recall by g >= 0.7");
    assert.deepEqual([recall.state, recall.verdict, recall.more_rows], ["undecided", "warn", undefined]);
    assert.equal(
      recall.explanation,
      '"a": 1.000 (0.839 to 1.000) against at least 0.7: the data cannot tell; too few to tell: "b" (2 positive rows)',
    );
    assert.equal(decide("worst_group recall by g >= 0.7", "pass").verdict, "warn"); // no data is no pass
    assert.match(decide("worst_group accuracy by g >= 0.01").explanation, /: met$/); // both have rows enough for it
    const precision = found(
      [
        [5, 100],
        [3, 3],
        [90, 100],
      ],
      3,
    ).decide("worst_group recall by g >= 0.7");
    assert.match(precision.explanation, /^"g0": 0\.050 .* not met$/);
    assert.equal(decide("worst_group negative_predictive_value by g >= 0.7").state, "undecided");
    assert.match(
      decide("worst_group negative_predictive_value by g >= 0.7").explanation,
      /^no value: no group has enough rows, without "a" \(0 refused rows\), "b" \(0 refused rows\)$/,
    );
  });
});

describe("an undecided gate of groups", () => {
  const counts = [...new Array<[number, number]>(5).fill([170, 200]), [43, 60] as [number, number]];
  const { fairness } = found(counts);
  const decide = (limit: number) =>
    judge(
      [{ gate: `worst_group recall by g >= ${limit}`, when_inconclusive: "approve" }],
      { metrics: [], fairness: [fairness] } as unknown as Parameters<typeof judge>[1],
      { hasBaseline: false, baselineReason: null, rows: 1060 },
    )[0]!;

  it("says how many more rows would decide it, as one of many where it fails alone", () => {
    const gate = decide(0.82);
    assert.equal(gate.state, "undecided");
    assert.ok(gate.interval!.low < 0.82 && 0.82 < gate.interval!.high);
    assert.ok(Math.abs(gate.interval!.confidence - (1 - 0.05 / 6)) < 1e-12);
    assert.ok(gate.more_rows! > 100, String(gate.more_rows)); // not 1: at 95 % alone it fails already
    assert.match(
      gate.explanation,
      /: the data cannot tell; about [\d,]+ more holdout rows would, if the value stays; the worst of 6 may look so by chance$/,
    );
  });

  it("is shown at its own confidence where it does not fail alone", () => {
    const gate = decide(0.75);
    assert.deepEqual([gate.state, gate.interval!.confidence], ["undecided", 0.95]);
    assert.doesNotMatch(gate.explanation, /by chance/);
  });
});

describe("a gate on how far apart groups are", () => {
  it("is not met where a group that is large enough has too few rows for the rate", () => {
    const codes = Int32Array.from({ length: 900 }, (_, row) => Math.floor(row / 300));
    // of the last group's rows two alone are positive
    const labels = Float64Array.from(codes, (g, row) => (g === 2 ? (row % 300 < 2 ? 1 : 0) : row % 2));
    const candidate = { labels, scores: new Float64Array(0), outputs: 0, decisions: Int32Array.from(labels) };
    const words = ["a", "b", "few"];
    const evaluation = evaluate(
      inputOf(candidate, { sensitive: new Map([["g", { kind: "text", codes, words }]]) }),
    );
    const decide = (gate: string) =>
      judge([{ gate, when_inconclusive: "pass" }], evaluation, {
        hasBaseline: false,
        baselineReason: null,
      })[0]!;
    const gate = decide("equal_opportunity_difference by g <= 0.2");
    assert.deepEqual([gate.state, gate.verdict, gate.value], ["undecided", "warn", 0]);
    assert.match(gate.explanation, /: the data cannot tell; too few to tell: "few" \(2 positive rows\)$/);
    assert.match(decide("equal_opportunity_ratio by g >= 1.5").explanation, /not met, without "few"/);
    assert.equal(decide("accuracy_difference by g <= 0.2").state, "met");
  });
});

describe("four_fifths", () => {
  it("holds every group against every other, the largest, or one by name", () => {
    const { decide } = found([
      [500, 1000],
      [460, 1000],
      [100, 400],
    ]);
    assert.equal(decide("four_fifths by g >= 0.8").state, "broken");
    assert.match(
      decide("four_fifths by g >= 0.8").explanation,
      /^"g2" against "g0": 0\.500 .*: not met; nor "g2" against "g1"$/,
    );
    assert.equal(decide('four_fifths by g against "g2" >= 0.8').state, "met"); // nobody has less than g2
    assert.equal(decide("four_fifths by g against majority >= 0.4").state, "met");
    assert.equal(
      decide('four_fifths by g against "nobody" >= 0.8').explanation,
      'no value: the group "nobody" is not there, or has too few rows',
    );
  });

  it("quotes names on one line, whatever is in them", () => {
    const { fairness } = found([
      [90, 100],
      [10, 100],
    ]);
    const rates = fairness.compared!.rates.map((rate) => ({
      ...rate,
      groups: rate.groups.map((own) => ({ ...own, group: `${own.group}\n# ${"x".repeat(500)}` })),
    }));
    const condition = parseCondition("four_fifths by g >= 0.8");
    const judged = judgeGroups(
      { ...condition, groups: condition.groups! },
      { ...fairness, compared: { ...fairness.compared!, rates } },
    );
    assert.equal(judged.state, "broken");
    assert.match(judged.who!, /^"g1 # x[^\n]*" against "g0 # x[^\n]*"$/);
    assert.ok(judged.who!.length < 160, judged.who);
  });

  it("has no value where nobody is selected, and is no pass", () => {
    const gate = found([
      [0, 50],
      [0, 50],
    ]).decide("four_fifths by g >= 0.8");
    assert.deepEqual([gate.verdict, gate.explanation], ["inconclusive", "no value: nobody is selected"]);
  });

  it("accuses equal groups seldom, where the bare ratio of smallest to largest does so most of the time", () => {
    const draws = random(5, "four fifths");
    const condition = parseCondition("four_fifths by g >= 0.8");
    let [accused, bare] = [0, 0];
    for (let trial = 0; trial < 300; trial++) {
      const counts = Array.from({ length: 5 }, (): [number, number] => {
        let count = 0;
        for (let row = 0; row < 60; row++) if (draws.uniform() < 0.3) count++;
        return [count, 60];
      });
      if (judgeGroups({ ...condition, groups: condition.groups! }, rateOnly(counts)).state === "broken")
        accused++;
      const shares = counts.map(([count]) => count / 60);
      if (Math.min(...shares) / Math.max(...shares) < 0.8) bare++;
    }
    assert.ok(accused <= 300 * 0.05, `${accused} of 300`);
    assert.ok(bare > 300 * 0.8, `${bare} of 300`);
  });
});

/** What the gate reads of a report, for selection rates alone. */
function rateOnly(counts: readonly [number, number][]): Fairness {
  const none = { value: null, of: 0, interval: null };
  return {
    column: "g",
    groups: counts.map(([, size], g) => ({
      name: `g${g}`,
      size,
      selection_rate: none,
      true_positive_rate: none,
      false_positive_rate: none,
      accuracy: none,
      error: null,
    })),
    hidden: { groups: 0, rows: 0 },
    measures: [],
    compared: {
      reference: { chosen: "majority", group: "g0" },
      confidence: 0.95,
      least: 5,
      average_odds: [],
      rates: [
        {
          name: "selection_rate",
          title: "Selected",
          better: "neither",
          noun: "rows",
          reference: "g0",
          difference: null,
          ratio: null,
          worst: null,
          groups: counts.map(([count, of], g) => ({
            group: `g${g}`,
            count,
            of,
            state: "counted",
            value: count / of,
            difference: null,
            ratio: null,
          })),
        },
      ],
    },
  };
}

describe("conditions of groups", () => {
  const wrong: [string, string][] = [
    ["worst_group roc_auc by g >= 0.8", '"roc_auc" is not a rate of a group'],
    [
      "worst_group recall >= 0.8",
      '"worst_group recall" compares groups; write "worst_group recall by COLUMN"',
    ],
    ["worst_group false_positive_rate by g >= 0.1", "false_positive_rate is the better the lower; write <="],
    ["worst_group precision by g >= baseline", "precision counts other rows for another model"],
    ["four_fifths by g <= 0.8", "four_fifths is the better the higher; write >="],
    ["four_fifths by g >= baseline", "four_fifths is held against a number, such as 0.8"],
    ["four_fifths by g against >= 0.8", '">=" is not best, majority or a group'],
  ];
  for (const [text, message] of wrong) {
    it(`${text} is refused`, () => {
      assert.throws(
        () => parseCondition(text),
        (error: Error) => error.message.startsWith(message) || assert.fail(error.message),
      );
    });
  }
  it("take a quoted word for a group, whatever it says", () => {
    const against = (text: string) => parseCondition(`four_fifths by g against ${text} >= 0.8`).groups;
    assert.deepEqual(against('"majority"'), {
      kind: "four_fifths",
      rate: "selection_rate",
      against: { group: "majority" },
    });
    assert.deepEqual(against("majority"), {
      kind: "four_fifths",
      rate: "selection_rate",
      against: "majority",
    });
    assert.equal(parseCondition("worst_group recall by g >= 0").groups!.rate, "true_positive_rate");
  });
});
