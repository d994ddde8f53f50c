import { UserError } from "../../errors.ts";
import { oneLine } from "../text/one-line.ts";

/** A file's keys, row by row, each as it is written; undefined where a row has none. */
export interface KeyedFile {
  readonly file: string;
  readonly keys: readonly (string | undefined)[];
}

/**
 * Refuses a file whose rows the key does not tell apart.
 *
 * @throws {UserError} that says how many rows are without a key or bear another's, some of them, file and column
 * @example requireKeys("id", { file: "p.csv", keys: ["7", "8"] }) // => undefined
 * @example requireKeys("id", { file: "p.csv", keys: ["7", "8", "7"] }) // throws "2 rows of p.csv share a key in column"
 * @example requireKeys("id", { file: "p.csv", keys: ["7", undefined] }) // throws "1 row of p.csv has no key in column"
 */
export function requireKeys(name: string, { file, keys }: KeyedFile): void {
  const column = `column "${short(name)}"`;
  const empty = keys.filter((key) => key === undefined).length;
  if (empty > 0) {
    const has = empty === 1 ? "has" : "have";
    throw new UserError(
      `${rowsText(empty)} of ${file} ${has} no key in ${column}; give every row one, or name another column with --key`,
    );
  }
  const counts = new Map<string | undefined, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  if (counts.size === keys.length) return;
  const shared = [...counts].filter(([, count]) => count > 1);
  const rows = shared.reduce((sum, [, count]) => sum + count, 0);
  throw new UserError(
    `${rowsText(rows)} of ${file} share a key in ${column} (${named(shared.map(([key]) => key))}); leave one row a key, or name another column with --key`,
  );
}

/**
 * Where each of the candidate's rows stands in the baseline.
 *
 * @throws {UserError} where one of them has a row that the other has not, or as `requireKeys` does
 * @example placesByKey("id", { file: "p.csv", keys: ["7", "8"] }, { file: "q.csv", keys: ["8", "7"] }) // => [1, 0]
 * @example placesByKey("id", { file: "p.csv", keys: ["7"] }, { file: "q.csv", keys: ["7", "9"] }) // throws "1 row of q.csv is not in p.csv"
 */
export function placesByKey(name: string, candidate: KeyedFile, baseline: KeyedFile): Int32Array {
  requireKeys(name, candidate);
  requireKeys(name, baseline);
  const places = new Map(baseline.keys.map((key, row) => [key, row]));
  const own = new Set(candidate.keys);
  const stray = [
    strangers(candidate, baseline, (key) => !places.has(key)),
    strangers(baseline, candidate, (key) => !own.has(key)),
  ].filter((text) => text !== undefined);
  if (stray.length > 0) {
    const column = `column "${short(name)}"`;
    throw new UserError(`${stray.join(", and ")}, by ${column}; two models are compared on the same rows`);
  }
  return Int32Array.from(candidate.keys, (key) => places.get(key) ?? -1);
}

/** So many keys are named in one message, each at most so long. */
const NAMED = 3;
const LONGEST = 60;

function strangers(
  one: KeyedFile,
  other: KeyedFile,
  strange: (key: string | undefined) => boolean,
): string | undefined {
  const lost = one.keys.filter(strange);
  if (lost.length === 0) return undefined;
  const are = lost.length === 1 ? "is" : "are";
  return `${rowsText(lost.length)} of ${one.file} ${are} not in ${other.file} (${named(lost)})`;
}

function named(keys: readonly (string | undefined)[]): string {
  const told = keys.slice(0, NAMED).map((key) => `"${short(key ?? "")}"`);
  const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : "";
  return `${keys.length === 1 ? "key" : "keys"} ${told.join(", ")}${more}`;
}

const rowsText = (rows: number): string => (rows === 1 ? "1 row" : `${rows} rows`);

/** What a stranger wrote, on one line. */
const short = (text: string): string => oneLine(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
