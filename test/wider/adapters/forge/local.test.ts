import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { type LocalBench, leaveArtifact, openBench } from "../../../adapters/forge/bench.ts";
import { forgeContract, type Part } from "../../../contracts/forge.ts";

const benches: LocalBench[] = [];

async function opened(as: "workflow" | "app"): Promise<LocalBench> {
  const bench = await openBench(as);
  benches.push(bench);
  if (as === "workflow") await leaveArtifact(bench);
  return bench;
}

/** What does not depend on who speaks is asked in a workflow's name alone. */
const SAME: readonly Part[] = [
  "pulls",
  "files of pulls",
  "pulls of commits",
  "reviews",
  "merge base",
  "reactions",
  "labels",
  "annotations",
  "statuses",
  "branches",
  "file",
  "tags",
  "releases",
  "assets",
  "runs",
  "rules",
];

forgeContract("GitHub, spoken to by a workflow", () => opened("workflow"));
forgeContract("GitHub, spoken to by an App", () => opened("app"), SAME);

describe("GitHub", () => {
  after(() => Promise.all(benches.map(({ github }) => github.close())));

  it("was asked nothing that its description does not allow", () => {
    assert.equal(benches.length, 2);
    assert.deepEqual(
      benches.flatMap(({ github }) => github.violations.filter((words) => !words.includes(" answered "))),
      [],
    );
  });
});
