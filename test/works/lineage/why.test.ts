import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { openWorkspace } from "../../../src/adapters/workspace.ts";
import { deploymentPath } from "../../../src/core/deployments/records.ts";
import { showWhy } from "../../../src/core/lineage/show-why.ts";
import { isVouched, type Why } from "../../../src/core/lineage/why.ts";
import type { VerdictRecord } from "../../../src/core/proposal/documents.ts";
import { recordFiles } from "../../../src/core/proposal/vouch.ts";
import { fetchedLedger } from "../../../src/works/lineage/fetched-ledger.ts";
import { parseAsked } from "../../../src/works/lineage/found.ts";
import { toldByLedger, whyOf } from "../../../src/works/lineage/why.ts";
import { git, silent, temporaryRepository, write } from "../../artifacts/temporary.ts";
import { memoryLedger } from "../proposal.ts";
import { filesOf, lockOf, modelOf } from "./locks.ts";

const PLAIN = { colour: false };

function commit(folder: string, subject: string, files: Readonly<Record<string, string>>): string {
  write(folder, files);
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", subject);
  return git(folder, "rev-parse", "HEAD").trim();
}

function tag(folder: string, name: string, made: Parameters<typeof modelOf>[0]): void {
  const { md5, sha256 } = modelOf(made);
  git(folder, "tag", "-a", name, "-m", `x\n\nTrainyard-Sha256: ${sha256}\nTrainyard-Md5: ${md5}\n`);
}

const told = async (folder: string, asked: string) =>
  whyOf(await openWorkspace(folder, silent()), parseAsked(asked));

function verdict(made: Parameters<typeof modelOf>[0], more: Partial<VerdictRecord> = {}): VerdictRecord {
  const { md5, sha256, size } = modelOf(made);
  return {
    schema: "trainyard/verdict/1",
    model: "wages",
    folder: "",
    pull: 12,
    commit: "c".repeat(40),
    base: "b".repeat(40),
    fingerprint: lockOf(made).get("train")?.fingerprint ?? "",
    digest: { md5, sha256, size },
    origin: "trained here",
    verdict: "pass",
    sentence: "ROC AUC 0.700; 1 of 1 gates met.",
    metrics: { roc_auc: 0.7 },
    gates: [{ condition: "roc_auc >= 0.65", verdict: "pass" }],
    lock: "d".repeat(64),
    trained_by: null,
    judged_by: "https://github.com/acme/wages/actions/runs/7",
    judged_at: "2026-11-20T10:00:00.000Z",
    tool: "trainyard 0.1.0",
    ...more,
  };
}

