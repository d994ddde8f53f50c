import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Contract } from "../../../src/config/contract.ts";
import { decideState, promotionOf } from "../../../src/core/deployments/plan.ts";
import { deployed, md5, sha, verdictOf } from "./make-records.ts";

const DEPLOY: Contract["deploy"] = {
  staging: { to: "server" },
  production: { to: "server", after: "staging" },
};

const text = (digest: string, more = "") =>
  `model: wages\nserve: { ${more}sha256: ${sha(digest)}, md5: ${md5(digest)} }\n`;

const decide = (
  environment: string,
  state: string,
  known: Partial<Parameters<typeof decideState>[2]> = {},
): ReturnType<typeof decideState> =>
  decideState(`deployments/${environment}/wages.yaml`, state, {
    deploy: DEPLOY,
    here: [],
    before: [],
    verdicts: [],
    unasked: undefined,
    ...known,
  });

describe("a desired state of the default branch", () => {
  it("is deployed to the first environment by its verdict", () => {
    const found = decide("staging", text("a"), { verdicts: [verdictOf({ digest: "a", pull: 7 })] });
    assert.equal(found.kind, "due");
    assert.deepEqual([found.reason, found.digest.sha256, found.pull], ["merged", sha("a"), 7]);
  });

  it("is left where the very bytes were deployed last", () => {
    const found = decide("staging", text("a"), { here: [deployed({ digest: "a", deployment: 4 })] });
    assert.equal(found.kind, "serves");
    assert.equal(found.record.deployment, 4);
  });

  it("is rolled back to without a verdict, and without a contract that can be read", () => {
    const here = [
      deployed({ digest: "a", deployment: 4 }),
      deployed({ digest: "b", deployment: 5, version: "v1.1.0" }),
    ];
    for (const deploy of [DEPLOY, {}, "its contract cannot be read"] as const) {
      const found = decide("staging", text("a"), { here, deploy });
      assert.equal(found.kind, "due");
      assert.equal(found.reason, "rolled back");
    }
  });

  it("was not deployed by a deployment that failed", () => {
    const here = [deployed({ digest: "a", state: "failure" })];
    const found = decide("staging", text("a"), { here, verdicts: [verdictOf({ digest: "a" })] });
    assert.equal(found.kind, "due");
    assert.equal(found.reason, "merged");
  });

  it("is refused, on its line, where no verdict lets it pass", () => {
    for (const verdicts of [[], [verdictOf({ digest: "a", verdict: "fail" })]]) {
      const found = decide("staging", text("a"), { verdicts });
      assert.equal(found.kind, "refused");
      assert.equal(found.line, 2);
    }
  });

  it("waits for the environment that it comes after", () => {
    const verdicts = [verdictOf({ digest: "a" })];
    const early = decide("production", text("a"), { verdicts });
    assert.equal(early.kind, "refused");
    assert.match(early.sentence, /it comes after staging/);
    const failed = decide("production", text("a"), {
      verdicts,
      before: [deployed({ digest: "a", state: "failure" })],
    });
    assert.equal(failed.kind, "refused");
    const found = decide("production", text("a"), { verdicts, before: [deployed({ digest: "a" })] });
    assert.equal(found.kind, "due");
    assert.equal(found.reason, "promoted");
  });

  it("is refused under another md5, in an unknown environment, and where nobody can read it", () => {
    const verdicts = [verdictOf({ digest: "a" })];
    const other = text("a").replace(md5("a"), md5("b"));
    assert.equal(decide("staging", other, { verdicts }).kind, "refused");
    assert.equal(decide("stagin", text("a"), { verdicts }).kind, "refused");
    assert.equal(decide("staging", "model: [", { verdicts }).kind, "refused");
  });
});

describe("a promotion", () => {
  const candidate = { environment: "production", after: "staging", wanted: undefined, here: [], before: [] };

  it("is of what was deployed last, whatever the records' order", () => {
    const before = [
      deployed({ digest: "b", deployment: 12, version: "v1.1.0" }),
      deployed({ digest: "a", deployment: 9 }),
    ];
    const found = promotionOf({ ...candidate, before });
    assert.equal(found.kind, "wanted");
    assert.equal(found.record.version, "v1.1.0");
  });

  it("is none of bytes that are wanted already, nor of such as were taken back", () => {
    const before = [deployed({ digest: "b", deployment: 12 })];
    assert.equal(promotionOf({ ...candidate, before, wanted: sha("b") }).kind, "unwanted");
    const here = [
      deployed({ digest: "b", deployment: 13, environment: "production" }),
      deployed({ digest: "a", deployment: 14, environment: "production" }),
    ];
    assert.equal(promotionOf({ ...candidate, before, here, wanted: sha("a") }).kind, "unwanted");
    const failed = [deployed({ digest: "b", deployment: 13, state: "failure" })];
    assert.equal(promotionOf({ ...candidate, before, here: failed, wanted: sha("a") }).kind, "wanted");
  });
});
