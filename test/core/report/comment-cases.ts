import type { DeploymentChange } from "../../../src/core/deployments/change.ts";
import { gravest } from "../../../src/core/gates/verdict.ts";
import type { JudgedModel, Judgement, VerdictRecord } from "../../../src/core/proposal/documents.ts";
import type { CommitBack } from "../../../src/core/proposal/publish.ts";
import { recordsOf } from "../../../src/core/proposal/record.ts";
import { assembleReport } from "../../../src/core/report/assemble.ts";
import type { Comment, CommentFacts } from "../../../src/core/report/comment.ts";
import type { Report } from "../../../src/core/report/report.ts";
import { FIGURE_STORIES } from "./figure-stories.ts";
import { flood } from "./flood.ts";
import { CASES, HOSTILE_NAMES } from "./make-cases.ts";
import { STORIES } from "./stories.ts";

/* What there is to say of pull requests, by the name of its golden file. */

export const HEAD = "bc3919b7e3cba074e4cb40c3417f31d56f463dbe";
export const NEXT = "5f0c2ab14de7738c11a9e84b1de1f0c3a2b4c6d8";
const BEFORE = "0d41c7e2b95f36a8c4e7d1f0a2b3c4d5e6f70819";
const BASE = "80a381068ba6ac4bbf1a8c1b3b1b0f2c9d8e7f60";

export const FACTS: CommentFacts = {
  repository: "https://github.com/acme/wages",
  pull: 12,
  base: "main",
  run: "https://github.com/acme/wages/actions/runs/4712",
  page: "https://github.com/acme/wages/actions/runs/4712/artifacts/99",
  trainedBy: "https://github.com/acme/wages/actions/runs/4711",
  trainedIn: 130,
  triggersWorkflows: true,
  approvals: 1,
  earlier: [],
  refused: [],
};

export function reportOf(name: string): Report {
  const parts = CASES[name] ?? STORIES[name] ?? FIGURE_STORIES[name];
  if (parts === undefined) throw new Error(name);
  return assembleReport(parts);
}

/** A model whose report is one of the cases. */
export function modelOf(name: string, change: Partial<JudgedModel> = {}): JudgedModel {
  const report = reportOf(name);
  const { digest } = report.subject;
  return {
    model: "wages",
    folder: ".",
    state: "judged",
    verdict: report.verdict,
    origin: "trained here",
    fingerprint: "1f".repeat(32),
    digest: digest === null ? null : { ...digest, size: 5321 },
    problem: null,
    report,
    proposed: null,
    rules: [],
    behind: false,
    files: [
      { path: "trainyard.lock", text: "schema: trainyard/lock/1\nstages: {}\n" },
      { path: "models/wages.dvc", text: "outs: []\n" },
    ],
    ...change,
  };
}

export function judgementOf(models: readonly JudgedModel[], change: Partial<Judgement> = {}): Judgement {
  return {
    schema: "trainyard/judgement/1",
    commit: HEAD,
    base: BASE,
    verdict: gravest(models.map(({ verdict }) => verdict)),
    models: [...models],
    deployments: [],
    artifacts: [],
    tables: [],
    notes: [],
    ...change,
  };
}

const judged = (
  models: readonly JudgedModel[],
  back: CommitBack,
  facts: Partial<CommentFacts> = {},
  change: Partial<Judgement> = {},
): Comment => ({
  kind: "judged",
  judgement: judgementOf(models, change),
  back,
  facts: { ...FACTS, ...facts },
});

const committed: CommitBack = { state: "committed", sha: NEXT };
const easier = assembleReport({
  ...(CASES["binary-fail"] as (typeof CASES)[string]),
  gates: (CASES["binary-pass"] as (typeof CASES)[string]).gates,
  checks: [],
} as Parameters<typeof assembleReport>[0]);
const everything = HOSTILE_NAMES.join(" ");
const marker = `<!-- trainyard:verdict -->\n<!-- trainyard:about ${NEXT} judged -->`;

