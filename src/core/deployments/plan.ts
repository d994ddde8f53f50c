import type { Digest, Md5, Sha256 } from "../artifacts/digest.ts";
import { classifyChange, type Known } from "./changes.ts";
import type { DeploymentRecord } from "./documents.ts";
import { served } from "./records.ts";

/*
 * What a release does with a desired state. Only the tree and the ledger decide: how a commit came to the
 * default branch, by whom and under which branch's name, changes nothing.
 */

/** What is to become of a desired state that stands on the default branch. */
export type Decision =
  /** These very bytes were the last to be deployed there. */
  | { readonly kind: "serves"; readonly record: DeploymentRecord }
  | {
      readonly kind: "due";
      readonly reason: DeploymentRecord["reason"];
      readonly digest: Digest;
      /** As the file calls it, for the reader. */
      readonly version: string | undefined;
      /** The pull request that the bytes were judged in, or that first brought them there. */
      readonly pull: number | null;
      readonly sentence: string;
    }
  /** It is left as it is; the others go on. */
  | { readonly kind: "refused"; readonly sentence: string; readonly line: number | undefined };

/**
 * What is to become of a desired state. The rules are those by which the judge let it in, asked once more:
 * a file that was edited past the judge is held to the same.
 *
 * @param path `deployments/staging/wages.yaml`
 * @param text of the file
 * @example decideState("deployments/staging/wages.yaml", "model: pay", { deploy: {}, here: [], before: [], verdicts: [], unasked: undefined, brought: undefined }).kind // => "refused"
 */
export function decideState(path: string, text: string, known: Omit<Known, "brought">): Decision {
  const change = classifyChange({ path, before: undefined, after: text }, { ...known, brought: undefined });
  const { to, sentence, kind, environment } = change;
  const last = served(known.here).at(-1);
  if (to !== null && last?.digest.sha256 === to.sha256 && last.digest.md5 === to.md5) {
    return { kind: "serves", record: last };
  }
  if (to === null || (kind !== "promotion" && kind !== "rollback")) {
    return { kind: "refused", sentence, line: change.line ?? undefined };
  }
  const first = typeof known.deploy !== "string" && known.deploy[environment]?.after === undefined;
  return {
    kind: "due",
    reason: kind === "rollback" ? "rolled back" : first ? "merged" : "promoted",
    digest: { sha256: to.sha256 as Sha256, md5: to.md5 as Md5 },
    version: to.version ?? undefined,
    pull: change.pulls[0] ?? null,
    sentence,
  };
}

/** What could go on to an environment, and what it has. */
export interface Candidate {
  readonly environment: string;
  /** The environment that it comes after. */
  readonly after: string;
  /** The bytes that the default branch wants there; undefined where it wants none. */
  readonly wanted: string | undefined;
  /** Deployments into it. */
  readonly here: readonly DeploymentRecord[];
  /** Deployments into the one that it comes after. */
  readonly before: readonly DeploymentRecord[];
}

/** Whether a promotion is to be proposed. */
export type Promotion =
  | { readonly kind: "wanted"; readonly record: DeploymentRecord }
  /** An open one is to be closed, for this reason. */
  | { readonly kind: "unwanted"; readonly why: string };

/**
 * Whether what serves in one environment is to be proposed for the next. What served there before and was
 * taken back is not proposed again: to go back to it is a person's decision.
 *
 * @example promotionOf({ environment: "production", after: "staging", wanted: undefined, here: [], before: [] }) // => { kind: "unwanted", why: "nothing serves in staging" }
 */
export function promotionOf({ environment, after, wanted, here, before }: Candidate): Promotion {
  const record = served(before).at(-1);
  if (record === undefined) return { kind: "unwanted", why: `nothing serves in ${after}` };
  const { version, digest } = record;
  if (digest.sha256 === wanted) {
    return { kind: "unwanted", why: `${environment} is to serve ${version} already` };
  }
  if (served(here).some((one) => one.digest.sha256 === digest.sha256)) {
    return {
      kind: "unwanted",
      why: `${version} served in ${environment} before and was taken back; to bring it again, edit the desired state`,
    };
  }
  return { kind: "wanted", record };
}
