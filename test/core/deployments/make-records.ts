import type { DeploymentRecord } from "../../../src/core/deployments/documents.ts";
import type { VerdictRecord } from "../../../src/core/proposal/documents.ts";

/* Records of a ledger, with what a test does not speak of filled in. */

/** A sha256 that is told from others by one digit. */
export const sha = (digit: string): string => digit.repeat(64);
/** The md5 of the same bytes. */
export const md5 = (digit: string): string => `${digit.repeat(32)}.dir`;

/** Bytes that were deployed. */
export function deployed({
  digest = "a",
  at = "2026-11-20T08:00:00Z",
  ...more
}: Partial<Omit<DeploymentRecord, "digest">> & {
  readonly digest?: string;
  readonly at?: string;
}): DeploymentRecord {
  return {
    schema: "trainyard/deployed/1",
    model: "wages",
    folder: ".",
    environment: "staging",
    version: "v1.0.0",
    digest: { md5: md5(digest), sha256: sha(digest) },
    commit: "c".repeat(40),
    pull: 5,
    reason: "merged",
    deployment: 1,
    state: "success",
    served: null,
    deployed_by: "https://github.com/acme/wages/actions/runs/1",
    deployed_at: at,
    tool: "trainyard 0.1.0",
    ...more,
  };
}

/** Bytes that were judged. */
export function verdictOf({
  digest = "a",
  at = "2026-11-19T08:00:00Z",
  ...more
}: Partial<Omit<VerdictRecord, "digest">> & {
  readonly digest?: string;
  readonly at?: string;
}): VerdictRecord {
  return {
    schema: "trainyard/verdict/1",
    model: "wages",
    folder: ".",
    pull: 7,
    commit: "d".repeat(40),
    base: "e".repeat(40),
    fingerprint: "f".repeat(64),
    digest: { md5: md5(digest), sha256: sha(digest), size: 1234 },
    origin: "trained here",
    verdict: "pass",
    sentence: "Better than the model in production",
    metrics: {},
    gates: [],
    lock: "1".repeat(64),
    trained_by: null,
    judged_by: "https://github.com/acme/wages/actions/runs/2",
    judged_at: at,
    tool: "trainyard 0.1.0",
    ...more,
  };
}
