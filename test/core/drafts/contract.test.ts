import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parse } from "yaml";
import { parseContract } from "../../../src/config/parse.ts";
import { draftContract } from "../../../src/core/drafts/contract.ts";
import type { ColumnProfile, Profile } from "../../../src/core/tables/profile.ts";

const column = (name: string, about: Partial<ColumnProfile>): ColumnProfile => ({
  name,
  type: "DOUBLE",
  kind: "number",
  count: 1000,
  missing: 0,
  nan: 0,
  infinite: 0,
  distinct: 500,
  approximate: false,
  min: 0,
  max: 1,
  mean: 0.5,
  deviation: 0.3,
  quartiles: null,
  top: null,
  ...about,
});

const text = (name: string, values: Readonly<Record<string, number>>): ColumnProfile =>
  column(name, {
    type: "VARCHAR",
    kind: "text",
    distinct: Object.keys(values).length,
    min: null,
    max: null,
    mean: null,
    top: Object.entries(values).map(([value, count]) => ({ value, count, share: count / 1000 })),
  });

function draft(label: ColumnProfile, told: { label?: string; positive?: string } = {}) {
  const profile: Profile = { schema: "trainyard/profile/1", rows: 1000, columns: [column("x", {}), label] };
  const drafted = draftContract({
    model: "m",
    data: "d.csv",
    label: told.label,
    positive: told.positive,
    profile,
    expectations: [],
  });
  return { ...drafted, contract: parse(drafted.text) };
}

describe("a drafted contract", () => {
  for (const [what, label, gate] of [
    [
      "truth values",
      column("y", { kind: "boolean", type: "BOOLEAN", distinct: 2, mean: 0.1, min: null, max: null }),
      "roc_auc >= baseline - 0.15",
    ],
    [
      "0 and 1",
      column("y", { type: "BIGINT", distinct: 2, mean: 0.1, min: 0, max: 1 }),
      "roc_auc >= baseline - 0.15",
    ],
    [
      "1 and 2",
      column("y", { type: "BIGINT", distinct: 2, mean: 1.1, min: 1, max: 2 }),
      "roc_auc >= baseline - 0.15",
    ],
    ["two words", text("y", { no: 900, yes: 100 }), "roc_auc >= baseline - 0.15"],
    ["three words", text("y", { a: 500, b: 300, c: 200 }), "accuracy >= baseline - 0.08"],
    ["a measurement", column("y", {}), "r2 >= baseline - 0.15"],
  ] as const) {
    it(`proposes a margin that the rows can decide, for a label of ${what}`, () => {
      const { text: drafted, contract } = draft(label);
      assert.equal(contract.evaluate.gates[0].gate, gate);
      assert.match(drafted, /# About 200 rows are held out/);
      assert.doesNotThrow(() => parseContract(drafted, "trainyard.yaml"));
    });
  }

  it("counts the share of the positive value that was named", () => {
    const label = text("y", { no: 900, yes: 100 });
    assert.match(draft(label, { positive: "no" }).text, /180 of them positive/);
    assert.match(draft(label).text, /20 of them positive/);
  });

  it("says where it chose between two words", () => {
    assert.match(
      draft(text("y", { a: 600, b: 400 })).text,
      /# The rarer of the two[^\n]*\n {4}positive: b\n/,
    );
    assert.doesNotMatch(draft(text("y", { no: 400, yes: 600 })).text, /rarer/);
  });

  it("asks for the label where no name gives it away", () => {
    assert.throws(
      () => draft(column("z", {})),
      /which column of d\.csv is to be predicted\? .*available: x, z/,
    );
    assert.equal(draft(column("Target", {})).label, "Target");
  });
});
