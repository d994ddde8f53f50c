import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deploymentChange } from "../../../src/core/deployments/change.ts";
import { classifyChange, type Known, type StateFile } from "../../../src/core/deployments/changes.ts";
import { writeDesired } from "../../../src/core/deployments/desired.ts";
import { deployed, md5, sha, verdictOf } from "./make-records.ts";

const PATH = "deployments/production/wages.yaml";
const DEPLOY: Exclude<Known["deploy"], string> = {
  staging: { to: "server" },
  production: { to: "server", after: "staging" },
};
const KNOWN: Known = {
  deploy: DEPLOY,
  here: [],
  before: [],
  verdicts: [],
  unasked: undefined,
  brought: undefined,
};

const state = (digit: string, version?: string): string =>
  writeDesired({ model: "wages", digest: { sha256: sha(digit), md5: md5(digit) } as never, version });

function classify(file: Partial<StateFile>, known: Partial<Known> = {}) {
  const change = classifyChange(
    { path: PATH, before: state("a", "v1.0.0"), after: state("b", "v1.1.0"), ...file },
    { ...KNOWN, ...known },
  );
  deploymentChange.parse(change);
  return change;
}

const judged = verdictOf({ digest: "b", pull: 7 });
const inStaging = deployed({ digest: "b", version: "v1.1.0", at: "2026-11-20T10:00:00Z", deployment: 8 });
const inProduction = (
  digest: string,
  version: string,
  deployment: number,
  pull: number | null = deployment,
) => deployed({ environment: "production", digest, version, deployment, pull, reason: "promoted" });