const state = (change: Partial<DeploymentChange>): DeploymentChange => ({
  path: "deployments/production/wages.yaml",
  environment: "production",
  model: "wages",
  kind: "promotion",
  verdict: "pass",
  from: { sha256: "1a".repeat(32), md5: `${"1a".repeat(16)}.dir`, version: "v1.1.0" },
  to: { sha256: "2b".repeat(32), md5: `${"2b".repeat(16)}.dir`, version: "v1.2.0" },
  sentence:
    "Promotion of wages v1.2.0 to production: judged in #7 (pass), serving in staging since 2026-11-20",
  line: 2,
  pulls: [7],
  ...change,
});
const rollback = state({
  kind: "rollback",
  from: { sha256: "2b".repeat(32), md5: `${"2b".repeat(16)}.dir`, version: "v1.2.0" },
  to: { sha256: "1a".repeat(32), md5: `${"1a".repeat(16)}.dir`, version: "v1.1.0" },
  sentence: "Rollback of wages in production to v1.1.0, a digest promoted in #5",
  pulls: [5],
});
const refused = state({
  kind: "refused",
  verdict: "fail",
  sentence:
    "wages may not go to production: it comes after staging, and v1.2.0 has not served there; promote it to staging first",
  pulls: [7],
});
const states = (deployments: readonly DeploymentChange[]): Partial<Judgement> => ({
  deployments: [...deployments],
  verdict: gravest(deployments.map(({ verdict }) => verdict)),
});

/** What a change does to data: each kind of change, and warnings. */
export const DATA: Partial<Judgement> = {
  artifacts: [
    {
      path: "data/cps.csv",
      kind: "changed",
      from: null,
      before: 25_494,
      after: 28_114,
      files: null,
      folder: false,
      table: {
        rows: { before: 534, after: 600 },
        columns: { before: 11, after: 11 },
        added: ["region"],
        removed: ["south"],
        retyped: ["age: BIGINT → DOUBLE"],
      },
    },
    {
      path: "data/extra.jsonl",
      kind: "added",
      from: null,
      before: null,
      after: 1_200_000,
      files: null,
      folder: false,
      table: {
        rows: { before: null, after: 20_412 },
        columns: { before: null, after: 6 },
        added: [],
        removed: [],
        retyped: [],
      },
    },
    {
      path: "data/history.parquet",
      kind: "changed",
      from: null,
      before: 9_100_000_000,
      after: 9_200_000_000,
      files: null,
      folder: false,
      table: { unread: "it has 9.1 GB, and 128.0 MB are fetched for this at most" },
    },
    {
      path: "data/images",
      kind: "changed",
      from: null,
      before: 81_000_000,
      after: 83_500_000,
      files: { added: 1204, changed: 3, removed: 0, renamed: 17 },
      folder: true,
      table: null,
    },
    {
      path: "data/labels.csv",
      kind: "changed",
      from: null,
      before: 4000,
      after: 4400,
      files: null,
      folder: false,
      table: {
        rows: { before: 200, after: 220 },
        columns: { before: 2, after: 2 },
        added: [],
        removed: [],
        retyped: [],
      },
    },
    {
      path: "data/old",
      kind: "removed",
      from: null,
      before: 400,
      after: null,
      files: null,
      folder: true,
      table: null,
    },
    {
      path: "data/zones.parquet",
      kind: "renamed",
      from: "data/areas.parquet",
      before: 9000,
      after: 9000,
      files: null,
      folder: false,
      table: null,
    },
    {
      path: "models/wages",
      kind: "added",
      from: null,
      before: null,
      after: 5321,
      files: { added: 4, changed: 0, removed: 0, renamed: 0 },
      folder: true,
      table: null,
    },
  ],
  tables: [
    {
      model: "wages",
      rows: { before: 534, after: 600 },
      added: ["region"],
      removed: ["south"],
      retyped: ["age: BIGINT → DOUBLE"],
    },
  ],
  notes: [
    '"data/raw.bin" is 12.3 MB and goes into Git, where every clone has it for good; give it a version instead: git rm --cached, then trainyard add',
    '"data/images" comes to hold ".DS_Store", made by a machine and not by anybody: on another one its version is another; list them in .dvcignore and add it again',
  ],
};

