import assert from "node:assert/strict";
import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { commitTo } from "../../src/adapters/forge/memory.ts";
import { digestOf, objectPath } from "../../src/core/artifacts/digest.ts";
import type { DeploymentChange } from "../../src/core/deployments/change.ts";
import { parseRecord } from "../../src/core/proposal/vouch.ts";
import { aboutOf, VERDICT_MARKER } from "../../src/core/report/comment/marker.ts";
import { UserError } from "../../src/errors.ts";
import { write } from "../artifacts/temporary.ts";
import {
  APP,
  handedOver,
  judgement,
  model,
  run,
  stateOf,
  type Town,
  town,
  WORKFLOW,
} from "./publish-town.ts";

const only = <T>(list: readonly T[]): T => {
  assert.equal(list.length, 1);
  return list[0] as T;
};
const comment = (place: Town): string => only(place.world.comments).body;
const statusOn = (place: Town, commit: string) =>
  place.world.statuses.filter((one) => one.commit === commit).at(-1)?.status;
const checksOn = (place: Town, commit: string) =>
  place.world.checks.filter(({ check }) => check.commit === commit).map(({ check }) => check);
const bytesAreThere = ({ store }: Town): boolean =>
  existsSync(join(store, objectPath(digestOf("the model").md5)));

async function passing(fork = false) {
  const place = await town(fork);
  return { place, folder: handedOver(judgement(place, [model("binary-pass")])) };
}

describe("publishing where there is no remote", () => {
  it("says the verdict and that nothing is kept, and names nothing that nobody has", async () => {
    const { place, folder } = await passing();
    writeFileSync(join(place.folder, ".dvc", "config"), "");
    const { outputs, exit } = await run(place, { folder });
    assert.deepEqual([outputs.verdict, outputs.commit, exit], ["pass", "", undefined]);
    assert.match(comment(place), /Nothing was committed:\*\* `main` names no remote/);
    assert.equal(statusOn(place, place.head)?.state, "success");
    assert.equal(place.records.size, 0);
    assert.equal(place.world.branches.get("feature"), place.head);
  });
});

describe("publishing a second push", () => {
  it("says what moved since the first by the ledger's records, and not by what stands in the comment", async () => {
    const place = await town();
    await run(place, { folder: handedOver(judgement(place, [model("binary-fail")])) });
    assert.doesNotMatch(comment(place), /Since the last push/);

    const [said] = place.world.comments;
    if (said !== undefined)
      place.world.comments[0] = { ...said, body: said.body.replaceAll("0.834", "0.111") };
    const first = place.head.slice(0, 7);
    const head = commitTo(place.world, "feature", { message: "Better", write: { "train.py": "better()\n" } });
    const next = { ...place, head };
    const folder = handedOver(judgement(next, [model("inconclusive")]));
    await run(next, { folder, inputs: { head }, now: "2026-11-21T09:00:00Z" });
    assert.match(
      comment(place),
      new RegExp(
        `<summary><b>Since the last push</b> \\(<code>${first}</code>\\) · ❌ fail → ❔ inconclusive · 6 gates changed · the same bytes</summary>`,
      ),
    );
    assert.doesNotMatch(comment(place), /0\.111/);
  });
});

