import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { openRepository, type Repository } from "../journeys/repository.ts";
import { pythonWith } from "./python.ts";

/** The peers whose numbers ours must be. */
const { python, skip } = pythonWith(
  "scikit-learn-1.9.1",
  [
    "scikit-learn==1.9.1",
    "fairlearn==0.15.0",
    "pandas==3.1.1",
    "pyarrow==26.0.1",
    "numpy==2.4.6",
    "onnx==1.23.2",
    "skl2onnx==1.20.0",
  ],
  ["sklearn", "fairlearn", "pandas", "pyarrow", "skl2onnx"],
);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

interface Asked {
  readonly task: string;
  readonly label: string;
  readonly positive?: string;
  readonly goal?: "f1";
  readonly baseline?: boolean;
  /** Named columns that the model takes, where it takes columns. */
  readonly inputs?: readonly { readonly name: string }[];
}

const HIGH_WAGE: Asked = { task: "binary-classification", label: "high_wage", positive: "true" };

/** Holds every number of a repository's report to `recompute.py`. */
function recompute({ folder }: Repository, asked: Asked): void {
  const spec = { folder, seed: 7, resamples: 1000, min_size: 5, goal: null, baseline: false, ...asked };
  const text = execFileSync(python, [here("recompute.py"), JSON.stringify(spec)], {
    encoding: "utf8",
    maxBuffer: 1e9,
  });
  const checks = JSON.parse(text) as [string, number | null, number | null, number][];
  assert.ok(checks.length > 50, `${checks.length} numbers were recomputed`);
  const wrong = checks.filter(([, theirs, ours, tolerance]) =>
    theirs === null || ours === null ? theirs !== ours : !(Math.abs(theirs - ours) <= tolerance),
  );
  assert.deepEqual(wrong, [], "[what, the report's, recomputed, tolerance]");
}

function run(repository: Repository): void {
  const { status, stderr } = repository.trainyard("run");
  assert.ok([0, 1, 3].includes(status ?? -1), stderr);
}

const TRAIN = "  with: logistic\n  params: { epochs: 60, learning_rate: 0.01, batch_size: 32 }\n";

/** A contract on the same workers with another label. */
const other = (task: string, label: string, features: string, train: string): string => `model: wages
task: ${task}
data:
  sources: { cps: data/cps.csv }
  roles: { label: ${label}, sensitive: [gender, race] }
prepare:
  values:
    - fill: { education: median }
    - clip: { experience: [p1, p99] }
    - derive: { tenure: "greatest(age - education - 6, 0)" }
split: { by: hash, holdout: 20%, validation: 15% }
features:
${features}train:
${train}`;

describe("scikit-learn and Fairlearn", { skip }, () => {
  before(() => {
    if (!existsSync("dist/cli.js")) execFileSync(process.execPath, ["scripts/build.mjs"]);
  });

  it("find every number in the report of a proposal beside its baseline", (context) => {
    const repository = openRepository(context, "wages");
    run(repository);
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", "Train the first model");
    repository.git("switch", "--quiet", "--create", "propose-mlp");
    repository.edit(
      "trainyard.yaml",
      "  with: logistic\n  params: {",
      "  with: mlp\n  params: { hidden: [16],",
    );
    repository.edit("trainyard.yaml", "  - keep: [union, south]", "  - keep: [union, south, married]");
    run(repository);
    recompute(repository, { ...HIGH_WAGE, goal: "f1", baseline: true });
  });

  it("find every number of six classes", (context) => {
    const repository = openRepository(context, "wages");
    const features =
      "  - scale: [education, experience, tenure, wage]\n  - one_hot: [sector]\n  - keep: [union]\n";
    const task = "multiclass-classification";
    repository.write(
      "trainyard.yaml",
      other(task, "occupation", features, "  with: mlp\n  params: { epochs: 20 }\n"),
    );
    run(repository);
    recompute(repository, { task, label: "occupation" });
  });

  it("find every number of a regression", (context) => {
    const repository = openRepository(context, "wages");
    const features =
      "  - scale: [education, experience]\n  - one_hot: [occupation, sector]\n  - keep: [union]\n";
    repository.write(
      "trainyard.yaml",
      other(
        "regression",
        "wage",
        features,
        "  with: linear\n  params: { epochs: 40, learning_rate: 0.05 }\n",
      ),
    );
    run(repository);
    recompute(repository, { task: "regression", label: "wage" });
  });

  /** The wages with a training command in Python. */
  function commanded(context: TestContext, leave: string, out: string): Repository {
    const repository = openRepository(context, "wages");
    copyFileSync(here("train.py"), join(repository.folder, "train.py"));
    repository.edit(
      "trainyard.yaml",
      TRAIN,
      `  run: ${python} train.py\n  code: [train.py]\n  out: ${out}\n  params: { leave: ${leave} }\n`,
    );
    return repository;
  }

  it("find their own model's numbers, left as ONNX that takes a matrix", (context) => {
    const repository = commanded(context, "matrix", "model.onnx");
    run(repository);
    recompute(repository, { ...HIGH_WAGE, goal: "f1" });
  });

  it("find their own model's numbers, left as ONNX that takes columns by name", (context) => {
    const repository = commanded(context, "columns", "model.onnx");
    const names = ["education", "experience", "tenure", "occupation", "sector", "union"];
    repository.edit(
      "trainyard.yaml",
      "  - scale: [education, experience, tenure]\n  - one_hot: [occupation, sector]\n  - keep: [union, south]\n",
      `  in: model\n  columns: [${names.join(", ")}]\n`,
    );
    run(repository);
    recompute(repository, { ...HIGH_WAGE, goal: "f1", inputs: names.map((name) => ({ name })) });
  });

  it("find their own model's numbers, left as predictions in another order", (context) => {
    const repository = commanded(context, "predictions", "predictions.csv");
    repository.edit("trainyard.yaml", "decision: { maximize: f1 }", "decision: { threshold: 0.5 }");
    run(repository);
    recompute(repository, HIGH_WAGE);
  });

  it("find their own model's numbers of six classes, left as ONNX and as predictions", (context) => {
    for (const [leave, out] of [
      ["matrix", "model.onnx"],
      ["predictions", "predictions.csv"],
    ] as const) {
      const repository = commanded(context, leave, out);
      const features = "  - scale: [education, experience, tenure, wage]\n  - one_hot: [sector]\n";
      const train = `  run: ${python} train.py\n  code: [train.py]\n  out: ${out}\n  params: { leave: ${leave} }\n`;
      const task = "multiclass-classification";
      repository.write("trainyard.yaml", other(task, "occupation", features, train));
      run(repository);
      recompute(repository, { task, label: "occupation" });
    }
  });
});
