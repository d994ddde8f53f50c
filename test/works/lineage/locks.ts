import { digestOf, type Md5, md5, type Sha256 } from "../../../src/core/artifacts/digest.ts";
import type { Ingredient } from "../../../src/core/artifacts/ingredient.ts";
import { type Lock, printLock, type StageLock } from "../../../src/core/artifacts/lock.ts";

/** Both digests of a text, as a lock names them. */
export function named(text: string): {
  md5: Md5;
  sha256: Sha256;
  size: number;
} {
  const { md5, sha256 } = digestOf(text);
  return { md5, sha256, size: text.length };
}

/** What makes one model differ from another. */
export interface Made {
  readonly data?: string;
  readonly epochs?: number;
  readonly auc?: number;
  /** What stands in the model's files. */
  readonly model?: string;
}

/** The bytes of the model that these make. */
export const modelOf = ({ data = "rows", epochs = 60, model }: Made) => {
  const { sha256, size, md5: short } = named(model ?? `${data} ${epochs}`);
  return { md5: md5(`${short}.dir`) as Md5, sha256, size, nfiles: 2 };
};

/** A lock of four stages, from a data file to an evaluation. */
export function lockOf(made: Made): Lock {
  const { data = "rows", epochs = 60, auc = 0.7 } = made;
  const stage = (
    ingredients: readonly Omit<Ingredient, "reason">[],
    out: StageLock["out"],
    facts: StageLock["facts"] = {},
  ): StageLock => ({
    fingerprint: digestOf(JSON.stringify([ingredients, out])).sha256,
    in: ingredients.map((one) => ({ ...one, reason: "it matters" })),
    out,
    facts,
  });
  const rows = { path: ".trainyard/rows.parquet", ...named(`parquet of ${data}`) };
  const model = { path: "models/wages", ...modelOf(made) };
  const evaluation = { path: ".trainyard/evaluation.json", ...named(`${auc}`) };
  const { path: _rows, ...rowsName } = rows;
  const { path: _model, nfiles: _files, ...modelName } = model;
  return new Map([
    [
      "ingest",
      stage(
        [
          { kind: "data", name: "data/cps.csv", ...named(data) },
          { kind: "code", name: "high_wage.sql", ...named("select") },
          { kind: "backend", name: "duckdb 1.5.6", value: "duckdb 1.5.6" },
        ],
        [rows],
        { rows: 534, columns: { age: "BIGINT" } },
      ),
    ],
    [
      "train",
      stage(
        [
          { kind: "parameters", name: "train.params.epochs", value: epochs },
          { kind: "parameters", name: "train.seed", value: 7 },
          { kind: "environment", name: "uv.lock", ...named("uv") },
          { kind: "tool", name: "trainyard", value: "0.1.0" },
          { kind: "stage", name: "ingest: .trainyard/rows.parquet", ...rowsName },
        ],
        [model],
      ),
    ],
    [
      "evaluate",
      stage(
        [
          { kind: "parameters", name: "evaluate.bootstrap.seed", value: 7 },
          { kind: "stage", name: "train: models/wages", ...modelName },
        ],
        [evaluation],
        { metrics: { roc_auc: auc, f1: 0.6 }, gates: { "roc_auc >= 0.65": "pass" } },
      ),
    ],
  ]);
}

/** The text of such a lock, and of the pointer file beside the model. */
export const filesOf = (made: Made): Readonly<Record<string, string>> => {
  const { md5: name, size, nfiles } = modelOf(made);
  return {
    "trainyard.lock": printLock(lockOf(made)),
    "models/wages.dvc": `outs:\n- md5: ${name}\n  size: ${size}\n  nfiles: ${nfiles}\n  hash: md5\n  path: wages\n`,
  };
};

/** A pointer file to a text. */
export const pointerTo = (text: string, path: string): string => {
  const { md5: name, size } = named(text);
  return `outs:\n- md5: ${name}\n  size: ${size}\n  hash: md5\n  path: ${path}\n`;
};
