import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { parseContract } from "../../src/config/parse.ts";

const template = parse(readFileSync("templates/wages/trainyard.yaml", "utf8"));

/** The errors of the template with these parts of `evaluate`. */
function errors(evaluate: object): string {
  try {
    parseContract(
      stringify({ ...template, evaluate: { ...template.evaluate, ...evaluate } }),
      "trainyard.yaml",
    );
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const profit = { value: "case when prediction = label then 1 else 0 end", better: "higher" };

test("metrics of one's own are named among the metrics and in gates", () => {
  const gates = ["profit >= 0", "profit >= baseline - 1", "worst_group profit by gender >= 0"];
  assert.equal(errors({ custom: { profit }, metrics: ["profit", "roc_auc"], gates }), "");
});

const WRONG: readonly (readonly [string, object, RegExp])[] = [
  ["a name that is taken", { custom: { roc_auc: profit } }, /there is a metric "roc_auc" already/],
  ["a word of conditions", { custom: { baseline: profit } }, /"baseline" is a word of conditions/],
  ["a name that is none", { custom: { "Pro fit": profit } }, /lower-case letters/],
  ["no direction", { custom: { p: { value: "1" } } }, /missing key "better"/],
  ["what cannot be read", { custom: { p: { ...profit, value: "case when 1" } } }, /trainyard\.yaml:\d+:\d+ /],
  ["a file", { custom: { p: { ...profit, value: "read_csv('x')" } } }, /read_csv/],
  [
    "a sum that is a ratio",
    { custom: { p: { ...profit, over: "1", aggregate: "sum" } } },
    /it is a ratio, and no sum/,
  ],
  [
    "a gate on none",
    { custom: { profit }, gates: ["profits >= 0"] },
    /unknown metric "profits"; did you mean "profit"/,
  ],
  [
    "no such metric",
    { custom: { profit }, metrics: ["nope"] },
    /unknown metric "nope".*and of your own: profit/,
  ],
  [
    "no such group",
    { custom: { profit }, gates: ["worst_group profit by age >= 0"] },
    /data\.roles\.sensitive/,
  ],
];

for (const [name, evaluate, says] of WRONG) {
  test(`refused: ${name}`, () => assert.match(errors(evaluate), says));
}