const hostileData: Partial<Judgement> = {
  artifacts: HOSTILE_NAMES.slice(0, 60).map((name, index) => ({
    path: name.slice(0, 500),
    kind: "renamed",
    from: `${marker}${name}`.slice(0, 500),
    before: null,
    after: 1e15,
    files: null,
    folder: true,
    table:
      index % 2 === 0
        ? { unread: `${marker}${name}`.slice(0, 300) }
        : {
            rows: { before: 0, after: 1e15 },
            columns: { before: 0, after: 1 },
            added: [name.slice(0, 500)],
            removed: [marker],
            retyped: [`${marker}${name}`.slice(0, 500)],
          },
  })),
  tables: [
    {
      model: "wages",
      rows: { before: null, after: 0 },
      added: HOSTILE_NAMES.map((name) => name.slice(0, 500)),
      removed: [marker],
      retyped: [everything.slice(0, 500)],
    },
  ],
};

export const COMMENTS: Readonly<Record<string, Comment>> = {
  data: judged([modelOf("binary-pass")], committed, {}, DATA),
  "hostile-data": judged([modelOf("binary-pass")], committed, {}, hostileData),
  promotion: judged([], { state: "none" }, {}, states([state({})])),
  rollback: judged([], { state: "none" }, {}, states([rollback])),
  "promotion-refused": judged([], { state: "fails" }, {}, states([refused])),
  "state-removed": judged(
    [],
    { state: "none" },
    {},
    states([
      state({
        kind: "removal",
        verdict: "inconclusive",
        to: null,
        line: null,
        pulls: [],
        sentence:
          "The desired state of wages in production is taken away: what serves there stays until a person stops it, and a person has to agree",
      }),
    ]),
  ),
  "model-and-states": judged(
    [modelOf("binary-pass")],
    committed,
    {},
    {
      deployments: [
        state({
          path: "deployments/staging/wages.yaml",
          environment: "staging",
          kind: "merge",
          to: { sha256: "3c".repeat(32), md5: `${"3c".repeat(16)}.dir`, version: null },
          pulls: [],
          sentence: "wages goes to staging when this is merged: exactly the bytes that are judged here",
        }),
        rollback,
      ],
    },
  ),
  "hostile-states": judged(
    [],
    { state: "fails" },
    { repository: "javascript:alert(1)" },
    {
      verdict: "fail",
      deployments: HOSTILE_NAMES.slice(0, 40).map((name) =>
        state({
          path: `${name}.yaml`,
          environment: name,
          model: name,
          kind: "refused",
          verdict: "fail",
          sentence: `${marker}${name} ${everything}`,
        }),
      ),
    },
  ),
  coming: judged([modelOf("binary-pass")], { state: "coming" }),
  pass: judged([modelOf("binary-pass")], committed),
  "pass-without-app": judged([modelOf("binary-pass")], committed, { triggersWorkflows: false }),
  "left-without-checks": judged(
    [modelOf("binary-pass")],
    { state: "left without checks", checks: ["build", "lint", "unit tests", "typecheck"] },
    { triggersWorkflows: false },
  ),
  "kept-nowhere": judged([modelOf("binary-pass")], { state: "kept nowhere" }, { triggersWorkflows: false }),
  warn: judged([modelOf("binary-pass", { verdict: "warn", report: warned() })], { state: "stands" }),
  inconclusive: judged([modelOf("inconclusive")], committed),
  "inconclusive-nobody-asked": judged([modelOf("inconclusive")], committed, { approvals: 0 }),
  fail: judged([modelOf("binary-fail")], { state: "fails" }),
  worse: judged([modelOf("worse")], { state: "fails" }),
  unfair: judged([modelOf("unfair")], { state: "fails" }),
  waived: judged([modelOf("waived")], committed),
  "slice-worse": judged([modelOf("slice-worse")], committed),
  "few-positives": judged([modelOf("few-positives")], committed),
  fragile: judged([modelOf("fragile")], committed),
  "own-metric": judged([modelOf("own-metric")], committed),
  "not-comparable": judged([modelOf("not-comparable")], committed),
  multiclass: judged([modelOf("multiclass", { model: "penguins" })], committed),
  multilabel: judged([modelOf("multilabel", { model: "tickets" })], committed),
  regression: judged([modelOf("regression", { model: "hourly-wage" })], committed),
  "many-groups": judged([modelOf("many-groups")], committed),
  "since-last-push": judged([modelOf("binary-pass")], committed, {
    earlier: [
      verdictBefore(modelOf("binary-pass"), {
        verdict: "fail",
        gates: [
          { condition: "roc_auc >= 0.75", verdict: "pass" },
          { condition: "roc_auc >= baseline - 0.01", verdict: "fail" },
          { condition: "equalized_odds_difference by gender <= 0.40", verdict: "pass" },
        ],
        digest: { md5: "5e".repeat(16), sha256: "5e".repeat(32), size: 5298 },
        metrics: { roc_auc: 0.8171, f1: 0.7821, log_loss: 0.5188, ece: 0.0802, accuracy: 0.7664 },
      }),
    ],
  }),
  "since-nothing-moved": judged([modelOf("inconclusive")], committed, {
    earlier: [verdictBefore(modelOf("inconclusive"))],
  }),
  "first-model": judged(
    [modelOf("first-model")],
    committed,
    {},
    {
      notes: ["The base branch has no contract yet, so the rules of this change decided."],
    },
  ),
  "no-gates": judged([modelOf("empty")], { state: "none" }),
  "rules-changed": judged(
    [
      modelOf("binary-fail", {
        proposed: easier,
        rules: [
          { kind: "contract", name: "evaluate.gates.1", before: "roc_auc >= 0.90", after: null, line: 41 },
          { kind: "contract", name: "split.holdout", before: "20%", after: "5%", line: 22 },
          {
            kind: "data",
            name: "data/cps.csv",
            before: "md5 2a4b97d38081",
            after: "md5 3d2dbb4e2ab9",
            line: null,
          },
        ],
      }),
    ],
    { state: "fails" },
  ),
  fork: judged([modelOf("binary-pass")], {
    state: "fork",
    paths: ["trainyard.lock", "models/wages.dvc", "models/.gitignore"],
  }),
  outside: judged([modelOf("binary-pass", { origin: "trained outside" })], committed),
  behind: judged([modelOf("binary-pass", { origin: "vouched for", behind: true })], { state: "stands" }),
  outdated: judged([modelOf("binary-pass")], { state: "moved", head: NEXT }),
  "failed-problem": judged(
    [
      modelOf("empty", {
        state: "failed",
        verdict: "fail",
        report: null,
        digest: null,
        problem: {
          message: 'the model reads a column "wage" that is no feature of the contract',
          file: "trainyard.yaml",
          line: 31,
        },
      }),
    ],
    { state: "fails" },
  ),
  "data-failed": judged(
    [
      modelOf("empty", {
        state: "failed",
        verdict: "fail",
        report: null,
        digest: null,
        problem: {
          message:
            "validate failed, the data break what the contract expects: experience: between 0 and 60: 12 of 534 rows break it",
          file: "trainyard.yaml",
          line: 24,
        },
      }),
    ],
    { state: "fails" },
    {},
    { artifacts: DATA.artifacts?.slice(0, 1) ?? [] },
  ),
  "rights-missing": judged(
    [modelOf("binary-pass")],
    { state: "refused", reason: 'the token may not write "contents"; grant contents: write to the job' },
    { refused: ['the token may not write "checks"; grant checks: write to the job'] },
  ),
  "two-models": judged(
    [
      modelOf("binary-pass"),
      modelOf("binary-fail", { model: "tenure", folder: "models/tenure" }),
      modelOf("empty", {
        model: "penguins",
        state: "unchanged",
        origin: "unchanged",
        report: null,
        verdict: "pass",
      }),
    ],
    { state: "fails" },
  ),
  pending: { kind: "pending", head: HEAD, reason: "A fork's pull request is given no data." },
  stopped: {
    kind: "stopped",
    head: HEAD,
    reason: "The job that scores the model ended with “failure”.",
    run: "https://github.com/acme/wages/actions/runs/4712",
  },
  nothing: { kind: "nothing", head: HEAD, models: 3 },
  hostile: judged(
    [
      modelOf("hostile", {
        proposed: reportOf("hostile"),
        behind: true,
        origin: "trained outside",
        rules: HOSTILE_NAMES.map((name) => ({
          kind: "data",
          name,
          before: name,
          after: `${marker}${name}`,
          line: 1,
        })),
        problem: {
          message: everything,
          file: `a](javascript:alert(1))/${everything}`.slice(0, 500),
          line: 3,
        },
      }),
    ],
    { state: "left without checks", checks: ["::error::", "](javascript:", `${marker}`] },
    {
      base: "`main`](javascript:alert(1)) @everyone",
      run: "https://evil.example/)[x](javascript:alert(1)",
      page: "javascript:alert(1)",
      approvals: undefined,
      refused: [everything, marker],
    },
    { notes: [...HOSTILE_NAMES.slice(0, 30).map((text) => text.slice(0, 900)), marker, "x".repeat(900)] },
  ),
  "hostile-several": judged(
    [
      modelOf("hostile"),
      modelOf("hostile", { model: "other", folder: "a|b](javascript:x)/@everyone" }),
      modelOf("empty", {
        model: "third",
        state: "failed",
        verdict: "fail",
        report: null,
        problem: { message: `${marker}${"y".repeat(3000)}`, file: null, line: null },
      }),
    ],
    { state: "refused", reason: everything },
  ),
  "hostile-pending": {
    kind: "pending",
    head: HEAD,
    reason: `${marker} ${everything} ${"z".repeat(200_000)}`,
  },
  "hostile-stopped": {
    kind: "stopped",
    head: HEAD,
    reason: `::error::${everything}`,
    run: "javascript:alert(1)",
  },
};

