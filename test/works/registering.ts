import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openPorts } from "../../src/adapters/open.ts";
import { digestOf, type Md5, type Sha256 } from "../../src/core/artifacts/digest.ts";
import { printLock } from "../../src/core/artifacts/lock.ts";
import type { VerdictRecord } from "../../src/core/proposal/documents.ts";
import { recordFiles } from "../../src/core/proposal/vouch.ts";
import type { Forge } from "../../src/ports/forge.ts";
import type { Ports } from "../../src/ports/ports.ts";
import type { RegisterScene, Registrable } from "../../src/works/register.ts";
import { temporaryFolder } from "../artifacts/temporary.ts";
import { memoryLedger } from "./proposal.ts";

/** A model's bytes by a word: not bytes, but what names them. */
export const bytesOf = (word: string) => {
  const { sha256, md5 } = digestOf(word);
  return { sha256, md5: `${md5}.dir` as Md5 };
};

/** A model of these bytes that a commit brought. */
export const brought = (word: string, commit: string): Registrable => ({
  model: "wages",
  folder: ".",
  ...bytesOf(word),
  commit,
});

/** A verdict that lets bytes pass, or as is said. */
export function verdictOf(word: string, more: Partial<VerdictRecord> = {}): VerdictRecord {
  return {
    schema: "trainyard/verdict/1",
    model: "wages",
    folder: ".",
    pull: 12,
    commit: "c".repeat(40),
    base: "d".repeat(40),
    fingerprint: digestOf(`fingerprint ${word}`).sha256,
    digest: { ...bytesOf(word), size: 1234 },
    origin: "trained here",
    verdict: "pass",
    sentence: "Better than the model in production on ROC AUC by 0.012; all 3 gates pass.",
    metrics: { roc_auc: 0.8421, f1: 0.71, log_loss: null },
    gates: [{ condition: "roc_auc >= 0.65", verdict: "pass" }],
    lock: "e".repeat(64),
    trained_by: "https://github.com/acme/wages/actions/runs/1",
    judged_by: "https://github.com/acme/wages/actions/runs/2",
    judged_at: "2026-11-20T10:00:00.000Z",
    tool: "trainyard 0.1.0",
    ...more,
  };
}

/** A tree with the template's contract, and a lock that names a model of these bytes. */
export function treeOf(word: string, change: (contract: string) => string = (text) => text): string {
  const folder = temporaryFolder();
  cpSync("templates/wages", folder, { recursive: true });
  const path = join(folder, "trainyard.yaml");
  writeFileSync(path, change(readFileSync(path, "utf8")));
  const { sha256, md5 } = bytesOf(word);
  const stage = {
    fingerprint: digestOf(`fingerprint ${word}`).sha256,
    in: [
      {
        kind: "data" as const,
        name: "data/cps.csv",
        sha256: "a".repeat(64) as Sha256,
        size: 21_500,
        reason: "a source",
      },
    ],
    out: [{ path: "models/wages", md5, sha256, size: 1234, nfiles: 5 }],
    facts: {},
  };
  writeFileSync(join(folder, "trainyard.lock"), printLock(new Map([["train", stage]])));
  return folder;
}

/** A forge and a ledger that holds verdicts, before a tree. */
export function sceneOf(
  forge: Forge,
  records: readonly VerdictRecord[],
  tree = temporaryFolder(),
  more: Partial<RegisterScene> = {},
): RegisterScene {
  const ledger = memoryLedger(
    new Map(records.flatMap((record) => recordFiles(record).map(({ path, text }) => [path, text] as const))),
  );
  return { forge, ledger, ports: portsOf(tree), tree, bump: "minor", ...more };
}

/** The ports of a folder, as a job has them. */
export function portsOf(folder: string): Ports {
  return openPorts({ folder, stream: process.stderr, environment: { CI: "true" } });
}
