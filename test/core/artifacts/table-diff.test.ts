import assert from "node:assert/strict";
import { it } from "node:test";
import { diffProfiles } from "../../../src/core/artifacts/table-diff.ts";
import { sentenceOf } from "../../../src/core/report/data-diff.ts";
import type { ColumnProfile, Profile } from "../../../src/core/tables/profile.ts";

const column = (name: string, more: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name,
  type: "BIGINT",
  kind: "number",
  count: 10,
  missing: 0,
  nan: 0,
  infinite: 0,
  distinct: 10,
  approximate: false,
  min: 0,
  max: 9,
  mean: 4.5,
  deviation: 2.8,
  quartiles: null,
  top: null,
  ...more,
});
const table = (rows: number, ...columns: ColumnProfile[]): Profile => ({
  schema: "trainyard/profile/1",
  rows,
  columns,
});

it("tells columns that came, went and changed, with the figures that did", () => {
  const diff = diffProfiles(
    table(10, column("same"), column("wage"), column("gone")),
    table(20, column("same"), column("wage", { missing: 5, type: "DOUBLE" }), column("new")),
  );
  assert.deepEqual(
    diff.changes.map(({ name, kind }) => [name, kind]),
    [
      ["wage", "changed"],
      ["new", "added"],
      ["gone", "removed"],
    ],
  );
  const [wage] = diff.changes;
  assert.deepEqual(
    [wage?.type, wage?.missing, wage?.mean],
    [
      { before: "BIGINT", after: "DOUBLE" },
      { before: 0, after: 0.25 },
      { before: 4.5, after: 4.5 },
    ],
  );
  assert.equal(sentenceOf(diff), "10 → 20 rows, 3 columns, another schema");
});

it("knows another order from another schema, and an empty table from a full one", () => {
  assert.equal(
    diffProfiles(table(1, column("a"), column("b")), table(1, column("b"), column("a"))).schema,
    "reordered",
  );
  const empty = diffProfiles(table(0, column("a")), table(0, column("a")));
  assert.deepEqual([empty.schema, empty.changes], ["same", []]);
});
