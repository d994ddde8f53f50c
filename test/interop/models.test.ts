import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { openPorts } from "../../src/adapters/open.ts";
import type { Report } from "../../src/core/report/report.ts";
import { UserError } from "../../src/errors.ts";
import { evaluateModel } from "../../src/works/evaluate-model.ts";
import { evaluatePredictions } from "../../src/works/evaluate-predictions.ts";
import { pythonWith } from "./python.ts";

/** The libraries whose exports are read, and whose own predictions are the oracle. */
const peers = pythonWith(
  "models-1",
  [
    "scikit-learn==1.9.1",
    "numpy==2.4.6",
    "onnx==1.23.2",
    "skl2onnx==1.20.0",
    "onnxmltools==1.16.0",
    "xgboost-cpu==3.2.0",
    "lightgbm==4.7.0",
    "packaging==25.0",
  ],
  ["sklearn", "skl2onnx", "onnxmltools", "packaging", "xgboost", "lightgbm"],
);
/** PyTorch's wheels on PyPI carry several gigabytes for graphics cards: Debian's python3-torch is taken where it is. */
const TORCH = "/usr/bin/python3";
const torch = {
  python: TORCH,
  skip: spawnSync(TORCH, ["-c", "import torch"]).status === 0 ? false : "python3-torch is not installed",
};
/** A server of the Open Inference Protocol. */
const server = pythonWith(
  "mlserver-1.7.1",
  ["mlserver==1.7.1", "mlserver-sklearn==1.7.1", "scikit-learn==1.9.1", "numpy==2.4.6"],
  ["mlserver", "mlserver_sklearn"],
);

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "trainyard-models-"));
const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
after(async () => {
  await ports.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Made {
  readonly name: string;
  readonly classes: readonly string[] | null;
  readonly positive: string | null;
  readonly scores: readonly string[];
  readonly logits: boolean;
}

const plain = {
  label: "y",
  prediction: undefined,
  scores: [] as readonly string[],
  sensitive: [],
  positive: undefined as string | undefined,
  threshold: undefined,
  key: undefined,
  weight: undefined,
  query: undefined,
  quantiles: [],
  baseline: undefined,
  task: undefined,
  resamples: 0,
};

/** Scores that differ in double are equal in float32, as LightGBM's leaves are: what ranks rows moves by such pairs. */
const RANKS = /roc_auc|average_precision/;

/** Every figure of one report against the other's: both come from the same scores, but for float32. */
function same(ours: Report, theirs: Report, what: string): void {
  assert.ok(ours.metrics.length >= 4, `${what}: ${ours.metrics.length} metrics`);
  for (const [place, { name, value }] of ours.metrics.entries()) {
    const wanted = theirs.metrics[place]!;
    assert.equal(name, wanted.name);
    const near =
      value === wanted.value ||
      Math.abs((value ?? Number.NaN) - (wanted.value ?? Number.NaN)) <=
        (RANKS.test(name) ? 1e-3 : 1e-5) * Math.max(1, Math.abs(wanted.value ?? 0));
    assert.ok(near, `${what}, ${name}: ${value}, and ${wanted.value} of the library's own scores`);
  }
}

async function held({ name, positive, scores, classes, logits }: Made): Promise<void> {
  const asked = { ...plain, positive: positive ?? undefined };
  const number = classes === null;
  const ours = await evaluateModel(ports, `${name}.onnx`, `${name}.csv`, { ...asked, logits, endpoint: {} });
  const theirs = await evaluatePredictions(ports, `${name}.predictions.csv`, {
    ...asked,
    ...(number ? { prediction: "score" } : { scores }),
  });
  same(ours, theirs, name);
}

for (const [family, { python, skip }, count] of [
  ["scikit-learn", peers, 16],
  ["boosting", peers, 5],
  ["torch", torch, 2],
] as const)
  describe(`models of ${family}, trained just now`, { skip }, () => {
    it("are measured as the library's own predictions are", async () => {
      const told = execFileSync(python, [here("models.py"), folder, family], {
        encoding: "utf8",
        maxBuffer: 1e8,
      });
      const made = JSON.parse(told.trim().split("\n").at(-1) ?? "") as Made[];
      assert.equal(made.length, count);
      for (const one of made) await held(one);
    });
  });

describe("MLServer", { skip: server.skip }, () => {
  let child: ChildProcess;
  let url: string;
  before(async () => {
    const train = `
import joblib, numpy as np
from sklearn.linear_model import LogisticRegression
r = np.random.default_rng(1); X = r.normal(size=(400, 3)); y = (X[:, 0] - X[:, 1] + r.normal(size=400) > 0).astype(int)
m = LogisticRegression().fit(X[:200], y[:200]); joblib.dump(m, "model.joblib")
rows = [",".join(map(repr, map(float, x))) + f",{v}" for x, v in zip(X[200:], y[200:])]
open("d.csv", "w").write("\\n".join(["a,b,c,y", *rows]) + "\\n")
p = m.predict_proba(X[200:])[:, 1]
open("p.csv", "w").write("\\n".join(["y,s", *[f"{v},{float(q)!r}" for v, q in zip(y[200:], p)]]) + "\\n")
`;
    execFileSync(server.python, ["-c", train], { cwd: folder });
    const [http, grpc, metrics] = [await freePort(), await freePort(), await freePort()];
    const settings = {
      host: "127.0.0.1",
      http_port: http,
      grpc_port: grpc,
      metrics_port: metrics,
      parallel_workers: 0,
    };
    writeFileSync(join(folder, "settings.json"), JSON.stringify(settings));
    const model = {
      name: "small",
      implementation: "mlserver_sklearn.SKLearnModel",
      parameters: { uri: "./model.joblib", version: "v1" },
    };
    writeFileSync(join(folder, "model-settings.json"), JSON.stringify(model));
    child = spawn(join(dirname(server.python), "mlserver"), ["start", "."], { cwd: folder, stdio: "ignore" });
    url = `http://127.0.0.1:${http}`;
    for (let wait = 0; wait < 240; wait++) {
      const ready = await fetch(`${url}/v2/models/small/ready`).catch(() => undefined);
      if (ready?.ok) return;
      await sleep(500);
    }
    throw new Error("MLServer did not start");
  });
  after(() => child?.kill("SIGKILL"));

  const asked = (output?: string) => ({
    ...plain,
    logits: false,
    endpoint: { takes: "matrix" as const, batch: 64, ...(output === undefined ? {} : { output }) },
  });

  it("is measured as its model's own predictions are", async () => {
    const ours = await evaluateModel(ports, `${url}/v2/models/small/infer`, "d.csv", asked("predict_proba"));
    const theirs = await evaluatePredictions(ports, "p.csv", { ...plain, scores: ["s"] });
    same(ours, theirs, "MLServer");
  });

  it("is refused where it answers with labels, or has no such model", async () => {
    const refused = (model: string, message: RegExp) =>
      assert.rejects(evaluateModel(ports, `${url}/v2/models/${model}`, "d.csv", asked()), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, message);
        return true;
      });
    await refused("small", /"predict" as INT64, which are labels/);
    await refused("other", /answered 404: it has no such model/);
  });
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
