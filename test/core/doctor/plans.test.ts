import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Capabilities, capabilitiesOf, type Plan, planNamed } from "../../../src/core/doctor/plans.ts";

/** The columns of the page's table, and its rows by their first words. */
const COLUMNS: readonly (readonly [Plan, boolean])[] = [
  ["free", false],
  ["free", true],
  ["pro", true],
  ["team", true],
  ["enterprise", true],
];
const ROWS: Readonly<Record<string, keyof Capabilities>> = {
  "a required status": "rules",
  "only the App pushes": "rules",
  "a second person": "codeOwners",
  "the App's key": "environments",
  "approval or waiting": "reviewers",
  "merge queue": "mergeQueue",
  "nobody pushes certain": "pushRules",
  attestations: "attestations",
};

test("the page says of each plan what the doctor says", () => {
  const page = readFileSync("docs/github/plans.md", "utf8");
  for (const [words, capability] of Object.entries(ROWS)) {
    const line = page.split("\n").find((one) => one.replaceAll("*", "").startsWith(`| ${words}`));
    assert.ok(line, words);
    const cells = line
      .split("|")
      .slice(2, -1)
      .map((cell) => cell.trim());
    for (const [index, [plan, isPrivate]] of COLUMNS.entries()) {
      const of = (organization: boolean) =>
        capabilitiesOf(plan, { private: isPrivate, organization })[capability];
      // A person's repository has no merge queue; Enterprise has organisations alone.
      const expected =
        of(true) === of(false) || plan === "enterprise" ? (of(true) ? "✓" : "–") : "organisations";
      assert.equal(cells[index], expected, `${words}: ${plan}, ${isPrivate ? "private" : "public"}`);
    }
  }
});

test("a public repository can on a paid plan what it can on Free", () => {
  const free = capabilitiesOf("free", { private: false, organization: true });
  for (const plan of ["pro", "team", "enterprise"] as const)
    assert.deepEqual(capabilitiesOf(plan, { private: false, organization: true }), free);
});

test("plans have the names that the API gives them", () => {
  assert.deepEqual(
    ["free", "pro", "team", "business", "business_plus", "enterprise", "medium", undefined].map(planNamed),
    ["free", "pro", "team", "team", "enterprise", "enterprise", undefined, undefined],
  );
});