/** The record of a verdict on the head before. */
function verdictBefore(model: JudgedModel, change: Partial<VerdictRecord> = {}): VerdictRecord {
  const lock = { path: "trainyard.lock", text: "{}" };
  const [record] = recordsOf(judgementOf([{ ...model, files: [lock] }], { commit: BEFORE }), {
    pull: FACTS.pull,
    trainedBy: null,
    judgedBy: "https://github.com/acme/wages/actions/runs/4702",
    judgedAt: "2026-11-20T16:02:11.000Z",
    tool: "trainyard 1.0.0",
  });
  if (record === undefined) throw new Error(model.model);
  return { ...record, ...change };
}

function warned(): Report {
  const parts = CASES["binary-pass"] as Parameters<typeof assembleReport>[0];
  return assembleReport({
    ...parts,
    gates: parts.gates.map((gate, index) =>
      index === 1
        ? {
            ...gate,
            verdict: "warn",
            state: "undecided",
            interval: { low: -0.021, high: 0.048, confidence: 0.95, method: "bootstrap" },
            explanation:
              "+0.021 (−0.021 to +0.048) from the baseline, against at least −0.010: the data cannot tell; about 90 more holdout rows would, if the difference stays",
            more_rows: 90,
          }
        : gate,
    ),
  });
}

/** Far more of everything than a comment holds. */
export function floodedComment(models: number, rows: number): Comment {
  const report = flood(rows);
  return judged(
    Array.from({ length: models }, (_, index) =>
      modelOf("hostile", {
        model: `m${index}`,
        folder: `folder${index}`,
        report,
        verdict: report.verdict,
        proposed: report,
        rules: Array.from({ length: Math.ceil(200 / models) }, () => ({
          kind: "contract" as const,
          name: everything.slice(0, 500),
          before: everything.slice(0, 2000),
          after: everything.slice(0, 2000),
          line: 1,
        })),
      }),
    ),
    { state: "fails" },
    { refused: Array.from({ length: 50 }, () => everything) },
    { notes: Array.from({ length: 50 }, () => everything.slice(0, 1000)) },
  );
}
