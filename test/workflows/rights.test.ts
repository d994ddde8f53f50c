import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { type PlannedWorkflow, planWorkflow } from "../../local/runner/plan.ts";
import { workingTree } from "../../local/runner/sources.ts";

const known = { "trainyard/trainyard": "." };

/** Jobs with what they need and may do, called ones below their callers. */
const shape = ({ jobs }: PlannedWorkflow): object =>
  Object.fromEntries(
    jobs.map(({ id, needs, called, granted }) => [
      [id, ...needs].join(" < "),
      called === undefined
        ? Object.entries(granted)
            .map((one) => one.join(": "))
            .sort()
            .join(", ")
        : shape(called),
    ]),
  );

const PULL_REQUEST = { fetch: "contents: read, packages: read", "train < fetch": "" };
const JUDGE = {
  resolve: "actions: read, checks: read, contents: read, pull-requests: read, statuses: read",
  "score < resolve": "actions: read, contents: read, packages: read",
  "write < resolve < score":
    "actions: read, checks: write, contents: write, packages: write, pull-requests: write, statuses: write",
};

describe("the rights of the shipped workflows", () => {
  it("plan as a repository calls them", async () => {
    const source = {
      ...workingTree("acme/wages", "refs/heads/main", "."),
      read: async (path: string) => readFileSync(path.replace(".github/", "templates/"), "utf8"),
    };
    assert.deepEqual(shape(await planWorkflow(source, ".github/workflows/trainyard.yml", known)), {
      propose: PULL_REQUEST,
    });
    assert.deepEqual(shape(await planWorkflow(source, ".github/workflows/trainyard-judge.yml", known)), {
      judge: JUDGE,
      command: {
        read: "contents: read, pull-requests: write",
        "train < read": PULL_REQUEST,
        "judge < read < train": JUDGE,
      },
    });
  });
});
