import type { VerdictRecord } from "../proposal/documents.ts";
import { wordOf } from "../report/outcome.ts";
import type { Desired } from "./desired.ts";
import type { DeploymentRecord } from "./documents.ts";

/*
 * What is said of a change of a desired state: one sentence each, plain text, without a full stop.
 */

/** A model in an environment. */
export interface Where {
  readonly environment: string;
  readonly model: string;
}

/** The day of an ISO 8601 time. */
const day = (at: string): string => at.slice(0, 10);

/** How bytes are called: by their version, else by the first digits of their digest. */
export const named = ({ version, digest }: Pick<Desired, "version" | "digest">): string =>
  version ?? digest.sha256.slice(0, 12);

/**
 * @example merge({ environment: "staging", model: "wages" }) // => "wages goes to staging when this is merged: exactly the bytes that are judged here"
 */
export const merge = ({ environment, model }: Where): string =>
  `${model} goes to ${environment} when this is merged: exactly the bytes that are judged here`;

/** Other words, the same bytes. */
export const unchanged = ({ environment, model }: Where): string =>
  `The bytes of ${model} in ${environment} stay as they are`;

/** The bytes are called otherwise, and nobody knows better. */
export const renamed = (where: Where, { version }: Pick<Desired, "version">): string =>
  `${unchanged(where)}, and are called ${version ?? "nothing"}, which no record knows`;

/** Nothing is wanted there any more. */
export const removal = ({ environment, model }: Where): string =>
  `The desired state of ${model} in ${environment} is taken away: what serves there stays until a person stops it, and a person has to agree`;

/** It cannot be told. */
export const undecided = ({ environment, model }: Where, why: string): string =>
  `Whether these bytes of ${model} may go to ${environment} cannot be told: ${why}`;

/**
 * Where bytes were judged and served before they go on.
 *
 * @param path the environment that theirs comes after, since when they serve there, and when they first did
 */
export function promotion(
  { environment, model }: Where,
  wanted: Desired,
  { pull, verdict, origin, gates }: VerdictRecord,
  path:
    | { readonly after: string; readonly since: string | undefined; readonly on: string | undefined }
    | undefined,
): string {
  const judged = `judged in ${pull === null ? "a merge queue" : `#${pull}`} (${[wordOf(verdict), ...waiversIn(gates)].join(" ")})`;
  const outside = origin === "trained outside" ? ["trained outside, not reproduced"] : [];
  const served =
    path === undefined
      ? []
      : [
          path.since === undefined
            ? `served in ${path.after} on ${day(path.on ?? "")}`
            : `serving in ${path.after} since ${day(path.since)}`,
        ];
  return `Promotion of ${model} ${named(wanted)} to ${environment}: ${[judged, ...outside, ...served].join(", ")}`;
}

/** Who let gates be passed by, each once. */
function waiversIn(gates: VerdictRecord["gates"]): string[] {
  const found = new Set(
    gates.flatMap(({ waived }) => (waived === undefined ? [] : `by ${waived.by} until ${waived.until}`)),
  );
  return found.size === 0 ? [] : [[...found].join(" and ")];
}

const BROUGHT: Readonly<Record<DeploymentRecord["reason"], string>> = {
  merged: "merged",
  promoted: "promoted",
  "rolled back": "rolled back to",
};

/**
 * Bytes that served there come back. Those that came later than what the base has now are no step back,
 * and are not called one.
 *
 * @param before the deployment that first brought them
 * @param now the one that first brought what the base has; undefined where it never served
 * @param misnamed the version that the file calls them by, where it is another one
 */
export function rollback(
  { environment, model }: Where,
  before: DeploymentRecord,
  now: DeploymentRecord | undefined,
  misnamed: string | undefined,
): string {
  const word = now !== undefined && now.deployment < before.deployment ? "Return" : "Rollback";
  const whence =
    before.pull === null
      ? `that served there on ${day(before.deployed_at)}`
      : `${BROUGHT[before.reason]} in #${before.pull}`;
  const told = misnamed === undefined ? "" : `; the file calls it ${misnamed}, which it is not`;
  return `${word} of ${model} in ${environment} to ${before.version}, a digest ${whence}${told}`;
}

/** These bytes must not go there. */
export const refused = ({ environment, model }: Where, why: string): string =>
  `${model} may not go to ${environment}: ${why}`;

/** The base's contract does not know the environment. */
export function noEnvironment(
  where: Where,
  environments: readonly string[],
  guess: (word: string, words: readonly string[]) => string | undefined,
): string {
  const { environment, model } = where;
  if (environments.length === 0) {
    return refused(where, `the base's contract of ${model} deploys nowhere; merge its \`deploy\` first`);
  }
  const near = guess(environment, environments);
  const meant = near === undefined ? "" : `; did you mean "${near}"?`;
  return refused(
    where,
    `the base's contract knows no environment "${environment}" (${environments.join(", ")})${meant}`,
  );
}

/** No verdict speaks of the bytes. */
export const noVerdict = (where: Where, { digest }: Desired): string =>
  refused(
    where,
    `no verdict in the ledger speaks of ${digest.sha256.slice(0, 12)}, and it never served there; name bytes that a pull request was judged for`,
  );

/** The only verdicts on the bytes are failing ones. */
export const failed = (where: Where, wanted: Desired, { pull, sentence }: VerdictRecord): string =>
  refused(
    where,
    `${named(wanted)} failed${pull === null ? "" : ` in #${pull}`}: ${sentence.replace(/^Fails: /, "").replace(/\.$/, "")}`,
  );

/** It comes after an environment in which the bytes have not served. */
export const notYet = (where: Where, wanted: Desired, after: string): string =>
  refused(
    where,
    `it comes after ${after}, and ${named(wanted)} has not served there; promote it to ${after} first`,
  );

/** The version is that of other bytes. */
export const otherVersion = (where: Where, { version }: Desired, known: string): string =>
  refused(where, `the file says ${version ?? "no version"}, and these bytes are ${known}`);

/** The two digests are those of different bytes, so that nobody can fetch them. */
export const otherMd5 = ({ digest }: Desired, md5: string): string =>
  `serve.md5 is ${digest.md5}, and the bytes with this sha256 have ${md5}`;
