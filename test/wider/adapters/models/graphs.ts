import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A graph of TensorFlow.js: its operations, their functions, and its weights of one number each. */
export interface Graph {
  readonly nodes: readonly object[];
  readonly functions?: readonly object[];
  readonly weights: Readonly<Record<string, { readonly dtype: "float32" | "int32"; readonly value: number }>>;
}

/** Writes a graph that takes two features and answers with one number. @returns the path of its `model.json` */
export function writeGraph(folder: string, { nodes, functions = [], weights }: Graph): string {
  mkdirSync(folder);
  const x = {
    name: "x",
    op: "Placeholder",
    attr: { dtype: FLOAT, shape: { shape: { dim: [{ size: "-1" }, { size: "2" }] } } },
  };
  const constants = Object.entries(weights).map(([name, { dtype }]) => ({
    name,
    op: "Const",
    attr: { dtype: dtype === "int32" ? INT : FLOAT },
  }));
  const path = join(folder, "model.json");
  writeFileSync(
    path,
    JSON.stringify({
      format: "graph-model",
      modelTopology: {
        node: [x, ...constants, ...nodes],
        library: { function: functions },
        versions: { producer: 1 },
      },
      weightsManifest: [
        {
          paths: ["w.bin"],
          weights: Object.entries(weights).map(([name, { dtype }]) => ({
            name,
            dtype,
            shape: dtype === "int32" ? [1] : [],
          })),
        },
      ],
    }),
  );
  const bytes = Object.values(weights).map(({ dtype, value }) =>
    Buffer.from((dtype === "int32" ? Int32Array.of(value) : Float32Array.of(value)).buffer),
  );
  writeFileSync(join(folder, "w.bin"), Buffer.concat(bytes));
  return path;
}

const FLOAT = { type: "DT_FLOAT" };
const INT = { type: "DT_INT32" };
const SUM = { name: "s", op: "Sum", input: ["x", "axis"], attr: { T: FLOAT, keep_dims: { b: true } } };
const added = (other: string) => ({ name: "out", op: "Add", input: ["s", other], attr: { T: FLOAT } });
const AXIS = { dtype: "int32", value: 1 } as const;

/** while (one >= one) one = one */
export const ENDLESS: Graph = {
  weights: { one: { dtype: "float32", value: 1 }, axis: AXIS },
  functions: [
    {
      signature: {
        name: "c",
        inputArg: [{ name: "a", ...FLOAT }],
        outputArg: [{ name: "o", type: "DT_BOOL" }],
      },
      nodeDef: [{ name: "same", op: "GreaterEqual", input: ["a", "a"], attr: { T: FLOAT } }],
      ret: { o: "same:z:0" },
    },
    {
      signature: { name: "b", inputArg: [{ name: "a", ...FLOAT }], outputArg: [{ name: "o", ...FLOAT }] },
      nodeDef: [{ name: "id", op: "Identity", input: ["a"], attr: { T: FLOAT } }],
      ret: { o: "id:output:0" },
    },
  ],
  nodes: [
    {
      name: "loop",
      op: "StatelessWhile",
      input: ["one"],
      attr: {
        cond: { func: { name: "c" } },
        body: { func: { name: "b" } },
        T: { list: { type: ["DT_FLOAT"] } },
      },
    },
    SUM,
    added("loop"),
  ],
};

/** max(fill(n * n)): a size that no constant says */
export const LARGE: Graph = {
  weights: {
    n: { dtype: "int32", value: 20_000 },
    v: { dtype: "float32", value: 1 },
    axis: AXIS,
    first: { dtype: "int32", value: 0 },
  },
  nodes: [
    { name: "size", op: "Mul", input: ["n", "n"], attr: { T: INT } },
    { name: "filled", op: "Fill", input: ["size", "v"], attr: { T: FLOAT } },
    { name: "most", op: "Max", input: ["filled", "first"], attr: { T: FLOAT, keep_dims: { b: false } } },
    SUM,
    added("most"),
  ],
};

/** x summed + fill(n): a million numbers for each row */
export const WIDE: Graph = {
  weights: { n: { dtype: "int32", value: 1_000_000 }, v: { dtype: "float32", value: 1 }, axis: AXIS },
  nodes: [{ name: "filled", op: "Fill", input: ["n", "v"], attr: { T: FLOAT } }, SUM, added("filled")],
};
