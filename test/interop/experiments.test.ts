import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Experiment } from "../../src/core/experiments/record.ts";
import { printExperiment } from "../../src/core/experiments/record.ts";
import { made, metric } from "../core/experiments/made.ts";
import { openRepository } from "../journeys/repository.ts";
import { pythonWith } from "./python.ts";

const { python, skip } = pythonWith(
  "mlflow-3.17.2",
  ["mlflow==3.17.2", "dvclive==3.49.1", "huggingface_hub==2.4.0"],
  ["mlflow", "dvclive", "huggingface_hub"],
);
const SCRIPT = fileURLToPath(new URL("experiments.py", import.meta.url));

/** What a peer says. */
function peer<T>(...args: readonly string[]): T {
  const environment = { ...process.env, MLFLOW_TRACKING_URI: "", GIT_PYTHON_REFRESH: "quiet" };
  const text = execFileSync(python, [SCRIPT, ...args], {
    encoding: "utf8",
    env: environment,
    maxBuffer: 1e9,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(text.trim().split("\n").at(-1) ?? "null") as T;
}

interface TheirRun {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly start: number;
  readonly end: number;
  readonly params: Readonly<Record<string, string>>;
  readonly metrics: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly loss: readonly (readonly [number, number])[];
}

const listed = (stdout: string): readonly Experiment[] =>
  (JSON.parse(stdout) as { experiments: Experiment[] }).experiments;

describe("an MLflow tracking server", { skip }, () => {
  let server: ChildProcess;
  let folder: string;
  let uri: string;

  before(async () => {
    if (!existsSync("dist/cli.js")) execFileSync(process.execPath, ["scripts/build.mjs"]);
    folder = mkdtempSync(join(tmpdir(), "trainyard-mlflow-"));
    const port = await freePort();
    uri = `http://127.0.0.1:${port}`;
    server = spawn(
      python,
      [
        ...["-m", "mlflow", "server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
        ...[
          "--backend-store-uri",
          `sqlite:///${folder}/mlflow.db`,
          "--artifacts-destination",
          `${folder}/files`,
        ],
      ],
      { stdio: "ignore", detached: true, cwd: folder },
    );
    for (let attempt = 0; ; attempt++) {
      const healthy = await fetch(`${uri}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (healthy) break;
      assert.ok(attempt < 240, "the server did not start");
      await wait(500);
    }
  });

  after(() => {
    if (server?.pid !== undefined) process.kill(-server.pid, "SIGKILL"); // with its workers
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  it("has what was exported, once, though the export was killed, and gives it back", async (context) => {
    const repository = openRepository(context, "wages");
    mkdirSync(join(repository.folder, ".trainyard/experiments"), { recursive: true });
    const all = Array.from({ length: 12 }, (_, run) =>
      made({
        started_at: new Date(Date.UTC(2026, 0, 1) + run * 60_000).toISOString(),
        status: run % 5 === 4 ? "failed" : "finished",
        params: {
          epochs: run,
          "hidden.0": 2 ** run,
          name: `a "quoted" ü 漢字 ${"x".repeat(7000)}`,
          flag: true,
        },
        metrics: [
          { ...metric("roc_auc", 0.5 + run / 100), interval: { low: 0.4, high: 0.9, confidence: 0.95 } },
          metric("demographic_parity_difference by home country <a>", 0.1),
          { ...metric("broken", null), reason: "NaN" },
        ],
        gates: [{ condition: "roc_auc >= 0.5", verdict: "pass" }],
        curves: [
          { name: "loss", points: Array.from({ length: 1200 }, (_, step) => [step, 1 / (step + run + 1)]) },
        ],
        tags: { "a/../b//c<>": "y".repeat(9000) },
      }),
    );
    for (const one of all) {
      writeFileSync(join(repository.folder, `.trainyard/experiments/${one.id}.json`), printExperiment(one));
    }
    const words = ["experiments", "export", "--uri", uri, "--all", "--json"];
    for (const patience of [1200, 2000]) {
      const child = repository.start(...words);
      await wait(patience);
      child.kill("SIGKILL");
    }
    const both = [repository.start(...words), repository.start(...words)];
    await Promise.all(
      both.map(async (child) => {
        let said = "";
        child.stderr?.on("data", (chunk: Buffer) => {
          said += chunk.toString();
        });
        child.stdout?.resume();
        const code = await new Promise((done) => child.on("close", done));
        assert.equal(code, 0, said);
      }),
    );
    const again = repository.trainyard(...words);
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stdout, /"there already"/);
    assert.doesNotMatch(again.stdout, /"exported"/);

    const runs = peer<TheirRun[]>("read", uri, "wages");
    assert.equal(runs.length, all.length, "no run twice");
    for (const one of all) {
      const run = runs.find(({ name }) => name === one.id);
      assert.ok(run !== undefined);
      assert.equal(run.status, one.status === "failed" ? "FAILED" : "FINISHED");
      assert.equal(run.start, Date.parse(one.started_at));
      assert.equal(run.params.epochs, String(one.params.epochs));
      assert.equal(run.params.flag, "True");
      assert.equal(run.params.name?.length, 6000);
      assert.equal(Number(run.metrics.roc_auc), one.metrics[0]?.value);
      assert.equal(Number(run.metrics["roc_auc.ci_low"]), 0.4);
      assert.equal(run.metrics.broken, "nan");
      assert.deepEqual(run.loss, one.curves[0]?.points);
      assert.equal(run.tags["trainyard.id"], one.id);
    }

    rmSync(join(repository.folder, ".trainyard/experiments"), { recursive: true });
    const back = repository.trainyard("experiments", "import", "--uri", uri);
    assert.match(back.stdout, /imported 12 of "wages"/);
    const found = listed(repository.trainyard("experiments", "--all", "--json").stdout);
    assert.deepEqual(found.map(({ id }) => id).sort(), all.map(({ id }) => id).sort());
    for (const one of all) {
      const same = found.find(({ id }) => id === one.id);
      assert.deepEqual(
        same?.metrics.find(({ name }) => name === "roc_auc"),
        one.metrics[0],
      );
      assert.deepEqual(same?.curves.find(({ name }) => name === "loss")?.points, one.curves[0]?.points);
      assert.deepEqual(same?.gates, one.gates);
      assert.equal(same?.params["hidden.0"], one.params["hidden.0"]);
    }
    assert.match(
      repository.trainyard("experiments", "import", "--uri", uri).stdout,
      /imported 0 .* 12 here already/,
    );
  });

  it("whose runs others logged is imported, each once, and what still runs is left", (context) => {
    const repository = openRepository(context, "wages");
    peer("log", uri);
    const words = ["experiments", "import", "--uri", uri, "--experiment", "theirs"];
    const { stdout, stderr } = repository.trainyard(...words);
    assert.match(stdout, /imported 2 of "theirs" .* 1 run not ended yet/, stderr);
    assert.match(repository.trainyard(...words).stdout, /imported 0 .* 2 here already/);
    const found = listed(repository.trainyard("experiments", "--all", "--json").stdout);
    const good = found.find(({ tags }) => tags["mlflow.runName"] === "good");
    assert.deepEqual(good?.params, { epochs: 3, lr: 0.1, "net.act": "relu", flag: true, none: null });
    const value = (name: string) => good?.metrics.find((one) => one.name === name);
    assert.equal(value("auc")?.value, 0.81);
    assert.deepEqual([value("nan")?.value, value("nan")?.reason], [null, "NaN"]);
    assert.deepEqual([value("inf")?.value, value("inf")?.reason], [null, "Infinity"]);
    assert.equal(good?.curves.find(({ name }) => name === "loss")?.points.length, 1500);
    assert.equal(found.find(({ tags }) => tags["mlflow.runName"] === "bad")?.status, "failed");
  });
});

describe("DVCLive", { skip }, () => {
  it("leaves what is imported, and what is exported reads the same", (context) => {
    const repository = openRepository(context, "wages");
    peer("live", join(repository.folder, "dvclive"));
    const { stdout, stderr } = repository.trainyard("experiments", "import", "--from", "dvclive");
    assert.match(stdout, /is experiment/, stderr);
    const [one] = listed(repository.trainyard("experiments", "--json").stdout);
    assert.deepEqual(one?.params, {
      lr: 0.1,
      "net.hidden.0": 16,
      "net.hidden.1": 8,
      "net.act": "relu",
      flag: true,
    });
    assert.deepEqual(
      one?.metrics.map(({ name, value }) => [name, value]),
      [
        ["train.loss", 0.25],
        ["acc", 0.75],
        ["step", 3],
      ],
    );
    assert.deepEqual(one?.curves.find(({ name }) => name === "train.loss")?.points[2], [2, 1 / 3]);
    assert.match(repository.trainyard("experiments", "import", "--from", "dvclive").stdout, /here already/);
    assert.equal(
      repository.trainyard("experiments", "export", "last", "--to", "dvclive", "--out", "live").status,
      0,
    );
    const again = repository.trainyard(
      "experiments",
      "import",
      "--from",
      "dvclive",
      "--path",
      "live",
      "--dry-run",
    );
    assert.match(again.stdout, /here already/, "the same content");
  });
});

describe("huggingface_hub", { skip }, () => {
  it("reads a model card's metadata, with every metric's value and interval", (context) => {
    const repository = openRepository(context, "wages");
    repository.write(
      "trainyard.yaml",
      `${repository.read("trainyard.yaml")}card: { license: apache-2.0, tags: [wages], intended_use: "It's: #1 \\"for\\" review" }\n`,
    );
    const { status, stderr } = repository.trainyard("report", "--card", "card.md");
    assert.ok([0, 1, 3].includes(status ?? -1), stderr);
    const card = peer<{
      name: string;
      license: string;
      tags: string[];
      body: string;
      index: { results: { metrics: { type: string; value: number }[] }[] }[];
      results: { metric: string; value: number; split: string; args: { low: number } | null }[];
    }>("card", join(repository.folder, "card.md"));
    const report = repository.json(".trainyard/report.json") as {
      metrics: { name: string; value: number; interval: { low: number } | null }[];
    };
    assert.deepEqual(
      [card.name, card.license, card.tags],
      ["wages", "apache-2.0", ["trainyard", "tabular", "wages"]],
    );
    assert.ok(card.results.length >= 10);
    for (const { metric: name, value, args, split } of card.results) {
      const row = report.metrics.find((one) => one.name === name);
      assert.equal(value, row?.value);
      assert.equal(args?.low, row?.interval?.low);
      assert.equal(split, "holdout");
    }
    assert.equal(card.index[0]?.results[0]?.metrics.length, card.results.length);
    assert.ok(readFileSync(join(repository.folder, "card.md"), "utf8").endsWith(card.body.trimStart()));
  });
});

const freePort = (): Promise<number> =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => done(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
