import { createHash } from "node:crypto";
import { plain } from "../../core/report/escape.ts";
import { UserError } from "../../errors.ts";
import type { LedgerRecord } from "../../ports/ledger.ts";

/** The most that one record may hold, in bytes: a verdict with fifty metrics and gates has ten thousand. */
const LARGEST = 2 ** 20;
const FOLDER = /^[a-z0-9][a-z0-9_-]{0,127}$/;
const FILE = /^[a-z0-9][a-z0-9._-]{0,199}\.json$/;

/**
 * Holds a folder of the ledger to its grammar, which no file system and no URL reads in another way.
 *
 * @throws {UserError}
 */
export function checkFolder(folder: string): void {
  if (folder.split("/").every((part) => FOLDER.test(part)) && folder.length <= 500) return;
  throw new UserError(
    `"${plain(folder, 100)}" is no folder of the ledger; its parts are lower-case letters, digits, "_" and "-"`,
  );
}

/** @throws {UserError} where it is no path of a record */
export function checkPath(path: string): void {
  const at = path.lastIndexOf("/");
  const folders = path.slice(0, Math.max(at, 0)).split("/");
  if (
    folders.every((part) => FOLDER.test(part)) &&
    FILE.test(path.slice(at + 1)) &&
    !path.includes("..") &&
    path.length <= 500
  ) {
    return;
  }
  throw new UserError(
    `"${plain(path, 100)}" is no path of a record; it is FOLDER/NAME.json in lower-case letters, digits, "_", "-" and "."`,
  );
}

/**
 * Records by their paths, each once.
 *
 * @throws {UserError} where a path or text is none of a record's, or one path has two texts
 */
export function checkRecords(records: readonly LedgerRecord[]): readonly LedgerRecord[] {
  const texts = new Map<string, string>();
  for (const { path, text } of records) {
    checkPath(path);
    if ((texts.get(path) ?? text) !== text) throw new UserError(`"${path}" is to hold two different records`);
    if (Buffer.byteLength(text) > LARGEST) throw new UserError(`"${path}" is larger than ${LARGEST} bytes`);
    if (!text.endsWith("\n") || !isJson(text)) {
      throw new UserError(`"${path}" does not hold JSON that ends with a line end`);
    }
    texts.set(path, text);
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The name that Git gives to a text. */
export function blobId(text: string): string {
  const bytes = Buffer.from(text);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
