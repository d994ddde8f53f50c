import type { Digest, Md5, Sha256 } from "../artifacts/digest.ts";
import { markdownCode } from "../report/escape.ts";
import { type Desired, desiredPath } from "./desired.ts";
import type { DeploymentRecord } from "./documents.ts";
import { served } from "./records.ts";

/** Bytes that an environment had, as somebody can go back to them. */
export interface Step {
  readonly digest: Digest;
  readonly version: string | undefined;
  /** The pull request that brought them there, and when; undefined where nobody knows. */
  readonly pull: number | undefined;
  readonly at: string | undefined;
}

/** What served in an environment, one step for each deployment that went well, the oldest first. */
export function stepsOf(records: readonly DeploymentRecord[]): readonly Step[] {
  return served(records).map(({ digest, version, pull, deployed_at }) => ({
    digest: { sha256: digest.sha256 as Sha256, md5: digest.md5 as Md5 },
    version,
    pull: pull ?? undefined,
    at: deployed_at,
  }));
}

/**
 * What was there right before these bytes came for the first time: not what was there in between, which
 * may be what was gone back from. Bytes that never came are gone back from to the last that did.
 *
 * @param steps the oldest first
 * @param current the bytes that are wanted now; undefined where none are
 */
export function stepBack(steps: readonly Step[], current: string | undefined): Step | undefined {
  const came = steps.findIndex(({ digest }) => digest.sha256 === current);
  return (came < 0 ? steps : steps.slice(0, came)).findLast(({ digest }) => digest.sha256 !== current);
}

/**
 * The steps that a version, or the first digits of a sha256, names: one for each digest, the newest first.
 *
 * @param asked `v1.1.0`, `1.1.0`, `0f3a12bc`
 */
export function stepsNamed(steps: readonly Step[], asked: string): readonly Step[] {
  const version = /^\d/.test(asked) && asked.includes(".") ? `v${asked}` : asked;
  const digits = /^[0-9a-f]{7,64}$/i.test(asked) ? asked.toLowerCase() : undefined;
  const found = new Map<string, Step>();
  for (const step of [...steps].reverse()) {
    const named = step.version === version || (digits !== undefined && step.digest.sha256.startsWith(digits));
    if (named && !found.has(step.digest.sha256)) found.set(step.digest.sha256, step);
  }
  return [...found.values()];
}

/** Bytes with a name. */
type Named = Pick<Desired, "version" | "digest">;

/** How bytes are called: by their version, else by the first digits of their digest. */
export const stepName = ({ version, digest }: Named): string =>
  version ?? `sha256:${digest.sha256.slice(0, 12)}`;

/** A rollback as its pull request speaks of it. */
export interface RollbackFacts {
  readonly model: string;
  readonly environment: string;
  readonly to: Step;
  /** What the default branch wants now. */
  readonly from: Named | undefined;
}

/**
 * @example rollbackTitle({ model: "wages", environment: "production", to: { version: "v1.1.0", digest: { sha256: "0f" } } }) // => "Roll wages back to v1.1.0 in production"
 */
export const rollbackTitle = ({
  model,
  environment,
  to,
}: Pick<RollbackFacts, "model" | "environment"> & {
  readonly to: Named;
}): string => `Roll ${model} back to ${stepName(to)} in ${environment}`;

/** What every branch of rollbacks of a model in an environment begins with. */
export const rollbackBranches = ({
  model,
  environment,
}: Pick<RollbackFacts, "model" | "environment">): string => `trainyard-rollback-${environment}-${model}-`;

/**
 * The branch of one rollback. It says to which bytes and from which commit on: the same rollback is asked
 * for again weeks later, when the old branch would conflict.
 */
export const rollbackBranch = (facts: RollbackFacts, base: string): string =>
  `${rollbackBranches(facts)}${facts.to.digest.sha256.slice(0, 8)}-${base.slice(0, 8)}`;

/** The text of the pull request, in GitHub's Markdown. */
export function rollbackBody({ model, environment, to, from }: RollbackFacts): string {
  const was = from === undefined ? "nothing" : markdownCode(stepName(from), 80);
  const brought = to.pull === undefined ? "" : `, which #${to.pull} brought there`;
  return [
    `${markdownCode(environment, 60)} serves ${markdownCode(model, 110)} ${markdownCode(stepName(to), 80)} again${brought}, in the place of ${was}. The bytes are found by their digest, and nothing is trained again.`,
    `Only ${markdownCode(desiredPath(environment, model), 200)} changes. No gate stands in the way of bytes that served there before: once the check has said so, merge it, and the release deploys it.`,
    "",
  ].join("\n\n");
}
