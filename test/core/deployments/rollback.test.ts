import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  rollbackBody,
  rollbackBranch,
  rollbackTitle,
  type Step,
  stepBack,
  stepName,
  stepsNamed,
  stepsOf,
} from "../../../src/core/deployments/rollback.ts";
import { deployed, md5, sha } from "./make-records.ts";

const step = (digit: string, version?: string): Step => ({
  digest: { sha256: sha(digit), md5: md5(digit) } as Step["digest"],
  version,
  pull: undefined,
  at: undefined,
});
const back = (digits: string, current: string | undefined): string | undefined =>
  stepBack(
    [...digits].map((digit) => step(digit)),
    current === undefined ? undefined : sha(current),
  )?.digest.sha256[0];

describe("a step back", () => {
  it("goes to what was there before", () => {
    assert.equal(back("abc", "c"), "b");
    assert.equal(back("abc", "b"), "a");
    assert.equal(back("abc", "a"), undefined);
    assert.equal(back("", "a"), undefined);
  });

  it("does not come back to what was gone back from", () => {
    assert.equal(back("abcb", "b"), "a");
    assert.equal(back("abac", "c"), "a");
    assert.equal(back("abbc", "c"), "b");
  });

  it("goes to the last that served from bytes that never did, or from none", () => {
    assert.equal(back("ab", "f"), "b");
    assert.equal(back("ab", undefined), "b");
  });
});

describe("what was there", () => {
  it("is what was deployed well, the oldest first", () => {
    const steps = stepsOf([
      deployed({ digest: "b", deployment: 9, version: "v1.1.0", pull: null }),
      deployed({ digest: "c", deployment: 12, state: "failure" }),
      deployed({ digest: "a", deployment: 3, pull: 5 }),
    ]);
    assert.deepEqual(
      steps.map((one) => [one.version, one.pull, one.digest.md5]),
      [
        ["v1.0.0", 5, md5("a")],
        ["v1.1.0", undefined, md5("b")],
      ],
    );
  });

  it("is named by its version or by its first digits", () => {
    const steps = [step("a", "v1.0.0"), step("b", "v1.1.0"), step("a", "v1.0.0"), step("c", "v1.1.0")];
    const named = (asked: string) => stepsNamed(steps, asked).map(({ digest }) => digest.sha256[0]);
    assert.deepEqual(named("v1.0.0"), ["a"]);
    assert.deepEqual(named("1.0.0"), ["a"]);
    assert.deepEqual(named("v1.1.0"), ["c", "b"]);
    assert.deepEqual(named("BBBBBBB"), ["b"]);
    assert.deepEqual(named("bbbbbb"), []);
    assert.deepEqual(named(""), []);
    assert.equal(stepName(step("a")), "sha256:aaaaaaaaaaaa");
  });
});

describe("the pull request of a rollback", () => {
  const facts = {
    model: "wages",
    environment: "production",
    to: { ...step("a", "v1.1.0"), pull: 5 },
    from: step("b", "v1.2.0"),
  };

  it("says what serves again, in the place of what", () => {
    assert.equal(rollbackTitle(facts), "Roll wages back to v1.1.0 in production");
    const body = rollbackBody(facts);
    assert.match(
      body,
      /`production` serves `wages` `v1\.1\.0` again, which #5 brought there, in the place of `v1\.2\.0`/,
    );
    assert.match(body, /Only `deployments\/production\/wages\.yaml` changes/);
  });

  it("has a branch of its own, beside the ledger's, for each digest and each time", () => {
    const branch = rollbackBranch(facts, "0123456789".repeat(4));
    assert.equal(branch, "trainyard-rollback-production-wages-aaaaaaaa-01234567");
    assert.ok(!branch.startsWith("trainyard/"), "Git keeps no branch below another");
  });
});
