import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import type { Report } from "../../src/core/report/report.ts";
import { random } from "../../src/core/stats/random.ts";
import { openRepository } from "../journeys/repository.ts";
import { pythonWith } from "./python.ts";

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

const REPEATS = 30;
const CONTRACT = `model: forest
task: binary-classification
data:
  sources: { rows: rows.csv }
  roles: { label: y, positive: 1, id: id }
split: { by: hash, holdout: 20%, validation: 10% }
features: { in: model, columns: [a, b, d] }
train:
  run: '"${python}" robustness.py train'
  code: [robustness.py]
  out: model.onnx
evaluate:
  metrics: [roc_auc]
  show_values: true
  robustness: { perturb: [noise], repeats: ${REPEATS}, curves: 3 }
`;

function rows(): string {
  const draws = random(3, "forest");
  const lines = Array.from({ length: 2000 }, (_, row) => {
    const [a, b, d] = [4 * draws.uniform() - 2, 10 * draws.uniform(), draws.uniform()];
    const y = draws.uniform() < 1 / (1 + Math.exp(-(1.5 * a + Math.sin(b)))) ? 1 : 0;
    return `r${row},${a.toFixed(5)},${b.toFixed(5)},${d.toFixed(5)},${y}`;
  });
  return `id,a,b,d,y\n${lines.join("\n")}\n`;
}

describe("robustness of a forest as ONNX", { skip }, () => {
  it("is what scikit-learn says of the forest itself", (context) => {
    const repository = openRepository(context);
    copyFileSync(
      fileURLToPath(new URL("robustness.py", import.meta.url)),
      join(repository.folder, "robustness.py"),
    );
    repository.write("rows.csv", rows());
    repository.write("trainyard.yaml", CONTRACT);
    const { status, stderr } = repository.trainyard("run");
    assert.equal(status, 0, stderr);
    const { robustness } = repository.json(".trainyard/evaluation.json") as Report;
    assert.ok(robustness !== undefined);
    const text = execFileSync(python, ["robustness.py", "check"], {
      cwd: repository.folder,
      encoding: "utf8",
    });
    const theirs = JSON.parse(text) as {
      rows: number;
      curves: number;
      farthest: number;
      importance: Record<string, { mean: number; error: number; spread: number }>;
    };
    assert.equal(robustness.rows.asked, theirs.rows);
    assert.equal(theirs.curves, 3);
    assert.ok(theirs.farthest < 1e-5, `a curve is ${theirs.farthest} away`); // the model works in 32 bits
    assert.deepEqual(
      robustness.importance.map(({ name }) => name),
      ["a", "b", "d"],
    );
    for (const { name, value } of robustness.importance) {
      const { mean, error, spread } = theirs.importance[name] ?? { mean: NaN, error: NaN, spread: NaN };
      // both draw orders of their own: five standard errors of the difference
      const most = 5 * Math.hypot(error, spread / Math.sqrt(REPEATS));
      assert.ok(Math.abs((value ?? NaN) - mean) <= most, `${name}: ${value}, not ${mean} ± ${most}`);
    }
  });
});
