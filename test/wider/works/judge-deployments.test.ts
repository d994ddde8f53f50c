import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, beforeEach, describe, it } from "node:test";
import { writeDesired } from "../../../src/core/deployments/desired.ts";
import { deploymentPath } from "../../../src/core/deployments/records.ts";
import { recordFiles } from "../../../src/core/proposal/vouch.ts";
import { UserError } from "../../../src/errors.ts";
import { type JudgeRequest, judge } from "../../../src/works/judge.ts";
import { deployed, md5, sha, verdictOf } from "../../core/deployments/make-records.ts";
import { contract, memoryLedger, openProposal, type Proposal } from "../../works/proposal.ts";

/* Changes of desired states alone: no model is trained, opened or even there. */

const DEPLOY = "deploy:\n  staging: { to: server }\n  production: { to: server, after: staging }\n";
const STAGING = "deployments/staging/small.yaml";
const PRODUCTION = "deployments/production/small.yaml";

let proposal: Proposal;
let base: string;

const state = (digit: string, version?: string): string =>
  writeDesired({ model: "small", digest: { sha256: sha(digit), md5: md5(digit) } as never, version });

before(async () => {
  proposal = openProposal();
  proposal.write("trainyard.yaml", contract() + DEPLOY);
  proposal.write(STAGING, state("b", "v1.1.0"));
  proposal.write(PRODUCTION, state("a", "v1.0.0"));
  base = proposal.commit();
  const records = [
    deployed({ model: "small", digest: "a", version: "v1.0.0", deployment: 1, pull: 4 }),
    deployed({ model: "small", digest: "b", version: "v1.1.0", deployment: 3, pull: 7 }),
    ...[
      { digest: "0", version: "v0.9.0", deployment: 2, pull: 3 },
      { digest: "a", version: "v1.0.0", deployment: 4, pull: 5 },
    ].map((one) => deployed({ model: "small", environment: "production", reason: "promoted", ...one })),
  ];
  await proposal.ledger.add([
    ...records.map((record) => ({ path: deploymentPath(record), text: JSON.stringify(record) })),
    ...recordFiles(verdictOf({ model: "small", digest: "b", pull: 7 })),
    ...recordFiles(verdictOf({ model: "small", digest: "f", pull: 8, verdict: "fail" })),
  ]);
});
after(() => proposal.close());
beforeEach(() => {
  proposal.git("checkout", "--quiet", "--force", "--detach", base);
  proposal.git("clean", "--quiet", "--force", "-d");
});

function change(alter: () => void, from = base): string {
  proposal.git("checkout", "--quiet", "--force", "--detach", from);
  alter();
  return proposal.commit();
}

async function judged(head: string, by = base, more: Partial<JudgeRequest> = {}) {
  const trees = proposal.layOut(head, by);
  const ports = proposal.ports(join(trees, "head"));
  return judge(ports, {
    base: "../base",
    trained: undefined,
    outside: false,
    verify: false,
    mergeBase: proposal.git("merge-base", by, head),
    token: "t",
    out: proposal.room(),
    ...more,
  });
}

