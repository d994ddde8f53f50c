import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContract } from "../../../src/config/parse.ts";
import { countLooks, holdoutKey, lookFile, looksFolder } from "../../../src/core/proposal/looks.ts";
import { looksWarning } from "../../../src/core/report/sections/holdout.ts";

const contract = (split: string, roles = "label: y, positive: 1, id: id") =>
  parseContract(
    `model: m
task: binary-classification
data: { sources: { rows: rows.csv }, roles: { ${roles} } }
split: ${split}
features: [{ keep: [a] }]
train: { with: logistic }
`,
    "trainyard.yaml",
  ).contract;

const key = (split: string, roles?: string) => holdoutKey(contract(split, roles));

test("a holdout is called by the rules that draw it, and by nothing else", () => {
  const usual = key("{ by: hash, holdout: 20% }");
  assert.match(usual, /^[0-9a-f]{16}$/);
  assert.equal(key("{ holdout: 20%, seed: 7, validation: 30% }"), usual, "validation is no part of it");
  assert.equal(key("{ holdout: 20% }", "label: y, positive: 1, id: id, leaks: [b]"), usual);
  for (const other of ["{ holdout: 21% }", "{ seed: 8 }", "{ epoch: 2026-q4 }", "{ by: random }"]) {
    assert.notEqual(key(other), usual, other);
  }
  assert.notEqual(key("{ holdout: 20% }", "label: y, positive: 1, id: other"), usual);
  assert.notEqual(key("{ epoch: a }"), key("{ epoch: b }"));
});

test("each model counts once, however often it is judged", () => {
  const [a, b] = ["a".repeat(64), "b".repeat(64)];
  const paths = [a, b, a].map((sha256) => lookFile("Wages", "0".repeat(16), sha256).path);
  assert.ok(paths.every((path) => path.startsWith(`${looksFolder("wages", "0".repeat(16))}/`)));
  assert.equal(countLooks(paths, a), 2);
  assert.equal(countLooks(paths, "c".repeat(64)), 3);
  assert.equal(countLooks([], undefined), 0);
  assert.deepEqual(lookFile("m", "k", a), lookFile("m", "k", a));
});

test("a warning stands only where the budget is used up", () => {
  const found = { key: "", epoch: null, looks: 51, budget: 50, counted: "in the ledger" } as const;
  assert.match(looksWarning(found)?.text ?? "", /51 models were measured .*budget 50.*split\.epoch/);
  assert.equal(looksWarning({ ...found, looks: 50 }), undefined);
  assert.equal(looksWarning({ ...found, budget: null }), undefined);
  assert.equal(looksWarning({ ...found, looks: null }), undefined);
});

test("an epoch is a word, and no matter of time", () => {
  assert.throws(() => contract('{ epoch: "x\' || y" }'), /an epoch is letters, digits/);
  assert.throws(
    () => contract("{ by: time, epoch: b }", "label: y, positive: 1, id: id, time: t"),
    /a split by time draws nothing/,
  );
});