describe("publishing a pass", () => {
  it("leaves bytes, record, check, status, comment and one commit upon the judged one", async () => {
    const { place, folder } = await passing();
    const { outputs, exit, markdown } = await run(place, { folder });
    const sha = place.world.branches.get("feature") as string;
    assert.deepEqual([outputs.verdict, outputs.commit, exit], ["pass", sha, undefined]);
    assert.equal(bytesAreThere(place), true);

    const made = place.world.commits.get(sha);
    assert.deepEqual(made?.parents, [place.head]);
    assert.match(made?.message ?? "", /^Lock wages: pass\n\nTrainyard-Model: wages sha256:[0-9a-f]{64}\n/);
    assert.equal(Buffer.from(made?.tree.get("models/wages.dvc") ?? []).toString(), "outs: []\n");

    for (const commit of [place.head, sha]) {
      assert.equal(statusOn(place, commit)?.state, "success");
      assert.equal(only(checksOn(place, commit)).conclusion, "success");
    }
    assert.deepEqual(aboutOf(comment(place)), { commit: place.head, state: "judged", committed: sha });
    assert.match(comment(place), /👀 \*\*Review now\.\*\* Commit /);
    assert.equal(markdown, comment(place));

    const path = [...place.records.keys()].find((one) => one.startsWith("verdicts/")) ?? "";
    const record = parseRecord(place.records.get(path) ?? "");
    assert.equal(record?.lock, digestOf("schema: trainyard/lock/1\nstages: {}\n").sha256);
    assert.equal(record?.trained_by, "https://github.com/acme/wages/actions/runs/4711");
    assert.equal(record?.judged_at, "2026-11-21T08:00:00.000Z");
    assert.equal(place.records.size, 4);
  });

  it("done again, hours later, changes nothing", async () => {
    const { place, folder } = await passing();
    await run(place, { folder });
    const before = stateOf(place);
    const records = new Map(place.records);
    await run(place, { folder, now: "2026-11-21T23:00:00Z" });
    assert.deepEqual(stateOf(place), before);
    assert.deepEqual(place.records, records);
  });

  it("says of a commit that it makes what it does not start", async () => {
    const { place, folder } = await passing();
    await run(place, { folder, speaker: WORKFLOW });
    assert.match(comment(place), /made with the workflow's own token, which starts no workflows/);
  });

  it("commits nothing where the branch holds it all, byte for byte", async () => {
    const place = await town();
    const files = model("binary-pass").files;
    const write = Object.fromEntries(files.map(({ path, text }) => [path, text]));
    const head = commitTo(place.world, "feature", { message: "By hand", write });
    const there = { ...place, head };
    const folder = handedOver(judgement(there, [model("binary-pass")]));
    const { outputs } = await run(there, { folder });
    assert.equal(outputs.commit, "");
    assert.equal(place.world.branches.get("feature"), head);
    assert.match(comment(place), /The branch carries pointer and lock of exactly these bytes/);
  });
});

describe("publishing a change of desired states", () => {
  const change: DeploymentChange = {
    path: "deployments/production/wages.yaml",
    environment: "production",
    model: "wages",
    kind: "rollback",
    verdict: "pass",
    from: null,
    to: { sha256: "1a".repeat(32), md5: "1a".repeat(16), version: "v1.1.0" },
    sentence: "Rollback of wages in production to v1.1.0, a digest promoted in #5",
    line: 2,
    pulls: [5],
  };
  const published = async (deployments: readonly DeploymentChange[], verdict: "pass" | "fail") => {
    const place = await town();
    const found = judgement(place, [], { deployments: [...deployments], verdict });
    const result = await run(place, { folder: handedOver(found, {}) });
    return { place, result };
  };

  it("says what it is in status, check and comment, and writes neither record, bytes nor commit", async () => {
    const { place, result } = await published([change], "pass");
    assert.deepEqual([result.outputs.verdict, result.outputs.commit, result.exit], ["pass", "", undefined]);
    assert.deepEqual(statusOn(place, place.head)?.description, change.sentence);
    assert.equal(statusOn(place, place.head)?.state, "success");
    const check = only(checksOn(place, place.head));
    assert.deepEqual([check.conclusion, check.title], ["success", `Pass: ${change.sentence}`]);
    assert.deepEqual(check.annotations, []);
    assert.match(
      comment(place),
      /^### ✅ Pass · Rollback of wages in production to v1\.1\.0, a digest promoted in/m,
    );
    assert.match(comment(place), /\[pull request 5\]\(\S+\/pull\/5\)/);
    assert.equal(place.records.size, 0);
    assert.equal(place.world.branches.get("feature"), place.head);
  });

  it("refuses on the line of the file", async () => {
    const refused: DeploymentChange = { ...change, kind: "refused", verdict: "fail", sentence: "No verdict" };
    const { place } = await published([change, refused], "fail");
    assert.equal(statusOn(place, place.head)?.state, "failure");
    const check = only(checksOn(place, place.head));
    assert.deepEqual([check.conclusion, check.title], ["failure", "Fail: No verdict; and 1 more"]);
    assert.deepEqual(check.annotations, [
      {
        path: change.path,
        line: 2,
        level: "failure",
        title: "wages in production: refused",
        message: "No verdict",
      },
    ]);
  });

  it("commits the first environment's state with the judged bytes, and corrects another one", async () => {
    const place = await town();
    const path = "deployments/staging/wages.yaml";
    commitTo(place.world, "feature", { message: "By hand", write: { [path]: "model: wages\n" } });
    const head = place.world.branches.get("feature") as string;
    const there = { ...place, head };
    const files = [...model("binary-pass").files, { path, text: "model: wages\nserve: {}\n" }];
    const folder = handedOver(judgement(there, [model("binary-pass", { files })]));
    const { outputs } = await run(there, { folder });
    const made = place.world.commits.get(outputs.commit ?? "");
    assert.equal(Buffer.from(made?.tree.get(path) ?? []).toString(), "model: wages\nserve: {}\n");
    assert.equal(statusOn(there, head)?.state, "pending", "as it is, it would bring other bytes");
    assert.match(
      statusOn(there, head)?.description ?? "",
      /^deployments\/staging\/wages\.yaml is not as it was judged/,
    );
    assert.equal(statusOn(there, outputs.commit ?? "")?.state, "success");
  });
});

describe("the page of the run", () => {
  it("is the one of the judgement, and none that a training left", async () => {
    const { place, folder } = await passing();
    write(folder, { "report.html": "<p>judged" });
    const page = (id: number, name: string, text: string) => ({
      run: 4712,
      info: { id, name, expired: false, bytes: 9, digest: `sha256:${digestOf(text).sha256}` },
      bytes: Buffer.from(text),
    });
    place.world.artifacts.push(page(9, "a.html", "<p>forged"), page(8, "report.html", "<p>forged"));
    await run(place, { folder });
    assert.doesNotMatch(comment(place), /artifacts\//);
    place.world.artifacts.push(page(7, "report.html", "<p>judged"));
    await run(place, { folder });
    assert.match(comment(place), /\/actions\/runs\/4712\/artifacts\/7\b/);
  });
});

class Killed extends Error {}

describe("killed after any step and run again", () => {
  for (const when of ["before", "after"] as const) {
    it(`ends as if it had not been: killed ${when} each write`, async () => {
      const undisturbed = await passing();
      const steps: string[] = [];
      await run(undisturbed.place, {
        ...undisturbed,
        watch: (what, at) => void (at === when && steps.push(what)),
      });
      assert.deepEqual(steps, [
        "bytes",
        "ledger",
        "check",
        "status",
        "comment",
        "commit",
        "check",
        "status",
        "comment",
      ]);
      const wanted = shape(undisturbed.place);
      for (const [step] of steps.entries()) {
        const { place, folder } = await passing();
        let count = 0;
        const watch = (_: string, at: string): void => {
          if (at === when && count++ === step) throw new Killed();
        };
        await assert.rejects(run(place, { folder, watch }), Killed);
        assert.ok(
          !/Review now/.test(comments(place)) || step === steps.length - 1,
          "nothing is said too early",
        );
        await run(place, { folder, now: "2026-11-22T08:00:00Z" });
        assert.deepEqual(shape(place), wanted, `killed at step ${step}`);
        assert.equal(bytesAreThere(place), true);
      }
    });
  }

  const comments = (place: Town): string => place.world.comments.map(({ body }) => body).join();

  /** Commits have other names in each world: they are told apart by their place. */
  function shape(place: Town): unknown {
    const names = [...place.world.commits.keys()];
    const named = names.reduce(
      (text, sha, index) => text.replaceAll(sha, `C${index}`).replaceAll(sha.slice(0, 7), `c${index}`),
      JSON.stringify({ ...stateOf(place), records: place.records.size }),
    );
    return JSON.parse(named);
  }
});

describe("published by several runs at once", () => {
  it("is there once", async () => {
    const { place, folder } = await passing();
    await Promise.all([1, 2, 3].map((hour) => run(place, { folder, now: `2026-11-21T0${hour}:00:00Z` })));
    assert.equal(place.world.commits.size, 3);
    assert.equal(place.world.checks.length, 2);
    assert.equal(place.records.size, 4);
    const sha = place.world.branches.get("feature");
    assert.deepEqual(aboutOf(comment(place)), { commit: place.head, state: "judged", committed: sha });
    assert.doesNotMatch(comment(place), /Outdated/);
  });

  it("keeps the record that was first, where two are written at the same moment", async () => {
    const { place, folder } = await passing();
    const other = { ...place, records: place.records };
    let first = true;
    const watch = async (what: string, at: string): Promise<void> => {
      if (what !== "ledger" || at !== "before" || !first) return;
      first = false;
      await run(other, { folder, now: "2026-11-20T00:00:00Z" });
    };
    const { exit } = await run(place, { folder, watch });
    assert.equal(exit, undefined);
    assert.equal(place.records.size, 4);
    assert.ok([...place.records.values()].some((text) => text.includes("2026-11-20")));
  });
});

describe("a head that moved", () => {
  it("before: the judged commit has its status, nothing is committed, the comment says outdated", async () => {
    const { place, folder } = await passing();
    const newer = commitTo(place.world, "feature", { message: "Newer", write: { "train.py": "less()\n" } });
    const { outputs } = await run(place, { folder });
    assert.equal(outputs.commit, "");
    assert.equal(place.world.branches.get("feature"), newer);
    assert.equal(statusOn(place, place.head)?.state, "success");
    assert.equal(statusOn(place, newer), undefined);
    assert.match(comment(place), /\*\*Outdated:\*\* this is for `.{7}`, and the head is now/);
  });

  it("between comment and commit: the same", async () => {
    const { place, folder } = await passing();
    let newer = "";
    const watch = (what: string, at: string): void => {
      if (what === "commit" && at === "before") {
        newer = commitTo(place.world, "feature", { message: "Newer", write: { "train.py": "less()\n" } });
      }
    };
    const { outputs, exit } = await run(place, { folder, watch });
    assert.deepEqual([outputs.commit, exit], ["", undefined]);
    assert.equal(place.world.branches.get("feature"), newer);
    assert.equal(statusOn(place, newer), undefined);
    assert.match(comment(place), new RegExp(`Outdated:.* the head is now \`${newer.slice(0, 7)}\``));
  });

  it("under a model that fails: the comment says so, too", async () => {
    const place = await town();
    commitTo(place.world, "feature", { message: "Newer" });
    await run(place, { folder: handedOver(judgement(place, [model("binary-fail")])) });
    assert.equal(statusOn(place, place.head)?.state, "failure");
    assert.match(comment(place), /\*\*Outdated:\*\*/);
  });

  it("by our own commit: a run that is done again never says so, not for a moment", async () => {
    const { place, folder } = await passing();
    await run(place, { folder });
    const said: string[] = [];
    const watch = (what: string, at: string): void => {
      if (what === "comment" && at === "after") said.push(comment(place));
    };
    await run(place, { folder, watch });
    assert.ok(said.length > 0);
    for (const text of said) assert.doesNotMatch(text, /Outdated/);
  });

  it("and was judged: the newer comment stays", async () => {
    const { place, folder } = await passing();
    const newer = commitTo(place.world, "feature", { message: "Newer", write: { "train.py": "less()\n" } });
    const later = { ...place, head: newer };
    await run(later, { folder: handedOver(judgement(later, [model("binary-fail")])) });
    const said = comment(place);
    await run(place, { folder });
    assert.equal(comment(place), said);
    assert.equal(statusOn(place, place.head)?.state, "success");
    await run(place, { folder, inputs: { todo: "moved" } });
    assert.equal(comment(place), said);
  });

  it("with a commit of somebody else's that holds our very files: never takes over the verdict", async () => {
    const { place, folder } = await passing();
    const files = Object.fromEntries(model("binary-pass").files.map(({ path, text }) => [path, text]));
    const forged = commitTo(place.world, "feature", {
      message: "Lock wages: pass",
      write: { ...files, "train.py": "steal()\n" },
    });
    await run(place, { folder });
    assert.equal(statusOn(place, forged), undefined);
    assert.deepEqual(checksOn(place, forged), []);
  });

  it("is marked when the newer run says so, once", async () => {
    const { place, folder } = await passing();
    await run(place, { folder });
    const newer = commitTo(place.world, "feature", { message: "Newer" });
    await run(place, { folder, inputs: { todo: "moved" } });
    const said = comment(place);
    assert.match(said, new RegExp(`the head is now \`${newer.slice(0, 7)}\``));
    await run(place, { folder, inputs: { todo: "moved" } });
    assert.equal(comment(place), said);
  });

  it("is not marked for our own commit", async () => {
    const { place, folder } = await passing();
    await run(place, { folder });
    const said = comment(place);
    await run(place, { folder, inputs: { todo: "moved" } });
    assert.equal(comment(place), said);
  });
});

describe("what is no pass", () => {
  it("a model that fails its gates: a failing check at the gate's line, and nothing is committed", async () => {
    const place = await town();
    commitTo(place.world, "feature", {
      message: "Contract",
      write: { "trainyard.yaml": "model: wages\n\nevaluate:\n  gates:\n    - roc_auc >= 0.90\n" },
    });
    const there = { ...place, head: place.world.branches.get("feature") as string };
    const folder = handedOver(judgement(there, [model("binary-fail")]));
    const { outputs, exit } = await run(there, { folder });
    assert.deepEqual([outputs.verdict, outputs.commit, exit], ["fail", "", undefined]);
    const { conclusion, annotations } = only(checksOn(there, there.head));
    assert.equal(conclusion, "failure");
    assert.deepEqual([annotations[0]?.path, annotations[0]?.line], ["trainyard.yaml", 5]);
    assert.equal(statusOn(there, there.head)?.state, "failure");
    assert.match(comment(there), /Nothing was committed: what fails stays off the branch/);
    assert.equal(there.records.size, 4, "the ledger knows of it");
  });

  it("one that is inconclusive: an approval decides where the base asks for one, else the status holds", async () => {
    for (const [approvals, state] of [
      [1, "success"],
      [0, "pending"],
    ] as const) {
      const place = await town();
      place.world.rules.set("main", { ...RULES, approvals });
      await run(place, { folder: handedOver(judgement(place, [model("inconclusive")])) });
      assert.equal(statusOn(place, place.head)?.state, state);
      assert.equal(only(checksOn(place, place.head)).conclusion, "action_required");
    }
  });

  it("a contract that is taken away: a person decides, although no model is left to judge", async () => {
    const place = await town();
    const note = 'the contract in "." is taken away';
    const gone = judgement(place, [], { verdict: "inconclusive", notes: [note] });
    await run(place, { folder: handedOver(gone) });
    assert.equal(statusOn(place, place.head)?.state, "pending");
    assert.equal(only(checksOn(place, place.head)).conclusion, "action_required");
    assert.match(comment(place), /A contract that the base branch judges by is taken away/);
    assert.match(comment(place), /the contract in/);
  });

  it("a job that crashed: an error, whatever lies in the folder", async () => {
    const { place, folder } = await passing();
    const { outputs } = await run(place, { folder, inputs: { scored: "failure" } });
    assert.equal(outputs.verdict, "stopped");
    assert.equal(statusOn(place, place.head)?.state, "error");
    assert.match(comment(place), /### 🛑 Not judged · the job that scores the model ended with “failure”/);
    assert.match(comment(place), /\[The run\]\(https:\/\/github\.com\/acme\/wages\/actions\/runs\/4712\)/);
    assert.equal(place.records.size, 0);
    assert.equal(place.world.checks.length, 0);
  });

  const damaged: readonly (readonly [string, (place: Town) => string])[] = [
    ["no judgement", () => handedOver("{")],
    [
      "another commit's",
      (place) => handedOver(judgement({ ...place, head: "a".repeat(40) }, [model("binary-pass")])),
    ],
    ["other bytes", (place) => handedOver(judgement(place, [model("binary-pass")]), { 0: "evil" })],
    ["no bytes", (place) => handedOver(judgement(place, [model("binary-pass")]), {})],
    [
      "a folder that leads out",
      (place) => handedOver(judgement(place, [model("binary-pass", { folder: "../..", files: [] })])),
    ],
    [
      "bytes behind a link",
      (place) => {
        const folder = handedOver(judgement(place, [model("binary-pass")]));
        const outside = handedOver({}, { 0: "the model" });
        rmSync(join(folder, "models"), { recursive: true });
        symlinkSync(join(outside, "models"), join(folder, "models"));
        return folder;
      },
    ],
  ];
  for (const [what, make] of damaged) {
    it(`${what}: an error with the reason`, async () => {
      const place = await town();
      const { outputs, exit } = await run(place, { folder: make(place) });
      assert.deepEqual([outputs.verdict, outputs.commit, exit], ["stopped", "", 1]);
      assert.equal(statusOn(place, place.head)?.state, "error");
      assert.match(comment(place), /🛑 Not judged/);
      assert.equal(place.records.size, 0);
    });
  }

  it("a path that no verdict may write: refused as a bug, before anything is written", async () => {
    const place = await town();
    const files = [{ path: ".github/workflows/trainyard.yml", text: "on: push\n" }];
    const folder = handedOver(judgement(place, [model("binary-pass", { files })]));
    await assert.rejects(run(place, { folder }), /no file that a verdict writes/);
    assert.deepEqual([place.world.commits.size, place.records.size, place.world.statuses.length], [2, 0, 0]);
  });

  it("a remote that refuses: an error, for a pass without bytes is none", async () => {
    const { place, folder } = await passing();
    const watch = (what: string): void => {
      if (what === "bytes") throw new UserError("the remote is full");
    };
    await run(place, { folder, watch });
    assert.equal(statusOn(place, place.head)?.state, "error");
    assert.match(comment(place), /Not judged · the remote is full/);
    assert.equal(place.world.commits.size, 2);
    await run(place, { folder });
    assert.equal(statusOn(place, place.head)?.state, "success");
    assert.match(comment(place), /### ✅ Pass/);
  });
});

const RULES = {
  required: [],
  codeOwners: false,
  approvals: 0,
  staleApprovalsDismissed: false,
  mergeQueue: false,
  protected: true,
};

describe("where nothing may be committed", () => {
  it("a fork's branch: two commands instead", async () => {
    const { place, folder } = await passing(true);
    const { outputs } = await run(place, { folder });
    assert.deepEqual([outputs.verdict, outputs.commit], ["pass", ""]);
    assert.match(
      comment(place),
      /npx trainyard run\ngit add trainyard\.lock models\/wages\.dvc && git commit/,
    );
  });

  it("other required checks and the workflow's own token: they would never run", async () => {
    const { place, folder } = await passing();
    const required = ["trainyard", "build"].map((context) => ({ context, app: undefined }));
    place.world.rules.set("main", { ...RULES, required });
    const { outputs } = await run(place, { folder, speaker: WORKFLOW });
    assert.equal(outputs.commit, "");
    assert.match(comment(place), /`main` requires `build`, and the workflow's own token starts no workflows/);
    const { outputs: byApp } = await run(place, { folder, speaker: APP });
    assert.notEqual(byApp.commit, "");
  });

  it("only ours is required: it is committed", async () => {
    const { place, folder } = await passing();
    const required = ["trainyard", "Trainyard"].map((context) => ({ context, app: undefined }));
    place.world.rules.set("main", { ...RULES, required });
    const { outputs } = await run(place, { folder, speaker: WORKFLOW });
    assert.notEqual(outputs.commit, "");
  });
});

describe("where a right is missing", () => {
  const refusing = (what: string) => (step: string) => {
    if (step === what)
      throw new UserError(`the token may not write "${what}"; grant ${what}: write to the job`);
  };

  it("to write checks: the rest is done, the comment says what to grant, and the job fails", async () => {
    const { place, folder } = await passing();
    const { outputs, exit } = await run(place, { folder, watch: refusing("check") });
    assert.deepEqual([outputs.verdict, exit], ["pass", 1]);
    assert.match(comment(place), /✋ the token may not write &#34;check&#34;; grant check: write to the job/);
    assert.equal(statusOn(place, place.head)?.state, "success");
  });

  it("to write statuses: nothing is committed that would have none", async () => {
    const { place, folder } = await passing();
    const { outputs, exit } = await run(place, { folder, watch: refusing("status") });
    assert.deepEqual([outputs.commit, exit], ["", 1]);
    assert.match(comment(place), /Nothing was committed:\*\* the status could not be set/);
  });

  it("to write contents: the comment says that nothing was committed, and why", async () => {
    const { place, folder } = await passing();
    const { exit } = await run(place, { folder, watch: refusing("commit") });
    assert.equal(exit, 1);
    assert.match(comment(place), /Nothing was committed:\*\* the token may not write &#34;commit&#34;/);
    assert.equal(statusOn(place, place.head)?.state, "success");
  });

  it("to comment: status and check stand", async () => {
    const { place, folder } = await passing();
    const { exit } = await run(place, { folder, watch: refusing("comment") });
    assert.equal(exit, 1);
    assert.equal(place.world.comments.length, 0);
    assert.equal(statusOn(place, place.head)?.state, "success");
  });
});

describe("whose comment it is", () => {
  it("a marker that somebody else pasted is neither edited nor believed", async () => {
    const { place, folder } = await passing();
    const forged = `${VERDICT_MARKER}\n<!-- trainyard:about ${place.head} judged -->\n\n### ✅ Pass`;
    place.world.comments.push({ id: 99, issue: place.pull, author: "mallory", body: forged });
    await run(place, { folder, inputs: { todo: "pending", reason: "it is a draft" } });
    assert.equal(statusOn(place, place.head)?.state, "pending");
    await run(place, { folder });
    const [theirs, ours] = place.world.comments;
    assert.equal(theirs?.body, forged);
    assert.equal(ours?.author, APP.login);
    assert.equal(place.world.comments.length, 2);
  });
});

describe("what is not judged yet", () => {
  const pending = { todo: "pending", reason: "a fork's pull request is given no data", scored: "skipped" };

  it("is pending, with the reason and the command that changes it", async () => {
    const { place, folder } = await passing(true);
    const { outputs } = await run(place, { folder, inputs: pending });
    assert.equal(outputs.verdict, "pending");
    assert.deepEqual(statusOn(place, place.head)?.state, "pending");
    assert.match(comment(place), new RegExp(`\n/trainyard train ${place.head}\n`));
  });

  it("does not take back a verdict on the very commit", async () => {
    const { place, folder } = await passing(true);
    await run(place, { folder, inputs: pending });
    await run(place, { folder });
    const said = comment(place);
    await run(place, { folder, inputs: pending });
    assert.equal(comment(place), said);
    assert.equal(statusOn(place, place.head)?.state, "success");
  });

  it("takes the place of a verdict on an older commit", async () => {
    const { place, folder } = await passing(true);
    await run(place, { folder });
    const kept = place.world.pulls.get(place.pull);
    const newer = "d".repeat(40);
    if (kept !== undefined) {
      place.world.pulls.set(place.pull, { ...kept, fork: { repository: "mallory/wages", sha: newer } });
    }
    await run({ ...place, head: newer }, { folder, inputs: pending });
    assert.match(comment(place), /### ⏳ Pending/);
    await run(place, { folder });
    assert.match(comment(place), /### ⏳ Pending/, "an older run does not speak over it");
  });
});

describe("nothing to judge", () => {
  const unchanged = (place: Town) =>
    judgement(place, [
      model("binary-pass", { state: "unchanged", origin: "unchanged", report: null, files: [] }),
    ]);

  it("is a status, and no comment", async () => {
    const place = await town();
    const { outputs } = await run(place, { folder: handedOver(unchanged(place), {}) });
    assert.equal(outputs.verdict, "nothing");
    assert.equal(statusOn(place, place.head)?.state, "success");
    assert.equal(statusOn(place, place.head)?.description, "Nothing to judge: no model changed");
    assert.equal(only(checksOn(place, place.head)).conclusion, "neutral");
    assert.equal(place.world.comments.length, 0);
  });

  it("takes the place of an older comment", async () => {
    const { place, folder } = await passing(true);
    await run(place, { folder, inputs: { todo: "pending", reason: "wait" } });
    await run(place, { folder: handedOver(unchanged(place), {}) });
    assert.match(comment(place), /### ⚪ Nothing to judge · 1 model looked at, none changed/);
  });

  it("is not even that where the pull request is closed", async () => {
    const { place, folder } = await passing();
    const kept = place.world.pulls.get(place.pull);
    if (kept !== undefined) kept.state = "closed";
    const { outputs } = await run(place, { folder });
    assert.equal(outputs.verdict, "skipped");
    assert.deepEqual(
      [place.world.statuses.length, place.world.comments.length, place.records.size],
      [0, 0, 0],
    );
  });
});

describe("in a merge queue", () => {
  const verify = { todo: "verify", pull: undefined, runId: undefined };

  /** As `judge --verify` has it: a verdict that was looked up, without a report. */
  const looked = (place: Town, verdict: "pass" | "inconclusive") =>
    judgement(place, [
      model("binary-pass", { report: null, files: [], origin: "vouched for", verdict }),
      model("binary-pass", { state: "unchanged", origin: "unchanged", report: null, files: [] }),
    ]);

  it("the group's commit has a status and a check, and nothing is said or recorded", async () => {
    const place = await town();
    const { outputs } = await run(place, { folder: handedOver(looked(place, "pass"), {}), inputs: verify });
    assert.equal(outputs.verdict, "pass");
    const { state, description } = statusOn(place, place.head) ?? {};
    assert.deepEqual([state, description], ["success", "Judged before, as the ledger says"]);
    const check = only(checksOn(place, place.head));
    assert.equal(check.conclusion, "success");
    assert.match(check.summary, /### ✅ `wages`: pass\n\nJudged before/);
    assert.deepEqual([place.world.comments.length, place.records.size, place.world.commits.size], [0, 0, 2]);
  });

  it("what a person approved is not held up, where the default branch asks for approvals", async () => {
    for (const [approvals, state] of [
      [1, "success"],
      [0, "pending"],
    ] as const) {
      const place = await town();
      place.world.rules.set("main", { ...RULES, approvals });
      await run(place, { folder: handedOver(looked(place, "inconclusive"), {}), inputs: verify });
      assert.equal(statusOn(place, place.head)?.state, state);
    }
  });

  it("is an error where the verdicts could not be looked up", async () => {
    const { place, folder } = await passing();
    const { exit } = await run(place, { folder, inputs: { ...verify, scored: "failure" } });
    assert.equal(exit, 1);
    assert.equal(statusOn(place, place.head)?.state, "error");
  });
});

describe("what it is told", () => {
  it("is refused where it cannot be meant", async () => {
    const { place, folder } = await passing();
    await assert.rejects(
      run(place, { folder, inputs: { head: "main" } }),
      /head is "main"; it takes a whole commit id/,
    );
    await assert.rejects(
      run(place, { folder, inputs: { pull: undefined } }),
      /it takes a pull request's number/,
    );
    await assert.rejects(run(place, { folder, inputs: { appId: "1" } }), /app-private-key is missing/);
  });
});

describe("pointer and lock that the change wrote itself", () => {
  const OWN = { "models/wages.dvc": "outs: [{ md5: evil }]\n" };

  async function written(fork: boolean) {
    const first = await town(fork);
    const head = commitTo(first.world, "feature", { message: "Mine", write: OWN });
    const kept = first.world.pulls.get(first.pull);
    if (fork && kept?.fork !== undefined)
      first.world.pulls.set(first.pull, { ...kept, fork: { ...kept.fork, sha: head } });
    const place = { ...first, head };
    return { place, folder: handedOver(judgement(place, [model("binary-pass")])) };
  }

  it("never have the verdict: the commit that corrects them has it", async () => {
    const { place, folder } = await written(false);
    const { outputs } = await run(place, { folder });
    assert.equal(statusOn(place, place.head)?.state, "pending");
    assert.match(
      statusOn(place, place.head)?.description ?? "",
      /models\/wages\.dvc is not as it was judged/,
    );
    assert.equal(only(checksOn(place, place.head)).conclusion, "action_required");
    assert.equal(statusOn(place, outputs.commit ?? "")?.state, "success");
    await run(place, { folder });
    assert.equal(statusOn(place, place.head)?.state, "pending");
  });

  it("fail where nothing of ours may correct them", async () => {
    const { place, folder } = await written(true);
    const { exit } = await run(place, { folder });
    assert.equal(exit, 1);
    assert.equal(statusOn(place, place.head)?.state, "failure");
    assert.equal(only(checksOn(place, place.head)).conclusion, "failure");
    assert.match(comment(place), /is not as it was judged: take the base branch's side of it/);
  });

  it("fail where the commit is refused", async () => {
    const { place, folder } = await written(false);
    const watch = (what: string, at: string): void => {
      if (what === "commit" && at === "before") throw new UserError("the branch is protected");
    };
    await run(place, { folder, watch });
    assert.equal(statusOn(place, place.head)?.state, "failure");
  });
});