describe("a change of desired states alone", () => {
  it("is judged by the ledger, and no model with it", async () => {
    const head = change(() => proposal.write(PRODUCTION, state("b", "v1.1.0")));
    const { verdict, models, deployments, notes } = await judged(head);
    assert.deepEqual([verdict, models, notes], ["pass", [], []]);
    assert.deepEqual(
      deployments.map(({ kind, sentence }) => [kind, sentence]),
      [
        [
          "promotion",
          "Promotion of small v1.1.0 to production: judged in #7 (pass), serving in staging since 2026-11-20",
        ],
      ],
    );
  });

  it("trains nothing", async () => {
    const head = change(() => proposal.write(PRODUCTION, state("b", "v1.1.0")));
    const trees = proposal.layOut(head, base);
    assert.deepEqual((await proposal.handOver(trees)).models, []);
  });

  it("is seen from where it began, whatever came to the base since", async () => {
    const head = change(() => proposal.write(PRODUCTION, state("b", "v1.1.0")));
    const later = change(() => {
      proposal.write("trainyard.yaml", contract({ gates: "    - accuracy >= 0.5\n" }) + DEPLOY);
      proposal.write(STAGING, state("c", "v1.2.0"));
    });
    const { verdict, models, deployments } = await judged(head, later);
    assert.deepEqual([verdict, models], ["pass", []]);
    assert.deepEqual(
      deployments.map(({ path }) => path),
      [PRODUCTION],
    );
    const mergeBase = proposal.git("merge-base", later, head);
    const handed = await proposal.handOver(proposal.layOut(head, later), { mergeBase });
    assert.deepEqual(handed.models, []);
  });

  it("is refused with the place of what is wrong, and the gravest decides", async () => {
    const head = change(() => {
      proposal.write(PRODUCTION, state("0", "v0.9.0"));
      proposal.write("deployments/prodution/small.yaml", state("b"));
      proposal.write("deployments/production/smal.yaml", state("b").replace("small", "smal"));
      proposal.write(STAGING, state("f"));
    });
    const { verdict, deployments } = await judged(head);
    assert.equal(verdict, "fail");
    assert.deepEqual(
      deployments.map(({ path, kind, sentence }) => [path, kind, sentence.replace(/^.*?: /, "")]),
      [
        [
          "deployments/production/smal.yaml",
          "refused",
          'no contract of the base is of "smal"; did you mean "small"?',
        ],
        [PRODUCTION, "rollback", "Rollback of small in production to v0.9.0, a digest promoted in #3"],
        [
          "deployments/prodution/small.yaml",
          "refused",
          'the base\'s contract knows no environment "prodution" (staging, production); did you mean "production"?',
        ],
        [STAGING, "refused", "ffffffffffff failed in #8: Better than the model in production"],
      ],
    );
  });

  it("waits for a person where a state is taken away", async () => {
    const head = change(() => proposal.git("rm", "--quiet", PRODUCTION));
    const { verdict, deployments } = await judged(head);
    assert.deepEqual([verdict, deployments[0]?.kind], ["inconclusive", "removal"]);
  });

  it("is undecided, and never a pass, where the ledger cannot be read", async () => {
    const away = { ...memoryLedger(), list: () => Promise.reject(new UserError("the server is away")) };
    const ports = proposal.ports;
    proposal.ports = (at) => ({ ...ports(at), ledger: async () => away });
    try {
      const head = change(() => proposal.write(PRODUCTION, state("b", "v1.1.0")));
      const { verdict, deployments } = await judged(head);
      assert.deepEqual([verdict, deployments[0]?.kind], ["inconclusive", "undecided"]);
      assert.match(deployments[0]?.sentence ?? "", /the server is away/);
    } finally {
      proposal.ports = ports;
    }
  });

  it("is looked at in a merge queue the same way", async () => {
    const head = change(() => proposal.write(PRODUCTION, state("b", "v1.1.0")));
    const { verdict, models, deployments } = await judged(head, base, { verify: true });
    assert.deepEqual([verdict, models, deployments[0]?.kind], ["pass", [], "promotion"]);
  });
});

describe("a rollback", () => {
  const back = () => proposal.write(PRODUCTION, state("0", "v0.9.0"));

  it("passes though the contract of its own branch and of the base is broken", async () => {
    const broken = change(() => proposal.write("trainyard.yaml", "model: [\n"));
    const { verdict, models, deployments } = await judged(change(back, broken), broken);
    assert.deepEqual([verdict, models, deployments[0]?.kind], ["pass", [], "rollback"]);
  });

  it("passes though the contract deploys nowhere any more, or is gone", async () => {
    for (const alter of [
      () => proposal.write("trainyard.yaml", contract()),
      () => proposal.git("rm", "--quiet", "trainyard.yaml"),
    ]) {
      const other = change(alter);
      const { verdict, deployments } = await judged(change(back, other), other);
      assert.deepEqual([verdict, deployments[0]?.kind], ["pass", "rollback"]);
    }
  });

  it("passes beside a change that fails, and fails nothing else", async () => {
    const head = change(() => {
      back();
      proposal.write("trainyard.yaml", "model: [\n");
    });
    const { verdict, models, deployments } = await judged(head);
    assert.deepEqual([verdict, models[0]?.state, deployments[0]?.verdict], ["fail", "failed", "pass"]);
  });
});

describe("files below deployments/", () => {
  it("of somebody else are left alone where no contract deploys", async () => {
    const nowhere = change(() => proposal.write("trainyard.yaml", contract()));
    const head = change(() => {
      proposal.write("deployments/k8s/app.yaml", "kind: Deployment\n");
      proposal.write("README.md", "Words\n");
    }, nowhere);
    const { deployments, notes, models } = await judged(head, nowhere);
    assert.deepEqual(deployments, []);
    assert.equal(models.length, 1, "what is no desired state may be anything, so the models are looked at");
    assert.doesNotMatch(notes.join(), /deployments/);
  });

  it("that nothing reads are named where a contract deploys", async () => {
    const head = change(() => {
      proposal.write("deployments/Production/small.yaml", state("b"));
      proposal.write("deployments/NOTES.md", "Words\n");
    });
    const { deployments, notes } = await judged(head);
    assert.deepEqual(deployments, []);
    assert.match(notes.join("\n"), /"deployments\/Production\/small\.yaml" is no desired state/);
  });
});

describe("two models of one name", () => {
  it("are refused in a repository that deploys, with where the other one is", async () => {
    const head = change(() => {
      proposal.write("other/trainyard.yaml", contract().replace("small", "Small"));
    });
    const { verdict, models } = await judged(head);
    assert.equal(verdict, "fail");
    assert.deepEqual(
      models.map(({ folder, problem }) => [folder, problem?.message]),
      [
        [
          ".",
          'model is "small", as in "other"; in a repository that deploys each model has a name of its own',
        ],
        [
          "other",
          'model is "Small", as in "."; in a repository that deploys each model has a name of its own',
        ],
      ],
    );
  });
});
