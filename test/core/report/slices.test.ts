import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { withoutCells } from "../../../src/core/report/comment/model.ts";
import { slicesBlock } from "../../../src/core/report/comment/slices.ts";
import { report as schema } from "../../../src/core/report/report.ts";

const report = schema.parse(JSON.parse(readFileSync("test/golden/reports/slices.json", "utf8")));
const text = (of: typeof report): string => slicesBlock(of)?.versions[0] ?? "";

describe("weak slices in a comment", () => {
  it("name no border and no category, whatever the contract shows", () => {
    const said = text(withoutCells(report));
    assert.match(said, /`hours` among its lowest 10% and `occupation` at its 2nd most frequent value/);
    assert.doesNotMatch(said, /hours < 20|= service|team/);
    assert.match(said, /only report\.html names them/);
  });

  it("name the groups of sensitive columns, which the comment tells anyway", () => {
    const fairness = [
      { column: "occupation", groups: [], hidden: { groups: 0, rows: 0 }, measures: [] },
    ] as unknown as typeof report.fairness;
    const said = text(withoutCells({ ...report, fairness }));
    assert.match(said, /`hours` among its lowest 10% and `occupation = service`/);
  });

  it("are at most five of each kind, and those that the holdout confirms", () => {
    const [first] = report.slices?.weak ?? [];
    assert.ok(first !== undefined && report.slices !== undefined);
    const many = { ...report.slices, weak: Array.from({ length: 20 }, () => first), worse: null };
    assert.equal(text({ ...report, slices: many }).match(/hours < 20/g)?.length, 5);
    const none = many.weak.map((slice) => ({ ...slice, confirmed: false }));
    const said = text({ ...report, slices: { ...many, weak: none } });
    assert.match(said, /no slice is confirmed/);
    assert.doesNotMatch(said, /hours/);
  });

  it("count rows, and say where each counts by its weight", () => {
    const weighted = schema.parse(JSON.parse(readFileSync("test/golden/reports/weak-numbers.json", "utf8")));
    assert.match(text(weighted), /\| 27 \|/);
    assert.match(text(weighted), /at least 5 rows of equal weight, or more that tell as much\. The numbers/);
    assert.match(
      text(weighted),
      /its other half \(128 rows\), each counted by its weight, which took no part/,
    );
    assert.doesNotMatch(text(report), /weight/);
  });

  it("are not there where none were searched", () => {
    const { slices: _, ...rest } = report;
    assert.equal(slicesBlock({}), null);
    assert.equal(withoutCells(rest).slices, undefined);
  });
});
