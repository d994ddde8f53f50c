import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { ANSWERS } from "../../scripts/generate/answers.ts";
import { openPorts } from "../../src/adapters/open.ts";
import type { Exported, ExportPreview } from "../../src/artifacts/export.ts";
import { makeProgram, runProgram } from "../../src/cli/program.ts";
import { printExperiment } from "../../src/core/experiments/record.ts";
import { STAGES } from "../../src/pipeline.ts";
import { openServer } from "../adapters/mlflow/server.ts";
import { git, temporaryFolder, temporaryRepository, write } from "../artifacts/temporary.ts";
import { made as experimentOf } from "../core/experiments/made.ts";
import { filesOf, pointerTo } from "../works/lineage/locks.ts";

/** Keys that are DVC's words, and those that are names from data. */
const DVCS = new Set(["not in cache"]);
const NAMED = new Set(["tables", "metrics", "metrics_before", "columns", "params", "tags", "seeds"]);

it("answers of all commands about artifacts are what the reference says, with keys of one spelling", async (context) => {
  const held = new Set<string>();
  /** Runs a command line, and holds what it answers against its shape. */
  const run = async (folder: string, line: string, when?: string): Promise<void> => {
    const ports = openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
    const program = makeProgram(STAGES, "0", async (stage, values) => {
      const result = await stage.run(values as never, ports);
      const json: unknown = JSON.parse(JSON.stringify(result.json));
      const answer = ANSWERS.find((one) => one.command === stage.name && one.when === when);
      assert.ok(answer !== undefined, `${stage.name} ${when ?? ""} has no shape`);
      const parsed = answer.shape.safeParse(json);
      assert.ok(parsed.success, `${line}: ${JSON.stringify(parsed.error?.issues)}\n${JSON.stringify(json)}`);
      for (const key of keysOf(json)) assert.match(key, /^[a-z][a-z0-9_]*$/, `${line} has the key "${key}"`);
      held.add(`${answer.command} ${answer.when ?? ""}`);
    });
    await runProgram(program, line.split(" "));
  };

  const store = temporaryFolder();
  const folder = temporaryRepository({ "a.csv": "x\n1\n", "images/1.png": "1", "images/2.png": "2" });
  await run(folder, "remote list");
  await run(folder, "remote default");
  await run(folder, `remote add --default shop ${store}`);
  await run(folder, "remote modify shop verify true");
  await run(folder, "remote rename shop store");
  await run(folder, "remote list");
  git(folder, "rm", "-rq", "--cached", "a.csv", "images");
  await run(folder, "add a.csv images");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "Data");
  await run(folder, "status");
  await run(folder, "push --dry-run", "with `--dry-run`");
  await run(folder, "push");
  rmSync(join(folder, ".dvc/cache"), { recursive: true });
  await run(folder, "fetch --dry-run", "with `--dry-run`");
  await run(folder, "status --cloud", "with `--cloud`");
  await run(folder, "fetch");
  rmSync(join(folder, "a.csv"));
  write(folder, { "images/2.png": "other" });
  await run(folder, "checkout");
  await run(folder, "pull --dry-run", "with `--dry-run`");
  await run(folder, "pull --force");
  write(folder, { "a.csv": "x,y\n1,2\n2,3\n", "images/3.png": "3" });
  await run(folder, "add a.csv images");
  await run(folder, "diff HEAD");
  await run(folder, "unprotect a.csv");
  await run(folder, "gc --workspace --force");
  await run(folder, "verify");
  await run(folder, "push");
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "More");
  await run(folder, "merge");

  const other = temporaryRepository();
  await run(other, `import ${folder} a.csv`);
  await run(other, "update a.csv.dvc");
  await run(other, `get ${folder} images -o there`);
  assert.ok(existsSync(join(other, "there/3.png")));

  const made = temporaryRepository();
  for (const epochs of [60, 80]) {
    write(made, { ...filesOf({ epochs }), "data/cps.csv.dvc": pointerTo("rows", "cps.csv") });
    git(made, "add", "-A");
    git(made, "commit", "-q", "-m", `${epochs} epochs`);
  }
  for (const line of ["log", "lineage wages", "why wages"]) await run(made, line);
  const contract = readFileSync("templates/wages/trainyard.yaml", "utf8");
  const tried = temporaryRepository({ "trainyard.yaml": contract });
  for (const one of [experimentOf({ params: { a: 1 } }), experimentOf({ params: { a: 2 } })]) {
    write(tried, { [`.trainyard/experiments/${one.id}.json`]: printExperiment(one) });
  }
  await run(tried, "experiments");
  const tracking = await openServer(context);
  await run(tried, `experiments export --uri ${tracking.uri}`);
  await run(tried, `experiments import --uri ${tracking.uri}`);
  await run(tried, "experiments compare");
  await run(tried, "experiments export last --to dvclive --out live", "with `--to dvclive`");
  await run(tried, "experiments import --from dvclive --path live", "with `--from dvclive`");
  await run(tried, "experiments show last");
  await run(tried, "experiments rm last");
  await run(tried, "experiments gc");
  await run(folder, "remote remove store");
  // what is copied from a registry needs one: its answers are held by their types
  const ends = { from: "oci://ghcr.io/acme/wages", to: store };
  const exported: Exported = {
    ...ends,
    versions: 1,
    objects: 1,
    bytes: 2,
    missing: [{ path: "a", md5: "60b725f10c9c85c70d97880dfe8191b3", named_by: "a.dvc" }],
  };
  const preview: ExportPreview = { ...ends, would_export: ["a"], there: 1 };
  for (const [when, json] of [["", exported] as const, ["with `--dry-run`", preview] as const]) {
    const answer = ANSWERS.find((one) => one.command === "remote export" && (one.when ?? "") === when);
    answer?.shape.parse(json);
    held.add(`remote export ${when}`);
  }
  assert.deepEqual(
    ANSWERS.map(({ command, when }) => `${command} ${when ?? ""}`).filter((one) => !held.has(one)),
    [],
    "every shape is held against an answer",
  );
  for (const { command } of ANSWERS) {
    assert.match(readFileSync("docs/reference/json.md", "utf8"), new RegExp(`^## ${command}$`, "m"));
  }
});

/** Keys at any depth, but for those that data give. */
function keysOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    DVCS.has(key) ? keysOf(inner) : [key, ...(NAMED.has(key) && !Array.isArray(inner) ? [] : keysOf(inner))],
  );
}
