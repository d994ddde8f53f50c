import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CALLED, callsIn, NEEDS } from "../../../src/core/doctor/calls.ts";
import { readWorkflow } from "../../../src/core/doctor/workflow.ts";
import { starter } from "./sound.ts";

for (const called of CALLED) {
  test(`${called}.yml asks its caller for what the doctor says`, () => {
    const file = `.github/workflows/${called}.yml`;
    const most: Record<string, string> = {};
    for (const { permissions } of readWorkflow(readFileSync(file, "utf8"), file).jobs) {
      for (const [scope, { level }] of permissions?.scopes ?? []) {
        if (most[scope] !== "write") most[scope] = level;
      }
    }
    assert.deepEqual(Object.entries(NEEDS[called]).sort(), Object.entries(most).sort());
  });
}

test("the starter calls each of them once", () => {
  assert.deepEqual(
    callsIn(starter()).map(({ called }) => called),
    ["pull-request", "judge", "command"],
  );
});

for (const text of [
  "",
  "a: [",
  "- 1",
  "jobs: 3",
  "jobs:\n  a: 1\n",
  "on: 3\njobs:\n  a:\n    steps: {}\n    permissions: 7\n",
  "&a [*a, *a]",
]) {
  test(`a file that is no workflow is read as far as it goes: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(callsIn([readWorkflow(text, "x.yml")]), []);
  });
}
