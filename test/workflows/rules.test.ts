import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { readWorkflow } from "../../src/core/doctor/workflow.ts";
import { RULES } from "./rules/rules.ts";

for (const { name, because, find, good, bad } of RULES) {
  describe(`the rule ${name}: ${because}`, () => {
    const linesOf = (text: string): number[] => find(readWorkflow(text, "x.yml")).map(({ line }) => line);
    for (const [index, text] of good.entries()) {
      it(`lets good example ${index + 1} pass`, () => assert.deepEqual(linesOf(text), []));
    }
    for (const [index, { lines, text }] of bad.entries()) {
      it(`finds bad example ${index + 1}`, () => assert.deepEqual(linesOf(text), lines));
    }
    it("has examples of both", () => assert.ok(good.length > 0 && bad.length > 0));
  });
}

it("every rule is in the index", () => {
  const files = readdirSync("test/workflows/rules").filter((file) => !["rule.ts", "rules.ts"].includes(file));
  assert.deepEqual(RULES.map(({ name }) => `${name}.ts`).sort(), files.sort());
});
