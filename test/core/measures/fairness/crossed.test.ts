import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type EvaluationInput, evaluate } from "../../../../src/core/measures/evaluation.ts";
import { crossed } from "../../../../src/core/measures/fairness/columns.ts";
import type { TextColumn } from "../../../../src/core/tables/column.ts";
import { near, oracle } from "../../../oracles/oracle.ts";
import { inputOf } from "../rows.ts";

interface Case {
  title: string;
  labels: number[];
  decisions: number[];
  group: string[];
  measures: Record<string, number | null>;
}

const wages = oracle<{ binary: Case[] }>("fairness").binary.find(({ title }) =>
  /gender and race/.test(title),
)!;

function textColumn(values: readonly (string | undefined)[]): TextColumn {
  const words = [...new Set(values.filter((value) => value !== undefined))];
  const codes = Int32Array.from(values, (v) => (v === undefined ? -1 : words.indexOf(v)));
  return { kind: "text", codes, words };
}

const [gender, race] = [0, 1].map((part) => wages.group.map((both) => both.split(", ")[part]!));

function measured(rows: readonly number[], more: Partial<EvaluationInput>) {
  const take = <T>(values: readonly T[]): T[] => rows.map((row) => values[row]!);
  const candidate = {
    labels: Float64Array.from(take(wages.labels)),
    scores: new Float64Array(0),
    outputs: 0,
    decisions: Int32Array.from(take(wages.decisions)),
  };
  const sensitive = new Map([
    ["gender", textColumn(take(gender!))],
    ["race", textColumn(take(race!))],
  ]);
  return evaluate(inputOf(candidate, { sensitive, resamples: 0, minGroupSize: 1, ...more })).fairness;
}

const all = wages.group.map((_, row) => row);

describe("crossed columns", () => {
  it("are measured as Fairlearn measures their combinations", () => {
    const found = measured(all, { intersections: true });
    assert.deepEqual(
      found.map(({ column }) => column),
      ["gender", "race", "gender × race"],
    );
    assert.deepEqual(
      found[2]!.groups.map(({ name }) => name),
      [...new Set(wages.group)].map((name) => name.replace(", ", " × ")).sort(),
    );
    for (const { name, value } of found[2]!.measures) near(value, wages.measures[name]!, name);
  });

  it("keep values apart that look alike once they are joined", () => {
    const { words, codes } = crossed([
      textColumn(["a × b", "a", "a"]),
      textColumn(["c", "b × c", undefined]),
    ]);
    assert.deepEqual([...codes], [0, 1, 2]);
    assert.deepEqual(words, ["a × b × c", "a × b × c", "a × (missing)"]);
  });
});

describe("a control column", () => {
  it("holds each level's rows to be the only ones", () => {
    const found = measured(all, { control: ["race"] }).filter(({ within }) => within !== undefined);
    const levels = [...new Set(race)].sort();
    assert.deepEqual(
      found.map(({ column, within }) => [column, within!.column, within!.level]),
      levels.map((level) => ["gender", "race", level]),
    );
    for (const [place, level] of levels.entries()) {
      const alone = measured(
        all.filter((row) => race![row] === level),
        {},
      )[0]!;
      const { within: _, ...rest } = found[place]!;
      assert.deepEqual(rest, alone);
    }
  });

  it("has levels of the minimum size only", () => {
    const small = measured(all, { control: ["race"], minGroupSize: 50 });
    const rows = (level: string): number => race!.filter((value) => value === level).length;
    assert.ok(small.some(({ within }) => within !== undefined));
    assert.ok(small.every(({ within }) => within === undefined || rows(within.level) >= 50));
  });
});
