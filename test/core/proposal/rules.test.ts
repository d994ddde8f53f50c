import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parseContract } from "../../../src/config/parse.ts";
import { compareNamed, compareRules, movesRows, type RulePath } from "../../../src/core/proposal/rules.ts";

const text = readFileSync("templates/wages/trainyard.yaml", "utf8");
const base = parseContract(text, "trainyard.yaml");

function changesOf(...edits: readonly (readonly [string, string])[]) {
  let changed = text;
  for (const [from, to] of edits) {
    assert.ok(changed.includes(from), from);
    changed = changed.replace(from, to);
  }
  const head = parseContract(changed, "trainyard.yaml");
  const lineOf = (path: RulePath) => head.place(path).line ?? null;
  return {
    changes: compareRules(base.contract, head.contract, lineOf),
    line: (part: string) => changed.split("\n").findIndex((line) => line.includes(part)) + 1,
  };
}

test("the same rules have no changes, and features and training are no rules", () => {
  assert.deepEqual(changesOf().changes, []);
  assert.deepEqual(changesOf(["epochs: 60", "epochs: 5"], ["[union, south]", "[union]"]).changes, []);
});

test("an edited gate is one change at its line", () => {
  const { changes, line } = changesOf(["roc_auc >= 0.65", "roc_auc >= 0.10"]);
  assert.deepEqual(changes, [
    {
      kind: "contract",
      name: "evaluate.gates.0",
      before: "roc_auc >= 0.65 (when inconclusive: warn)",
      after: "roc_auc >= 0.10 (when inconclusive: warn)",
      line: line("roc_auc >= 0.10"),
    },
  ]);
});

test("a gate taken away from the top is one change, at the line of the list", () => {
  const { changes } = changesOf(["    - gate: roc_auc >= 0.65\n      when_inconclusive: warn\n", ""]);
  assert.equal(changes.length, 1);
  assert.equal(changes[0]?.before, "roc_auc >= 0.65 (when inconclusive: warn)");
  assert.equal(changes[0]?.after, null);
  assert.notEqual(changes[0]?.line, null);
});

test("a metric or a source that is called as what every object has is one change", () => {
  const { changes } = changesOf([
    "evaluate:\n",
    "evaluate:\n  custom:\n    constructor: { value: score, better: higher }\n",
  ]);
  assert.deepEqual(
    changes.map(({ name, before }) => [name, before]),
    [["evaluate.custom", null]],
  );
  const twice = (other: string) =>
    parseContract(
      text.replace(
        "evaluate:\n",
        `evaluate:\n  custom:\n    first: { value: score, better: higher }\n${other}`,
      ),
      "trainyard.yaml",
    ).contract;
  const added = compareRules(
    twice(""),
    twice("    constructor: { value: score, better: higher }\n"),
    () => null,
  );
  assert.deepEqual(
    added.map(({ name, before }) => [name, before]),
    [["evaluate.custom.constructor", null]],
  );
});

test("split, leaks, costs and owner are rules", () => {
  const { changes } = changesOf(
    ["holdout: 20%", "holdout: 5%"],
    ["leaks: [wage]", "leaks: []"],
    ["false_negative: 2", "false_negative: 0"],
    ['owner: "@acme/ml-team"', 'owner: "@mallory"'],
  );
  assert.deepEqual(
    changes.map(({ name, before, after }) => [name, before, after]),
    [
      ["owner", "@acme/ml-team", "@mallory"],
      ["plan.costs.false_negative", "2", "0"],
      ["data.roles.leaks", '["wage"]', "[]"],
      ["split.holdout", "0.2", "0.05"],
    ],
  );
  assert.equal(movesRows(changes), true);
});

test("another order of the value steps is a change, since they are applied in it", () => {
  const { changes } = changesOf([
    "    - fill: { education: median }\n    - clip: { experience: [p1, p99] }\n",
    "    - clip: { experience: [p1, p99] }\n    - fill: { education: median }\n",
  ]);
  assert.deepEqual(
    changes.map(({ name }) => name),
    ["prepare.values"],
  );
  assert.equal(movesRows(changes), false);
});

test("an expectation made harmless is one change", () => {
  const { changes } = changesOf(["between: [0, 20]", "between: [0, 2000]"]);
  assert.deepEqual(
    changes.map(({ name }) => name),
    ["data.expect.1"],
  );
});

test("what comes after the merge is named: where it is served, how it is looked at, what brings new rows", () => {
  const told = `${text}deploy:
  staging: {}
  production: { after: staging, url: "https://model.example.com" }
monitor: { predictions: predictions/wages }
retrain: { refresh: node refresh.mjs }
`;
  const deployed = parseContract(told, "trainyard.yaml").contract;
  const edited = told
    .replace("{ after: staging, url: ", "{ url: ")
    .replace("staging: {}", 'staging: { url: "https://staging.example.com", after: production }')
    .replace("refresh.mjs", "other.mjs");
  const head = parseContract(edited, "trainyard.yaml");
  const lineOf = (path: RulePath) => head.place(path).line ?? null;
  const changes = compareRules(deployed, head.contract, lineOf);
  assert.deepEqual(
    changes.map(({ name, before, after }) => [name, before, after]),
    [
      ["deploy.staging.url", null, "https://staging.example.com"],
      ["deploy.staging.after", null, "production"],
      ["deploy.production.after", "staging", null],
      ["retrain.refresh", "node refresh.mjs", "node other.mjs"],
    ],
  );
  assert.equal(movesRows(changes), false);
  const added = compareRules(base.contract, deployed, () => null);
  assert.deepEqual(
    added.map(({ name, before }) => [name, before]),
    [
      ["deploy.staging", null],
      ["deploy.production", null],
      ["monitor", null],
      ["retrain.refresh", null],
    ],
  );
});

test("a file of data is one, whatever it is called", () => {
  const names = ["split.csv", "data.roles.id", "waivers.yaml: more.csv"];
  const changes = compareNamed("data", new Map(), new Map(names.map((name) => [name, "md5 0f"])));
  assert.deepEqual(
    changes.map(({ kind }) => kind),
    ["data", "data", "data"],
  );
  assert.equal(movesRows(changes), false);
});
