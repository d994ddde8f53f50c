import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CountedColumn, type DriftSettings, decide } from "../../../../src/core/drift/decide.ts";
import { multinomial } from "../../../../src/core/stats/multinomial.ts";
import { type Random, random } from "../../../../src/core/stats/random.ts";

/** The columns of a model: shares of their cells. */
const COLUMNS: Readonly<Record<string, readonly number[]>> = {
  ...Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [`number ${i}`, [...Array(10).fill(1), 0, 0, 0, i / 4, 0]]),
  ),
  truth: [9, 1, 0, 0, 0],
  hours: Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 0.02 : 1)),
  weekdays: [5, 5, 5, 5, 6, 3, 2],
  places: [...Array.from({ length: 50 }, (_, i) => 1 / (i + 1)), 0.8],
  rare: [1000, 1, 0.5, 0.1, 0.05],
  constant: [1, 0, 0],
};

const drawn = (rows: number, shares: readonly number[], stream: Random): number[] => [
  ...multinomial(rows, shares, new Float64Array(shares.length), stream),
];

/** Columns as they were counted in training and are counted again; `alter` changes what production is like. */
function world(
  training: number,
  now: number,
  stream: Random,
  alter: (name: string, shares: readonly number[]) => readonly number[] = (_, shares) => shares,
): CountedColumn[] {
  return Object.entries(COLUMNS).map(([name, shares]) => ({
    name,
    kind: "category",
    cells: shares.map((_, i) => ({ kind: "value", label: `${i}` })),
    reference: drawn(training, shares, stream),
    current: drawn(now, alter(name, shares), stream),
  }));
}

/** Rows of training and of the log; between them they are most of what happens. */
const SIZES: readonly (readonly [number, number])[] = [
  [350, 200],
  [350, 5_000],
  [10_000, 200],
  [10_000, 1_000],
  [1_000_000, 200],
  [1_000_000, 300_000],
  [500, 1_000_000],
  [5_000, 37],
];

/** In how many of a thousand runs, in which nothing changed, something moves. */
function falseIssues(settings: DriftSettings, seed: number): number {
  const stream = random(seed, "quiet");
  let issues = 0;
  for (let run = 0; run < 1000; run++) {
    const [training, now] = SIZES[run % SIZES.length]!;
    if (decide(world(training, now, stream), settings).verdict === "moved") issues++;
  }
  return issues;
}

describe("a thousand runs in which nothing changed", () => {
  for (const seed of [1, 2, 3]) {
    it(`open at most ten issues with what a contract says of itself, seed ${seed}`, (t) => {
      const issues = falseIssues({ psi: 0.2, minRows: 200, falseIssues: 0.01 }, seed);
      assert.ok(issues <= 10, `${issues}`);
      t.diagnostic(`${issues} issues`);
    });
  }

  it("open at most ten with the fewest rows that a contract may ask for", (t) => {
    const issues = falseIssues({ psi: 0.2, minRows: 30, falseIssues: 0.01 }, 4);
    assert.ok(issues <= 10, `${issues}`);
    t.diagnostic(`${issues} issues`);
  });

  it("open about ten where chance alone decides, at 1 in 100", (t) => {
    const issues = falseIssues({ psi: 1e-9, minRows: 30, falseIssues: 0.01 }, 5);
    assert.ok(issues <= 20 && issues >= 1, `${issues}`); // more than 20 of 10 happen once in 600 times
    t.diagnostic(`${issues} issues`);
  });
});

describe("a change that matters is found", () => {
  const settings: DriftSettings = { psi: 0.2, minRows: 200, falseIssues: 0.01 };
  const CHANGES: readonly (readonly [string, string, (shares: readonly number[]) => readonly number[]])[] = [
    [
      "a number moved by a deviation",
      "number 0",
      (s) => s.map((x, i) => (i < 10 ? [0.15, 0.3, 0.4, 0.6, 0.7, 0.9, 1.1, 1.4, 1.8, 2.7][i]! : x)),
    ],
    ["a third goes missing", "number 4", (s) => s.map((x, i) => (i === 13 ? 6 : x))],
    ["numbers beyond all of training", "number 1", (s) => s.map((x, i) => (i === 11 ? 2 : x))],
    ["a truth value turned over", "truth", () => [3, 7, 0, 0, 0]],
    ["the clock of another zone", "hours", (s) => s.map((_, i) => s[(i + 8) % 24]!)],
    ["a category that was not there", "constant", () => [8, 2, 0]],
    ["places in another order", "places", (s) => s.toReversed()],
  ];
  for (const [name, column, change] of CHANGES) {
    it(`${name}: in at least 98 of 100 runs, and hardly ever in another column`, (t) => {
      const stream = random(11, name);
      let [found, others] = [0, 0];
      for (let run = 0; run < 100; run++) {
        const [training, now] = SIZES[run % (SIZES.length - 1)]!;
        const columns = world(training, now, stream, (at, shares) =>
          at === column ? change(shares) : shares,
        );
        const moved = decide(columns, settings).columns.filter((one) => one.moved);
        if (moved.some((one) => one.name === column)) found++;
        if (moved.some((one) => one.name !== column)) others++;
      }
      assert.ok(found >= 98, `${found}`);
      assert.ok(others <= 4, `${others}`); // more than 4 of 1 happen once in 300 times
      t.diagnostic(`${found} found, ${others} false`);
    });
  }
});
