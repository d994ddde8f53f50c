import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cheapest } from "../../../../src/core/measures/fairness/trade-off/cheapest.ts";
import { cutsOf } from "../../../../src/core/measures/fairness/trade-off/cuts.ts";
import { tradeOffOf } from "../../../../src/core/measures/fairness/trade-off/trade-off.ts";
import type { TradedRate } from "../../../../src/core/report/sections/trade-offs.ts";
import { random } from "../../../../src/core/stats/random.ts";
import type { TextColumn } from "../../../../src/core/tables/column.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

interface Rows {
  readonly labels: number[];
  readonly scores: number[];
  readonly group: string[];
  readonly rate: TradedRate;
}

const expected = oracle<{
  cases: (Rows & { title: string; prices: [number, number]; least: Record<string, number> })[];
  large: (Rows & { errors: number })[];
}>("tradeoff");

function cutsIn({ labels, scores, group, rate }: Rows, [fp, fn]: readonly [number, number]) {
  const rows = { labels: Float64Array.from(labels), scores: Float64Array.from(scores) };
  return [...new Set(group)].sort().map((name) => {
    const own = group.flatMap((one, row) => (one === name ? [row] : []));
    return cutsOf(rows, own, rate, { false_positive: fp, false_negative: fn });
  });
}

function cost(cuts: ReturnType<typeof cutsIn>, allowed: number): number {
  const places = cheapest(cuts, allowed);
  const rates = cuts.map(({ rates: all }, group) => all[places[group]!]!);
  assert.ok(Math.max(...rates) - Math.min(...rates) <= allowed + 1e-9, "the gap is one that is allowed");
  return cuts.reduce((sum, { costs }, group) => sum + costs[places[group]!]!, 0);
}

describe("thresholds for each group", () => {
  for (const one of expected.cases) {
    it(`cost what the cheapest of all combinations costs: ${one.title}, ${one.rate}`, () => {
      const cuts = cutsIn(one, one.prices);
      for (const [allowed, least] of Object.entries(one.least)) {
        near(
          cost(cuts, allowed === "None" ? Number.POSITIVE_INFINITY : Number(allowed)),
          least,
          `gap ${allowed}`,
        );
      }
    });
  }

  for (const one of expected.large) {
    it(`come near to what Fairlearn's dice reach at no gap: ${one.rate}`, () => {
      const ours = cost(cutsIn(one, [1, 1]), 0.02);
      assert.ok(Math.abs(ours - one.errors) <= 0.02 * one.labels.length, `${ours} errors, ${one.errors}`);
    });
  }
});

const column = (words: readonly string[], codes: readonly number[]): TextColumn => ({
  kind: "text",
  codes: Int32Array.from(codes),
  words: [...words],
});

/** Two groups whose scores are shifted against one another, and a third of few rows. */
function shifted(rows: number, seed: number, weights?: Float64Array) {
  const draws = random(seed, "shifted");
  const codes = Array.from({ length: rows }, (_, row) => (row < 3 ? 2 : row % 2));
  const labels = Float64Array.from(codes, () => (draws.uniform() < 0.5 ? 1 : 0));
  const scores = labels.map(
    (label, row) => 0.3 + 0.3 * label - 0.2 * (codes[row] === 1 ? 1 : 0) + 0.2 * draws.uniform(),
  );
  return {
    labels,
    scores,
    column: column(["x", "y", "z"], codes),
    ...(weights === undefined ? {} : { weights }),
  };
}

const SETTINGS = {
  column: "group",
  rate: "true_positive_rate",
  prices: { false_positive: 1, false_negative: 1 },
  price: "wrong decisions",
  threshold: 0.5,
  minGroupSize: 5,
  confidence: 0.95,
} as const;

describe("a trade-off", () => {
  it("makes the gap smaller on rows that it was not found on, and names who had too few rows", () => {
    const found = tradeOffOf(shifted(800, 1), shifted(800, 2), SETTINGS)!;
    assert.deepEqual(found.without, []);
    assert.ok(found.now.held.gap > 0.4);
    const [first] = found.points;
    assert.ok(first!.held.gap < 0.1 && first!.held.price < found.now.held.price);
    assert.ok(first!.held.change.high < 0, "the interval says that it is cheaper");
    const prices = found.points.map(({ found: { price } }) => price);
    assert.deepEqual(
      prices,
      prices.toSorted((a, b) => b - a),
      "more room is never dearer",
    );
  });

  it("of three rows of a group says that it has no threshold of its own", () => {
    const some = tradeOffOf(shifted(800, 1), shifted(800, 2), { ...SETTINGS, minGroupSize: 2 })!;
    const named = [...some.points[0]!.groups.map(({ name }) => name), ...some.without].sort();
    assert.deepEqual(named, ["x", "y", "z"]);
  });

  it("counts a row of weight two as two rows", () => {
    const rows = shifted(200, 3);
    const twice = (one: typeof rows) => ({
      labels: Float64Array.from([...one.labels, ...one.labels]),
      scores: Float64Array.from([...one.scores, ...one.scores]),
      column: column(one.column.words, [...one.column.codes, ...one.column.codes]),
    });
    const heavy = { ...rows, weights: new Float64Array(200).fill(2) };
    const [weighted, doubled] = [
      tradeOffOf(heavy, heavy, SETTINGS)!,
      tradeOffOf(twice(rows), twice(rows), SETTINGS)!,
    ];
    assert.deepEqual(
      weighted.points.map(({ found, groups }) => [found, groups.map(({ threshold }) => threshold)]),
      doubled.points.map(({ found, groups }) => [found, groups.map(({ threshold }) => threshold)]),
    );
  });

  it("is none where one group alone has rows enough", () => {
    const rows = shifted(9, 4);
    assert.equal(tradeOffOf(rows, rows, SETTINGS), undefined);
    const one = { ...shifted(50, 5), column: column(["x"], Array(50).fill(0)) };
    assert.equal(tradeOffOf(one, one, SETTINGS), undefined);
  });
});
