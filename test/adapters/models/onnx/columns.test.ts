import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import type { Column, Table } from "../../../../src/core/tables/column.ts";
import { expected, fixture, scoresOf } from "../fixtures.ts";

const { score, years, sector } = expected.models["columns.onnx"]!.columns as {
  score: number[];
  years: number[];
  sector: string[];
};
const number = (values: number[]): Column => ({ kind: "number", values: Float64Array.from(values) });
const words = [...new Set(sector)];
const text: Column = {
  kind: "text",
  words,
  codes: Int32Array.from(sector.map((word) => words.indexOf(word))),
};

const table = (changes: Readonly<Record<string, Column | undefined>> = {}): Table => {
  const columns: Record<string, Column | undefined> = {
    score: number(score),
    years: number(years),
    sector: text,
    ...changes,
  };
  return {
    rows: score.length,
    columns: new Map(Object.entries(columns).flatMap(([name, column]) => (column ? [[name, column]] : []))),
  };
};

for (const runtime of ["onnxruntime-node", "onnxruntime-web"] as const) {
  describe(`a model of columns on ${runtime}`, () => {
    const open = () => openOnnx(fixture("columns.onnx"), { task: "binary-classification" }, runtime);
    const refused = async (asked: Table, message: RegExp) => {
      const model = await open();
      try {
        await assert.rejects(model.predictColumns!(asked), message);
      } finally {
        await model.close();
      }
    };

    it("answers as scikit-learn does, for a category never seen too", async () => {
      const model = await open();
      const { values, outputs } = await model.predictColumns!(table());
      assert.equal(outputs, 1);
      for (const [row, wanted] of scoresOf("columns.onnx").entries())
        assert.ok(Math.abs(values[row]! - wanted) < 1e-6, `row ${row}: ${values[row]}, not ${wanted}`);
      await assert.rejects(
        model.predict(new Float32Array(3), 1),
        /takes columns by name: score, years, sector/,
      );
      await model.close();
    });

    it("takes a missing text as an empty one, which it has not seen", async () => {
      const model = await open();
      const missing: Column = { kind: "text", words, codes: new Int32Array(5).fill(-1) };
      const { values } = await model.predictColumns!(table({ sector: missing }));
      assert.ok(Math.abs(values[1]! - scoresOf("columns.onnx")[1]!) < 1e-6);
      await model.close();
    });

    it("refuses a column that is not there", () =>
      refused(table({ years: undefined }), /takes a column "years", which is not in the data/));
    it("refuses text for a number", () => refused(table({ score: text }), /"score" as numbers; it is text/));
    it("refuses a number for text", () =>
      refused(table({ sector: number(score) }), /"sector" as text; it is a number/));
    it("refuses a part of a whole number", () =>
      refused(table({ years: number(score) }), /"years" as whole numbers; "0\.0012/));
    it("refuses a missing whole number", () =>
      refused(
        table({ years: number([1, Number.NaN, 1, 1, 1]) }),
        /"years" as whole numbers; one is missing/,
      ));
    it("says that a missing number gave no score", () =>
      refused(table({ score: number([1, Number.NaN, 1, 1, 1]) }), /score "NaN" in row 2/));
  });
}
