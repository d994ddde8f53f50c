import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { answersOf } from "../../../../src/core/measures/points.ts";
import { type ImpactSettings, impactOf, ll144Of } from "../../../../src/core/measures/statements/impact.ts";
import { outsideText } from "../../../../src/core/report/sections/statements-words.ts";
import type { TextColumn } from "../../../../src/core/tables/column.ts";
import { near, oracle } from "../../../oracles/oracle.ts";

interface Expected {
  readonly categories: Record<string, [rate: number, ratio: number | null]>;
  readonly unknown: number;
}

interface Case extends Record<"selection" | "scoring", [sex: Expected, race: Expected, both: Expected]> {
  readonly title: string;
  readonly scores: number[];
  readonly decisions: number[];
  readonly sex: (string | null)[];
  readonly race: (string | null)[];
}

const { cases } = oracle<{ cases: Case[] }>("impact");
const SETTINGS: ImpactSettings = {
  sex: "sex",
  race: "race",
  rate: "selection",
  leftOutBelow: 0,
  minGroupSize: 1,
};

function columnOf(values: readonly (string | null)[]): TextColumn {
  const words = [...new Set(values.filter((value) => value !== null))];
  return { kind: "text", codes: Int32Array.from(values, (value) => words.indexOf(value ?? "(none)")), words };
}

const answers = (scores: readonly number[], decisions: readonly number[]) =>
  answersOf(
    {
      labels: new Float64Array(scores.length),
      scores: Float64Array.from(scores),
      outputs: 1,
      decisions: Int32Array.from(decisions),
    },
    "binary-classification",
    2,
  );

describe("impact ratios", () => {
  for (const one of cases) {
    for (const rate of ["selection", "scoring"] as const) {
      it(`of ${rate} are Fairlearn's: ${one.title}`, () => {
        const sensitive = new Map([
          ["sex", columnOf(one.sex)],
          ["race", columnOf(one.race)],
        ]);
        const found = ll144Of(answers(one.scores, one.decisions), sensitive, { ...SETTINGS, rate });
        assert.deepEqual(
          found.impacts.map(({ of }) => of),
          ["sex", "race", "sex × race"],
        );
        found.impacts.forEach(({ categories, unknown }, place) => {
          const expected = one[rate][place]!;
          assert.equal(unknown, expected.unknown);
          assert.deepEqual(
            categories.map(({ name }) => name).sort(),
            Object.keys(expected.categories).sort(),
          );
          for (const { name, rate: share, impact_ratio: ratio } of categories) {
            const [wanted, wantedRatio] = expected.categories[name]!;
            near(share, wanted, `${name}'s rate`);
            if (wantedRatio === null) assert.equal(ratio, null);
            else near(ratio!, wantedRatio, `${name}'s ratio`);
          }
        });
      });
    }
  }

  it("leave out who is a smaller part than the rule asks for, and count who is not known or too few", () => {
    const values = [...Array(60).fill("a"), ...Array(38).fill("b"), "c", "c", null];
    const chosen = values.map((value, row) => value === "c" || row % 2 === 0);
    const found = impactOf("race", columnOf(values), chosen, { leftOutBelow: 0.021, minGroupSize: 2 });
    assert.deepEqual(
      found.categories.map(({ name, impact_ratio, left_out }) => [name, impact_ratio, left_out]),
      [
        ["a", 1, false],
        ["b", 1, false],
        ["c", null, true],
      ],
    );
    assert.equal(found.unknown, 1);
    const hidden = impactOf("race", columnOf(values), chosen, { leftOutBelow: 0, minGroupSize: 3 });
    assert.deepEqual(hidden.hidden, { categories: 1, rows: 2, highest: true });
  });

  it("are to the highest rate, also of a category too small to be named, unless its share is left out", () => {
    const values = [...Array(40).fill("a"), ...Array(56).fill("b"), ..."cccc"];
    const chosen = values.map(
      (value, row) => value === "c" || (value === "a" ? row % 2 === 0 : row % 4 === 0),
    );
    const ask = (leftOutBelow: number, minGroupSize = 5) =>
      impactOf("race", columnOf(values), chosen, { leftOutBelow, minGroupSize });
    const found = ask(0.02);
    assert.deepEqual(
      found.categories.map(({ name, impact_ratio }) => [name, impact_ratio]),
      [
        ["a", 0.5],
        ["b", 0.25],
      ],
    );
    assert.deepEqual(found.hidden, { categories: 1, rows: 4, highest: true });
    assert.match(
      outsideText(found, 100),
      /4 rows are of categories too small to be named; the highest rate is that of one of them, and the ratios are to it\./,
    );
    const all = ask(0.02, 1).categories;
    assert.deepEqual(
      all.map(({ name, impact_ratio }) => [name, impact_ratio]),
      [
        ["a", 0.5],
        ["b", 0.25],
        ["c", 1],
      ],
    );
    const without = ask(0.05);
    assert.deepEqual(
      without.categories.map(({ impact_ratio }) => impact_ratio),
      [1, 0.5],
    );
    assert.deepEqual(without.hidden, { categories: 1, rows: 4 });
    assert.match(outsideText(without, 100), /4 rows of categories too small to be named are in no figure\./);
  });

  it("are of nobody where there are no rows", () => {
    const sensitive = new Map([
      ["sex", columnOf([])],
      ["race", columnOf([])],
    ]);
    const found = ll144Of(answers([], []), sensitive, { ...SETTINGS, rate: "scoring" });
    assert.equal(found.median, null);
    assert.ok(found.impacts.every(({ categories }) => categories.length === 0));
  });

  it("of scores ask for scores", () => {
    const decided = answersOf(
      { labels: Float64Array.of(0), scores: new Float64Array(0), outputs: 1, decisions: Int32Array.of(1) },
      "binary-classification",
      2,
    );
    const sensitive = new Map([
      ["sex", columnOf(["f"])],
      ["race", columnOf(["a"])],
    ]);
    assert.throws(
      () => ll144Of(decided, sensitive, { ...SETTINGS, rate: "scoring" }),
      /asks for scoring rates, but there are decisions but no scores; right is rate: selection/,
    );
  });
});
