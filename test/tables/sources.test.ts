import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeFile, describeTable } from "../../src/tables/sources.ts";
import { engineWith } from "./loaded.ts";

describe("a source", () => {
  it("tells its format by its name, or is told it", () => {
    for (const [name, format] of [
      ["a.csv", "csv"],
      ["a.CSV.gz", "csv"],
      ["a.txt", "csv"],
      ["a.parquet", "parquet"],
      ["a.ndjson", "jsonl"],
      ["*.jsonl.gz", "jsonl"],
    ] as const) {
      assert.equal(describeFile(name, "/x").format, format);
    }
    assert.equal(describeFile({ path: "a.dat", format: "csv" }, "/x").format, "csv");
    assert.throws(
      () => describeFile("a.dat", "/x"),
      /"a\.dat" does not tell by its name how it is written; say its format/,
    );
  });

  it("has what was said of it and a place", () => {
    assert.deepEqual(
      describeFile({ path: "d/a.csv", delimiter: ";", encoding: "latin-1", types: { a: "text" } }, "/x"),
      {
        paths: ["/x/d/a.csv"],
        format: "csv",
        delimiter: ";",
        encoding: "latin-1",
        types: { a: "text" },
      },
    );
  });

  it("is described for the lock", async () => {
    const engine = await engineWith("cps");
    const { rows, columns } = await describeTable(engine, "cps");
    assert.equal(rows, 534);
    assert.deepEqual([columns.wage, columns.race, columns.age], ["DOUBLE", "VARCHAR", "BIGINT"]);
    await engine.close();
  });
});