describe("why a model is what it is", () => {
  it("is told for a version, for digits of either digest, and for what production serves", async () => {
    const folder = temporaryRepository();
    const first = commit(folder, "First model", filesOf({}));
    tag(folder, "wages@v1.0.0", {});
    const { md5, sha256 } = modelOf({});
    commit(folder, "Train longer", {
      ...filesOf({ epochs: 80, auc: 0.72 }),
      "deployments/production/wages.yaml": `model: wages\nserve: { version: v1.0.0, sha256: "${sha256}", md5: "${md5}" }\n`,
    });
    const asked = [
      "wages@v1.0.0",
      `wages@${md5.slice(0, 8)}`,
      `wages@${sha256.slice(0, 12).toUpperCase()}`,
      "wages",
    ];
    const found: string[] = [];
    for (const one of asked) {
      const why = await told(folder, one);
      found.push(why.found);
      assert.deepEqual(
        [why.sha256, why.md5, why.commit?.id, why.size, why.nfiles],
        [sha256, md5, first, 7, 2],
        one,
      );
      assert.deepEqual(
        why.versions.map((version) => version.tag),
        ["wages@v1.0.0"],
      );
      assert.deepEqual(
        why.ingredients.map(({ kind, name }) => `${kind} ${name}`),
        [
          "data data/cps.csv",
          "code high_wage.sql",
          "backend duckdb 1.5.6",
          "parameters train.params.epochs",
          "parameters train.seed",
          "environment uv.lock",
          "tool trainyard",
        ],
      );
      assert.deepEqual(why.metrics[0], { name: "roc_auc", value: 0.7, interval: null });
      assert.deepEqual(why.gates, [{ condition: "roc_auc >= 0.65", verdict: "pass" }]);
      assert.equal(why.fingerprint, lockOf({}).get("train")?.fingerprint);
    }
    assert.deepEqual(found, [
      "wages@v1.0.0",
      `asked for as ${md5.slice(0, 8)}`,
      `asked for as ${sha256.slice(0, 12)}`,
      "serves in production as v1.0.0",
    ]);
  });

  it("names the verdicts and deployments of these bytes alone", async () => {
    const folder = temporaryRepository();
    commit(folder, "First model", filesOf({}));
    const { md5, sha256 } = modelOf({});
    const ledger = memoryLedger();
    await ledger.add(recordFiles(verdict({})));
    await ledger.add(recordFiles(verdict({ epochs: 99 }, { pull: 13 })));
    const deployed = {
      schema: "trainyard/deployed/1" as const,
      model: "wages",
      folder: "",
      environment: "production",
      version: "v1.0.0",
      digest: { md5, sha256 },
      commit: "e".repeat(40),
      pull: 14,
      reason: "merged" as const,
      deployment: 5,
      state: "success" as const,
      served: null,
      deployed_by: "https://github.com/acme/wages/actions/runs/9",
      deployed_at: "2026-11-21T10:00:00.000Z",
      tool: "trainyard 0.1.0",
    };
    await ledger.add([{ path: deploymentPath(deployed), text: JSON.stringify(deployed) }]);
    const known = await told(folder, "wages");
    const { records, deployments } = await toldByLedger(ledger, known);
    assert.deepEqual(
      [records.map(({ pull }) => pull), deployments.map(({ environment }) => environment)],
      [[12], ["production"]],
    );
    const pull = { number: 12, url: "", title: "Propose", author: "ada", approvedBy: ["ben"] };
    const page = showWhy({ ...known, records, deployments, pulls: [pull] }, PLAIN);
    assert.match(page, /^vouched for: a verdict in the ledger let these bytes pass$/m);
    assert.match(
      page,
      /^verdicts {4}pass, 2026-11-20, #12, trained here: ROC AUC 0\.700; 1 of 1 gates met\. https:.*runs\/7$/m,
    );
    assert.match(page, /^review {6}#12 by ada, approved by ben: Propose$/m);
    assert.match(page, /^deployed {4}production, 2026-11-21, v1\.0\.0, merged https:.*runs\/9$/m);
    assert.match(page, /^seeds {7}train\.seed 7$/m);
    assert.match(page, /^data {8}data\/cps\.csv, sha256 [0-9a-f]{12}, 4 B$/m);
  });

  it("says so where nobody vouches: no verdict, only failures, or a ledger that was not read", async () => {
    const folder = temporaryRepository();
    commit(folder, "First model", filesOf({}));
    const known = { ...(await told(folder, "wages")), deployments: [], pulls: [] };
    const said = (records: Why["records"]): string => showWhy({ ...known, records }, PLAIN);
    assert.match(said([]), /^nobody vouches for these bytes: no verdict in the ledger is about them$/m);
    assert.match(
      said([verdict({}, { verdict: "fail" })]),
      /^nobody vouches .* every verdict on them .* is a failure$/m,
    );
    assert.match(said(undefined), /^whether anybody vouches .* is not known/m);
    assert.deepEqual(
      [[], [verdict({}, { verdict: "fail" })], [verdict({}, { verdict: "warn" })]].map((records) =>
        isVouched({ records }),
      ),
      [false, false, true],
    );
    await assert.rejects(
      told(folder, "wages@abcdef12"),
      /nobody vouches for "wages@abcdef12": no tag and no commit/,
    );
    await assert.rejects(told(folder, "wages@v9.0.0"), /no tag makes anything wages@v9\.0\.0/);
    await assert.rejects(told(folder, "other"), /nothing is deployed to production of "other"/);
    assert.throws(() => parseAsked("../x@v1"), /names no model's bytes/);
    assert.throws(() => parseAsked("wages@abc"), /six digits or more/);
  });

  it("reads the ledger of a clone without a token", async () => {
    const folder = temporaryRepository();
    commit(folder, "First model", filesOf({}));
    const { repo } = await openWorkspace(folder, silent());
    assert.ok(repo);
    assert.equal(await fetchedLedger(repo), undefined);
    git(folder, "switch", "-q", "--orphan", "trainyard");
    commit(
      folder,
      "Records",
      Object.fromEntries(recordFiles(verdict({})).map(({ path, text }) => [path, text])),
    );
    git(folder, "update-ref", "refs/remotes/origin/trainyard", "HEAD");
    git(folder, "switch", "-q", "main");
    const ledger = await fetchedLedger(repo);
    assert.ok(ledger);
    const { records } = await toldByLedger(ledger, { model: "wages", sha256: modelOf({}).sha256 });
    assert.equal(records.length, 1);
    await assert.rejects(ledger.add([]), /read only/);
  });
});
