import type { Contract } from "../../config/contract.ts";
import { UserError } from "../../errors.ts";
import type { VerdictRecord } from "../proposal/documents.ts";
import { nearest } from "../text/nearest.ts";
import type { DeploymentChange } from "./change.ts";
import { type Desired, environmentOf, parseDesired } from "./desired.ts";
import type { DeploymentRecord } from "./documents.ts";
import { firstServed, servingSince } from "./records.ts";
import * as say from "./sentences.ts";

/** A desired state on both sides of a change; undefined where there is none. */
export interface StateFile {
  readonly path: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What decides of a change: the base's contract, and what the ledger knows. */
export interface Known {
  /** Where the base's contract of this model deploys; a sentence where that cannot be known. */
  readonly deploy: Contract["deploy"] | string;
  /** Deployments of the model into this environment. */
  readonly here: readonly DeploymentRecord[];
  /** The same of the environment that this one comes after. */
  readonly before: readonly DeploymentRecord[];
  /** Verdicts on the bytes that are wanted. */
  readonly verdicts: readonly VerdictRecord[];
  /** Why the ledger could not be asked. */
  readonly unasked: string | undefined;
  /** The model's bytes as this very change brings them. */
  readonly brought: Brought | undefined;
}

/** What a change brings beside desired states: a model that is judged with it. */
export interface Brought {
  readonly digest: { readonly sha256: string; readonly md5: string };
  /** Where it goes when the change is merged; undefined where it is deployed nowhere. */
  readonly environment: string | undefined;
  /** Whether the judge's own commit writes the desired state, whatever the change has there. */
  readonly written: boolean;
}

type Parts = Pick<DeploymentChange, "kind" | "verdict" | "sentence"> &
  Partial<Pick<DeploymentChange, "pulls" | "line">>;

/**
 * What a change of a desired state is, and whether it may be merged.
 *
 * Bytes that served there before may always come back: neither a gate nor a contract, be it changed or
 * broken, stands in the way of a rollback. All others need a verdict, and to have served in the
 * environment that theirs comes after.
 *
 * @throws {Error} at a path that is no desired state's
 */
export function classifyChange(file: StateFile, known: Known): DeploymentChange {
  const place = environmentOf(file.path);
  if (place === undefined) throw new Error(`"${file.path}" is no desired state`);
  const wanted = file.after === undefined ? undefined : readState(file.after, file.path);
  const had = file.before === undefined ? undefined : readState(file.before, file.path);
  const from = had === undefined || "broken" in had ? null : had;
  const { brought } = known;
  const made = (to: DeploymentChange["to"], parts: Parts): DeploymentChange => ({
    path: file.path,
    ...place,
    from: from === null ? null : bytesOf(from),
    to,
    line: to === null ? null : lineOf(file.after ?? "", "sha256"),
    pulls: [],
    ...parts,
    sentence: cut(parts.sentence),
  });
  const merged = { kind: "merge", verdict: "pass", sentence: say.merge(place) } as const;
  const follows = brought !== undefined && brought.environment === place.environment;
  if (follows && brought.written) return made({ ...brought.digest, version: null }, merged);
  if (wanted === undefined) {
    return made(null, { kind: "removal", verdict: "inconclusive", sentence: say.removal(place) });
  }
  if ("broken" in wanted) {
    return made(null, { kind: "refused", verdict: "fail", sentence: wanted.broken, line: wanted.line });
  }
  const to = bytesOf(wanted);
  if (follows && to.sha256 === brought.digest.sha256 && to.md5 === brought.digest.md5) {
    return made(to, merged);
  }
  if (from?.digest.sha256 === wanted.digest.sha256 && from.digest.md5 === wanted.digest.md5) {
    return made(to, unchanged(wanted, place, from, known));
  }
  return made(to, decide(wanted, place, from, known, file.after ?? ""));
}

/** Other words for the same bytes: only the version can be wrong about them. */
function unchanged(wanted: Desired, place: say.Where, from: Desired, { here }: Known): Parts {
  const known = firstServed(here, wanted.digest.sha256)?.version;
  if (wanted.version === from.version || wanted.version === undefined || known === wanted.version) {
    return { kind: "unchanged", verdict: "pass", sentence: say.unchanged(place) };
  }
  if (known === undefined)
    return { kind: "unchanged", verdict: "warn", sentence: say.renamed(place, wanted) };
  return refused(say.otherVersion(place, wanted, known));
}

function decide(wanted: Desired, place: say.Where, from: Desired | null, known: Known, text: string): Parts {
  const { digest } = wanted;
  const before = firstServed(known.here, digest.sha256);
  if (before !== undefined) {
    if (before.digest.md5 !== digest.md5) return wrongMd5(wanted, before.digest.md5, text);
    const misnamed = wanted.version !== undefined && wanted.version !== before.version;
    const now = from === null ? undefined : firstServed(known.here, from.digest.sha256);
    const sentence = say.rollback(place, before, now, misnamed ? wanted.version : undefined);
    const pulls = before.pull === null ? [] : [before.pull];
    return { kind: "rollback", verdict: misnamed ? "warn" : "pass", sentence, pulls };
  }
  if (known.unasked !== undefined) {
    return { kind: "undecided", verdict: "inconclusive", sentence: say.undecided(place, known.unasked) };
  }
  return promote(wanted, place, known, text);
}

function promote(wanted: Desired, place: say.Where, known: Known, text: string): Parts {
  const { deploy } = known;
  if (typeof deploy === "string") return refused(say.refused(place, deploy));
  const target = Object.hasOwn(deploy, place.environment) ? deploy[place.environment] : undefined;
  if (target === undefined) {
    return refused(say.noEnvironment(place, Object.keys(deploy), nearest));
  }
  const best = bestVerdict(known.verdicts);
  if (best === undefined) return refused(say.noVerdict(place, wanted));
  const pulls = best.pull === null ? [] : [best.pull];
  if (best.digest.md5 !== wanted.digest.md5) return wrongMd5(wanted, best.digest.md5, text);
  if (best.verdict === "fail") return { ...refused(say.failed(place, wanted, best)), pulls };
  const { after } = target;
  const there = after === undefined ? undefined : firstServed(known.before, wanted.digest.sha256);
  if (after !== undefined && there === undefined) return refused(say.notYet(place, wanted, after));
  if (there !== undefined && wanted.version !== undefined && there.version !== wanted.version) {
    return refused(say.otherVersion(place, wanted, there.version));
  }
  const since = servingSince(known.before, wanted.digest.sha256);
  const path = after === undefined ? undefined : { after, since, on: there?.deployed_at };
  // what was merged for a place before this one was approved there
  const verdict = best.verdict === "inconclusive" && after !== undefined ? "pass" : best.verdict;
  return { kind: "promotion", verdict, sentence: say.promotion(place, wanted, best, path), pulls };
}

/** The verdict that speaks best of the bytes, the newest of those; any passing one is enough. */
function bestVerdict(verdicts: readonly VerdictRecord[]): VerdictRecord | undefined {
  const order = ["pass", "warn", "waived", "inconclusive", "fail"];
  return [...verdicts].sort(
    (a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict) || (a.judged_at < b.judged_at ? 1 : -1),
  )[0];
}

const refused = (sentence: string): Parts => ({ kind: "refused", verdict: "fail", sentence });

function wrongMd5(wanted: Desired, md5: string, text: string): Parts {
  return { ...refused(say.otherMd5(wanted, md5)), line: lineOf(text, "md5") };
}

/** A state, or why nobody can read it. */
function readState(
  text: string,
  path: string,
): Desired | { readonly broken: string; readonly line: number | null } {
  try {
    return parseDesired(text, path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { broken: error.message, line: error.at?.line ?? null };
  }
}

const bytesOf = ({ digest, version }: Desired): NonNullable<DeploymentChange["to"]> => ({
  sha256: digest.sha256,
  md5: digest.md5,
  version: version ?? null,
});

/** The line that a key of `serve` stands on. */
function lineOf(text: string, key: string): number | null {
  const index = text.split("\n").findIndex((line) => new RegExp(`\\b${key}\\s*:`).test(line));
  return index < 0 ? null : index + 1;
}

const cut = (text: string): string => (text.length > 2000 ? `${text.slice(0, 1999)}…` : text);
