import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { openOnnx } from "../../../../src/adapters/models/onnx/model.ts";
import type { RuntimeName } from "../../../../src/adapters/models/onnx/runtime.ts";
import type { Task } from "../../../../src/core/measures/task.ts";
import type { Column, Table } from "../../../../src/core/tables/column.ts";
import { UserError } from "../../../../src/errors.ts";
import type { ModelExpectation } from "../../../../src/ports/model.ts";
import { fixture } from "../fixtures.ts";

/** What `test/fixtures/models/exports*.py` wrote beside the models: the answers of the libraries themselves. */
interface Export {
  readonly task: Task;
  readonly classes?: readonly string[];
  readonly columns: Readonly<Record<string, readonly (number | string | null)[]>>;
  readonly scores: readonly number[];
  readonly tolerance?: number;
  readonly logits?: boolean;
  readonly refused?: string;
}

const read = (name: string): Readonly<Record<string, Export>> =>
  JSON.parse(readFileSync(fixture(`exports/${name}`), "utf8")).models;
const EXPORTS: Record<string, Export> = { ...read("expected.json"), ...read("torch.json") };

const columnOf = (values: readonly (number | string | null)[]): Column => {
  if (!values.some((value) => typeof value === "string"))
    return { kind: "number", values: Float64Array.from(values, (value) => Number(value ?? Number.NaN)) };
  const words = [...new Set(values.filter((value) => value !== null))] as string[];
  return { kind: "text", words, codes: Int32Array.from(values, (value) => words.indexOf(String(value))) };
};

const tableOf = ({ columns }: Export): Table => ({
  rows: Object.values(columns)[0]?.length ?? 0,
  columns: new Map(Object.entries(columns).map(([name, values]) => [name, columnOf(values)])),
});

async function scoresOf(name: string, changes: Partial<ModelExpectation> = {}, runtime?: RuntimeName) {
  const [file = "", undeclared] = name.split(" ");
  const one = EXPORTS[file]!;
  const { task, classes } = one;
  const outputs = task === "multiclass-classification" ? classes!.length : 1;
  const logits = one.logits && undeclared === undefined ? { scores: "logits" as const } : {};
  const expects = { task, outputs, ...(classes ? { classes } : {}), ...logits, ...changes };
  const model = await openOnnx(fixture(`exports/${file}.onnx`), expects, runtime);
  try {
    return [...(await model.predictColumns!(tableOf(one))).values];
  } finally {
    await model.close();
  }
}

async function same(name: string, runtime: RuntimeName): Promise<void> {
  const { scores, tolerance = 1e-6 } = EXPORTS[name]!; // of float32; a model in double is held to 1e-12
  const given = await scoresOf(name, {}, runtime);
  assert.equal(given.length, scores.length);
  for (const [place, score] of scores.entries())
    assert.ok(
      Math.abs(given[place]! - score) <= tolerance * Math.max(1, Math.abs(score)),
      `${name}, ${place}: ${given[place]}, not ${score}`,
    );
}

const sound = Object.keys(EXPORTS).filter((name) => EXPORTS[name]?.refused === undefined);

describe("what scikit-learn, XGBoost, LightGBM and PyTorch export is read as it is left", () => {
  it("is there", () => assert.ok(sound.length > 35, `${sound.length}`));
  for (const name of sound) it(`${name} answers as its library does`, () => same(name, "onnxruntime-node"));
  for (const name of [
    "double-words",
    "grades",
    "neighbours",
    "named",
    "texts",
    "torch-batch-of-three",
    "beside/model",
  ])
    it(`${name} does so in WebAssembly, too`, () => same(name, "onnxruntime-web"));
});

const refused = (what: string, name: string, changes: Partial<ModelExpectation>, message: RegExp) =>
  it(what, () =>
    assert.rejects(scoresOf(name, changes), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, message);
      return true;
    }),
  );

describe("an export is refused that", () => {
  refused("gives margins", "margins", {}, /right is a probability from 0 to 1.*train\.scores: logits/);
  refused("gives raw scores", "raw-scores", {}, /gave the score ".*" in row/);
  refused(
    "gives raw scores of which no softmax is meant",
    "raw-scores",
    { scores: "logits" },
    /each other's negative, as raw scores of scikit-learn/,
  );
  refused(
    "gives logits, and nobody said so",
    "torch-logits as probabilities",
    {},
    /right is a probability from 0 to 1/,
  );
  refused(
    "names other classes",
    "grades",
    { classes: ["low", "middle", "top"] },
    /names its classes "high", "low", "middle"; the contract's are "low", "middle", "top"/,
  );
  refused(
    "names its classes by what its labels are taken from alone, and they are others",
    "network-words",
    { classes: ["no", "yes"] },
    /names its classes "approved", "rejected"; the contract's are "no", "yes"/,
  );
  refused(
    "has more classes than the contract",
    "network-grades",
    { classes: ["low", "high"], task: "binary-classification", outputs: 1 },
    /gives 3 numbers a row/,
  );
});
