import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { parse } from "yaml";
import type { Report } from "../../src/core/report/report.ts";
import { openRepository } from "../journeys/repository.ts";
import { pythonWith } from "./python.ts";

/** What the starter pins is installed as it says, from the same file. */
const { python, skip } = pythonWith(
  "python-template",
  ["--requirement", "templates/python/requirements.txt"],
  ["sklearn", "skl2onnx", "pyarrow"],
);

describe("the starter in Python", { skip }, () => {
  before(() => {
    if (!existsSync("dist/cli.js")) execFileSync(process.execPath, ["scripts/build.mjs"]);
  });

  it("trains, is judged, and leaves nothing but what Git is to keep", (context) => {
    const repository = openRepository(context);
    assert.equal(repository.trainyard("init", "--template", "python").status, 0);
    symlinkSync(join(python, "../.."), join(repository.folder, ".venv"));
    repository.write(".git/info/exclude", ".venv\n"); // a link here, where a person has a folder
    const { status, stderr } = repository.trainyard("run");
    assert.equal(status, 0, stderr);
    const report = repository.json(".trainyard/report.json") as Report;
    assert.equal(report.verdict, "pass");
    const metrics = Object.fromEntries(report.metrics.map(({ name, value }) => [name, value]));
    assert.ok((metrics.roc_auc ?? 0) > 0.65, JSON.stringify(metrics));
    repository.git("add", "--all");
    const kept = repository.git("ls-files").trim().split("\n");
    assert.ok(kept.includes("train.py") && kept.includes("models/wages.dvc") && kept.includes(".gitignore"));
    assert.deepEqual(
      kept.filter((path) => /\.onnx$|\.venv|^\.trainyard/.test(path)),
      [],
    );
  });

  it("is set up by the line in its workflow", () => {
    const workflow = parse(readFileSync("templates/python/dot-github/workflows/trainyard.yml", "utf8"));
    const { setup } = workflow.jobs.propose.with as { setup: string };
    assert.equal(setup, "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt");
    assert.ok(
      parse(readFileSync("templates/python/trainyard.yaml", "utf8")).train.run.startsWith(".venv/bin/python"),
    );
  });
});
