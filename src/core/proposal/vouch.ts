import { canonical } from "../artifacts/canonical.ts";
import type { Digest } from "../artifacts/digest.ts";
import { digestOf, type Sha256 } from "../artifacts/digest.ts";
import type { Json } from "../artifacts/ingredient.ts";
import { type VerdictRecord, verdictRecord } from "./documents.ts";
import { lookFile } from "./looks.ts";

/*
 * Where verdicts stand in the ledger, and what they vouch for. A lock is a claim; it is believed where
 * a verdict of our own says the same of (fingerprint, bytes).
 *
 *   verdicts/MODEL/PULL/COMMIT-FINGERPRINT-CONTENT.json   the record; CONTENT tells judgements apart
 *   trained/FINGERPRINT/CONTENT.json                      which record, found by one `list`
 *   looks/MODEL/HOLDOUT/BYTES.json                        that the model was measured, see looks.ts
 */

/** The part of a record that says what was judged and with what result, but not when or by which run. */
type Essence = Omit<VerdictRecord, "trained_by" | "judged_by" | "judged_at" | "tool">;

/**
 * Where a verdict's record stands: judged again with the same result it is the same file, so a record
 * that is there already need not be added again.
 */
export function recordPath(record: VerdictRecord): string {
  const { commit, fingerprint } = record;
  const name = `${commit}-${fingerprint.slice(0, SHORT)}-${contentOf(record)}.json`;
  return `${recordFolder(record.model, record.pull)}/${name}`;
}

/**
 * The folder of a model's verdicts, of one pull request or of none.
 *
 * @example recordFolder("Wages", 12) // => "verdicts/wages/12"
 * @example recordFolder("wages", null) // => "verdicts/wages/none"
 */
export function recordFolder(model: string, pull: number | null): string {
  return `verdicts/${model.toLowerCase()}/${pull ?? "none"}`;
}

/**
 * The folder that is listed to find the verdicts of a training.
 *
 * @example indexFolder("0f3a") // => "trained/0f3a"
 */
export function indexFolder(fingerprint: string): string {
  return `trained/${fingerprint}`;
}

/**
 * The files of a verdict: its record, the entry by which its fingerprint is found, and that the holdout was
 * looked at.
 */
export function recordFiles(
  record: VerdictRecord,
): readonly { readonly path: string; readonly text: string }[] {
  const path = recordPath(record);
  const entry = { schema: "trainyard/trained-index/1", record: path };
  return [
    { path, text: `${JSON.stringify(record, undefined, 2)}\n` },
    {
      path: `${indexFolder(record.fingerprint)}/${contentOf(record)}.json`,
      text: `${JSON.stringify(entry, undefined, 2)}\n`,
    },
    ...(record.holdout === undefined ? [] : [lookFile(record.model, record.holdout, record.digest.sha256)]),
  ];
}

/**
 * The path of the record that an index entry names; undefined where it is no such entry.
 *
 * @example indexedPath('{"schema":"trainyard/trained-index/1","record":"verdicts/wages/1/a-b-c.json"}') // => "verdicts/wages/1/a-b-c.json"
 * @example indexedPath('{"record":"../x"}') // => undefined
 */
export function indexedPath(text: string): string | undefined {
  const value = jsonOf(text);
  const path = typeof value === "object" && value !== null ? (value as { record?: unknown }).record : "";
  return typeof path === "string" && /^verdicts(\/[a-z0-9][a-z0-9._-]*)+\.json$/.test(path)
    ? path
    : undefined;
}

/** A record as it came out of the ledger; undefined where it is none of this version. */
export function parseRecord(text: string): VerdictRecord | undefined {
  const parsed = verdictRecord.safeParse(jsonOf(text));
  return parsed.success ? parsed.data : undefined;
}

/**
 * The different trainings whose verdicts stand at these paths of the ledger, by their fingerprints'
 * first digits.
 *
 * @example fingerprintsIn(["verdicts/wages/1/aa-0123456789ab-cd.json", "verdicts/wages/1/bb-0123456789ab-ef.json"]) // => ["0123456789ab"]
 */
export function fingerprintsIn(paths: readonly string[]): string[] {
  const found = paths.flatMap((path) => /-([0-9a-f]{12})-[0-9a-f]+\.json$/.exec(path)?.[1] ?? []);
  return [...new Set(found)].sort();
}

/** The fingerprint as `fingerprintsIn` has it. */
export const shortFingerprint = (fingerprint: string): string => fingerprint.slice(0, SHORT);

/** What a record is asked to vouch for. */
export interface Claim {
  readonly fingerprint: string;
  /** The model's bytes, where they are known. */
  readonly sha256?: string;
  /** Whether models that no run of ours trained count, too. */
  readonly outside?: boolean;
}

/**
 * Whether a record says that a run of ours trained this: a model that came from outside vouches for
 * nothing, however often it was judged.
 */
export function vouches(record: VerdictRecord, { fingerprint, sha256, outside = false }: Claim): boolean {
  const ours = record.origin === "trained here" || record.origin === "vouched for";
  return (
    (ours || outside) &&
    record.fingerprint === fingerprint &&
    (sha256 === undefined || record.digest.sha256 === sha256)
  );
}

/** The bytes that the records vouch for; those judged last come first, and of these the best. */
export function vouchedDigests(
  records: readonly VerdictRecord[],
  fingerprint: string,
): readonly (Digest & { readonly size: number })[] {
  const own = records.filter((record) => vouches(record, { fingerprint }));
  const newest = own.sort((a, b) => (a.judged_at < b.judged_at ? 1 : a.judged_at > b.judged_at ? -1 : 0));
  const seen = new Map(newest.map(({ digest }) => [digest.sha256, digest]));
  return [...seen.values()] as (Digest & { readonly size: number })[];
}

const SHORT = 12; // hex digits: 48 bits tell a repository's trainings apart

function contentOf(record: VerdictRecord): Sha256 | string {
  const { trained_by: _, judged_by: __, judged_at: ___, tool: ____, ...essence } = record;
  return digestOf(canonical(essence satisfies Essence as unknown as Json)).sha256.slice(0, SHORT);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
