import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  deploymentPath,
  firstServed,
  parseDeploymentRecord,
  served,
  servingSince,
} from "../../../src/core/deployments/records.ts";
import { deployed, sha } from "./make-records.ts";

describe("deployments in the ledger", () => {
  it("stand in the folder of environment and model, one file for each end", () => {
    assert.equal(
      deploymentPath(deployed({ model: "Wages", deployment: 12 })),
      "deployments/staging/wages/12-success.json",
    );
    assert.equal(
      deploymentPath(deployed({ deployment: 12, state: "failure" })),
      "deployments/staging/wages/12-failure.json",
    );
  });

  it("are read strictly", () => {
    const record = deployed({});
    assert.deepEqual(parseDeploymentRecord(JSON.stringify(record)), record);
    assert.equal(parseDeploymentRecord("{"), undefined);
    assert.equal(parseDeploymentRecord(JSON.stringify({ ...record, more: 1 })), undefined);
    assert.equal(parseDeploymentRecord(JSON.stringify({ ...record, environment: "Staging" })), undefined);
  });

  const records = [
    deployed({ digest: "b", deployment: 30, at: "2026-11-20T08:00:00Z" }),
    deployed({ digest: "a", deployment: 4, at: "2026-11-01T08:00:00Z" }),
    deployed({ digest: "c", deployment: 31, state: "failure", at: "2026-11-21T08:00:00Z" }),
    deployed({ digest: "b", deployment: 32, at: "2026-11-22T08:00:00Z" }),
    deployed({ digest: "a", deployment: 10, at: "2026-11-09T08:00:00Z" }),
  ];

  it("count in the order of their numbers, and only where they went well", () => {
    assert.deepEqual(
      served(records).map(({ deployment }) => deployment),
      [4, 10, 30, 32],
    );
    assert.equal(firstServed(records, sha("a"))?.deployment, 4);
    assert.equal(firstServed(records, sha("c")), undefined);
  });

  it("say since when nothing else has served", () => {
    assert.equal(servingSince(records, sha("b")), "2026-11-20T08:00:00Z");
    assert.equal(servingSince(records, sha("a")), undefined);
    assert.equal(servingSince([], sha("a")), undefined);
  });
});
