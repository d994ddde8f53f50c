import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import type { Contract } from "../../src/config/contract.ts";
import type { Table } from "../../src/core/tables/column.ts";
import { UserError } from "../../src/errors.ts";
import type { Engine } from "../../src/ports/engine.ts";
import type { Model } from "../../src/ports/model.ts";
import type { Ports } from "../../src/ports/ports.ts";
import { openServable, RowsRefused } from "../../src/works/bundles.ts";
import { openRows } from "../../src/works/robustness-rows.ts";

const home = mkdtempSync(join(tmpdir(), "trainyard-"));
after(() => rmSync(home, { recursive: true }));
const RECIPE = {
  schema: "trainyard/recipe/1",
  inputs: [{ name: "x", kind: "number" }],
  values: [],
  features: [{ step: "scale", column: "x", outputs: ["x_scaled"], center: 0, spread: 1 }],
  outputs: ["x_scaled"],
};
const BUNDLE = {
  schema: "trainyard/model/1",
  model: "m",
  task: "binary-classification",
  label: "y",
  classes: ["0", "1"],
  threshold: 0.5,
  decided: "fixed in the contract",
  trainer: "command",
  runtime: "onnxruntime",
  kind: "onnx",
  file: "model.onnx",
  rows: { train: 1, validation: 0 },
};
const CONTRACT = {
  task: "binary-classification",
  data: { roles: { label: "y" } },
  evaluate: { bootstrap: {} },
} as unknown as Contract;

const tableOf = (...values: number[]): Table => ({
  rows: values.length,
  columns: new Map([["x", { kind: "number", values: Float64Array.from(values) }]]),
});

/** What a model that answers as it is told is asked about rows of one number. */
async function asking(takes: "features" | "columns", answer: (rows: number) => number[]) {
  const folder = mkdtempSync(join(home, "m-"));
  writeFileSync(join(folder, "bundle.json"), JSON.stringify({ ...BUNDLE, takes }));
  const features = takes === "columns" ? { features: [], outputs: ["x"] } : {};
  writeFileSync(join(folder, "recipe.json"), JSON.stringify({ ...RECIPE, takes, ...features }));
  const scores = async (rows: number) => ({ outputs: 1, values: Float64Array.from(answer(rows)) });
  const model: Model = {
    runtime: "none",
    predict: (_features, rows) => scores(rows),
    predictColumns: ({ rows }) => scores(rows),
    close: async () => {},
  };
  const ports = { model: async () => model } as unknown as Ports;
  const bundle = await openServable(ports, folder);
  const held = tableOf(1, 2);
  const columns = new Map([...held.columns, ["y", { kind: "number", values: Float64Array.of(0, 1) }]]);
  const engine = { table: async () => ({ ...held, columns }) } as unknown as Engine;
  const rows = await openRows(engine, CONTRACT, bundle, 10, {
    signal: new AbortController().signal,
    tell: () => {},
  });
  return { rows, bundle };
}

const fails = (error: Error) => () => {
  throw error;
};
const answers = (value: number) => (rows: number) => Array<number>(rows).fill(value);

for (const takes of ["features", "columns"] as const)
  describe(`worse rows of a model that takes ${takes}`, () => {
    const state = async (answer: (rows: number) => number[], table = tableOf(5, 6)) =>
      (await (await asking(takes, answer)).rows.ask(table)).state;

    it("are measured where it answers", async () => assert.equal(await state(answers(0.5)), "measured"));
    it("break it where it says that it cannot answer", async () => {
      // an ONNX operator that fails, a process that was killed, a server that answers 400
      assert.equal(await state(fails(new UserError("m.onnx cannot answer: Gather"))), "broken");
    });
    it("break it where its runtime fails", async () =>
      assert.equal(await state(fails(new RangeError("Invalid typed array length"))), "broken"));
    it("break it where it answers with no number", async () =>
      assert.equal(await state(answers(Number.POSITIVE_INFINITY)), "broken"));
    it("are refused by its recipe, without asking it", async () => {
      const words: Table = {
        rows: 1,
        columns: new Map([["x", { kind: "text", words: ["a"], codes: Int32Array.of(0) }]]),
      };
      const asked = fails(new Error("was asked"));
      assert.equal(await state(asked, words), "refused");
      const { bundle } = await asking(takes, asked);
      await assert.rejects(bundle.score(words), RowsRefused);
    });
  });

describe("worse rows", () => {
  it("without a value that a feature needs are refused", async () => {
    const { rows } = await asking("features", fails(new Error("was asked")));
    assert.equal((await rows.ask(tableOf(Number.NaN, 1))).state, "refused");
  });
});