describe("a promotion", () => {
  it("takes a waived verdict as one that lets the bytes pass, and names who waived", () => {
    const waived = { by: "@anna", because: "b", until: "2026-12-31", instead_of: "fail" } as const;
    const gates = ["f1 >= 0.7", "f1 >= baseline"].map((condition) => ({
      condition,
      verdict: "waived" as const,
      waived,
    }));
    const verdict = { ...judged, verdict: "waived" as const, gates };
    const change = classify({}, { verdicts: [verdict], before: [inStaging] });
    assert.deepEqual([change.kind, change.verdict], ["promotion", "waived"]);
    assert.match(change.sentence, /judged in #7 \(waived by @anna until 2026-12-31\), serving in staging/);
    const failed = { ...judged, verdict: "fail" as const };
    assert.equal(classify({}, { verdicts: [failed, verdict], before: [inStaging] }).verdict, "waived");
    assert.equal(classify({}, { verdicts: [judged, verdict], before: [inStaging] }).verdict, "pass");
  });

  it("passes with a verdict and once it served where it had to", () => {
    const change = classify({}, { verdicts: [judged], before: [inStaging] });
    assert.deepEqual(change, {
      path: PATH,
      environment: "production",
      model: "wages",
      kind: "promotion",
      verdict: "pass",
      from: { sha256: sha("a"), md5: md5("a"), version: "v1.0.0" },
      to: { sha256: sha("b"), md5: md5("b"), version: "v1.1.0" },
      sentence:
        "Promotion of wages v1.1.0 to production: judged in #7 (pass), serving in staging since 2026-11-20",
      line: 2,
      pulls: [7],
    });
  });

  it("says when it served where others do by now", () => {
    const newer = deployed({ digest: "c", deployment: 9, at: "2026-11-25T10:00:00Z" });
    const { verdict, sentence } = classify({}, { verdicts: [judged], before: [newer, inStaging] });
    assert.equal(verdict, "pass");
    assert.match(sentence, /served in staging on 2026-11-20$/);
  });

  it("is the first state of an environment, too, and is named by its digest without a version", () => {
    const change = classify(
      { before: undefined, after: state("b") },
      { verdicts: [judged], before: [inStaging] },
    );
    assert.equal(change.from, null);
    assert.equal(change.verdict, "pass");
    assert.match(change.sentence, /^Promotion of wages bbbbbbbbbbbb to production/);
  });

  it("is refused without a verdict, with failing ones alone, and before it served where it must", () => {
    const refusals: readonly [Partial<Known>, RegExp][] = [
      [
        { before: [inStaging] },
        /^wages may not go to production: no verdict in the ledger speaks of bbbbbbbbbbbb/,
      ],
      [
        {
          verdicts: [verdictOf({ digest: "b", verdict: "fail", sentence: "Fails: f1 0.6 is below 0.8." })],
          before: [inStaging],
        },
        /v1\.1\.0 failed in #7: f1 0\.6 is below 0\.8$/,
      ],
      [{ verdicts: [judged] }, /it comes after staging, and v1\.1\.0 has not served there/],
      [
        { verdicts: [judged], before: [{ ...inStaging, state: "failure" }] },
        /it comes after staging, and v1\.1\.0 has not served there/,
      ],
      [
        { verdicts: [judged], before: [{ ...inStaging, version: "v1.0.9" }] },
        /the file says v1\.1\.0, and these bytes are v1\.0\.9/,
      ],
      [
        { verdicts: [judged], before: [inStaging], deploy: { prod: { to: "server" } } },
        /the base's contract knows no environment "production" \(prod\)/,
      ],
      [
        { verdicts: [judged], before: [inStaging], deploy: {} },
        /the base's contract of wages deploys nowhere/,
      ],
      [
        { verdicts: [judged], deploy: 'no contract of the base is of "wages"' },
        /no contract of the base is of/,
      ],
    ];
    for (const [known, sentence] of refusals) {
      const change = classify({}, known);
      assert.deepEqual([change.kind, change.verdict], ["refused", "fail"], String(sentence));
      assert.match(change.sentence, sentence);
    }
  });

  it("needs one verdict that passes, whatever others say", () => {
    const worse = verdictOf({ digest: "b", pull: 9, verdict: "fail", at: "2026-12-01T08:00:00Z" });
    const { verdict, sentence } = classify({}, { verdicts: [worse, judged], before: [inStaging] });
    assert.equal(verdict, "pass");
    assert.match(sentence, /judged in #7 \(pass\)/);
  });

  it("waits for a person where nobody approved an open verdict by merging it", () => {
    const open = verdictOf({ digest: "b", verdict: "inconclusive" });
    assert.equal(classify({}, { verdicts: [open], before: [inStaging] }).verdict, "pass");
    const first = classify({ path: "deployments/staging/wages.yaml" }, { verdicts: [open] });
    assert.deepEqual([first.kind, first.verdict], ["promotion", "inconclusive"]);
  });

  it("is no environment by a name that every object has", () => {
    const change = classify({ path: "deployments/constructor/wages.yaml" }, { verdicts: [judged] });
    assert.equal(change.kind, "refused");
  });
});

describe("a rollback", () => {
  const here = [inProduction("b", "v1.1.0", 5), inProduction("a", "v1.2.0", 9)];
  const back = { before: state("a", "v1.2.0"), after: state("b", "v1.1.0") };

  it("passes by having served there, without a verdict and whatever the contract says", () => {
    const contracts: readonly Known["deploy"][] = [DEPLOY, {}, "the base's contract cannot be read"];
    for (const deploy of contracts) {
      const failing = verdictOf({ digest: "b", verdict: "fail" });
      const change = classify(back, { here, deploy, verdicts: [failing], unasked: "no token" });
      assert.deepEqual([change.kind, change.verdict, change.pulls], ["rollback", "pass", [5]]);
      assert.equal(change.sentence, "Rollback of wages in production to v1.1.0, a digest promoted in #5");
    }
  });

  it("says when it served where nobody knows the pull request", () => {
    const change = classify(back, { here: [inProduction("b", "v1.1.0", 5, null)] });
    assert.match(change.sentence, /to v1\.1\.0, a digest that served there on 2026-11-20$/);
  });

  it("is called a return where it goes forward again", () => {
    const change = classify({ before: state("b", "v1.1.0"), after: state("a", "v1.2.0") }, { here });
    assert.equal(change.kind, "rollback");
    assert.match(change.sentence, /^Return of wages in production to v1\.2\.0/);
  });

  it("warns of a wrong name, and stops at bytes that nobody could fetch", () => {
    const misnamed = classify({ ...back, after: state("b", "v9.9.9") }, { here });
    assert.deepEqual([misnamed.kind, misnamed.verdict], ["rollback", "warn"]);
    assert.match(misnamed.sentence, /to v1\.1\.0, .*the file calls it v9\.9\.9, which it is not$/);
    const text = state("b", "v1.1.0").replace(md5("b"), md5("c"));
    const wrong = classify({ ...back, after: text }, { here });
    assert.equal(wrong.kind, "refused");
    assert.match(wrong.sentence, /serve\.md5 is c{32}\.dir, and the bytes with this sha256 have b{32}\.dir/);
  });

  it("is none to bytes whose deployment failed", () => {
    const change = classify(back, { here: [{ ...inProduction("b", "v1.1.0", 5), state: "failure" }] });
    assert.equal(change.kind, "refused");
  });
});

describe("other changes of a desired state", () => {
  it("that only write the same bytes otherwise are none", () => {
    const change = classify({ after: `# ours\n${state("a", "v1.0.0")}` });
    assert.deepEqual([change.kind, change.verdict, change.line], ["unchanged", "pass", 3]);
    const renamed = { before: state("a", "v1.0.0"), after: state("a", "v2.0.0") };
    assert.deepEqual(classify(renamed).verdict, "warn");
    const known = classify(renamed, { here: [inProduction("a", "v1.0.0", 3)] });
    assert.deepEqual([known.kind, known.verdict], ["refused", "fail"]);
  });

  it("that take it away need a person", () => {
    const change = classify({ after: undefined });
    assert.deepEqual([change.kind, change.verdict, change.to], ["removal", "inconclusive", null]);
  });

  it("that nobody can read are refused, with line and column", () => {
    for (const [text, sentence, line] of [
      [
        "model: wages\nserve: { sha256: x, md5: y }\n",
        /^deployments\/production\/wages\.yaml:2:18 serve\.sha256 is "x"/,
        2,
      ],
      ["model: [\n", /^deployments\/production\/wages\.yaml:\d+:\d+ /, undefined],
      [state("b").replace("wages", "tenure"), /:1:8 model is "tenure", and the file is that of "wages"/, 1],
      ["<<<<<<< HEAD\n", /^deployments\/production\/wages\.yaml/, undefined],
    ] as const) {
      const change = classify({ after: text });
      assert.deepEqual([change.kind, change.verdict], ["refused", "fail"]);
      assert.match(change.sentence, sentence);
      if (line !== undefined) assert.equal(change.line, line);
    }
  });

  it("cannot be told where the ledger is not asked", () => {
    const change = classify({}, { unasked: "the ledger was not asked, since no token is given" });
    assert.deepEqual([change.kind, change.verdict], ["undecided", "inconclusive"]);
    assert.match(change.sentence, /cannot be told: the ledger was not asked/);
  });

  it("read a broken state of the base as none, so that it can be mended", () => {
    const change = classify({ before: "model: [" }, { verdicts: [judged], before: [inStaging] });
    assert.deepEqual([change.kind, change.from], ["promotion", null]);
  });
});

describe("the state of a model that is judged with it", () => {
  const path = "deployments/staging/wages.yaml";
  const brought = {
    digest: { sha256: sha("b"), md5: md5("b") },
    environment: "staging",
    written: false,
  };

  it("follows the merge, without a verdict in the ledger yet", () => {
    const change = classify({ path, after: state("b") }, { brought });
    assert.deepEqual([change.kind, change.verdict], ["merge", "pass"]);
  });

  it("is what our own commit makes of it, whatever stands there now", () => {
    for (const after of [undefined, state("c"), "model: ["]) {
      const change = classify({ path, after }, { brought: { ...brought, written: true } });
      assert.deepEqual([change.kind, change.to?.sha256], ["merge", sha("b")]);
    }
  });

  it("is judged as any other where it names other bytes, or another environment", () => {
    assert.equal(classify({ path, after: state("c") }, { brought }).kind, "refused");
    assert.equal(classify({ after: state("b") }, { brought }).kind, "refused");
  });
});
