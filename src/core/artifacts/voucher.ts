import { UserError } from "../../errors.ts";
import { digitsOf, isLegacy, legacyMd5, md5, type ObjectName, type Sha256, sha256 } from "./digest.ts";

/** What stands beside an object's md5 since md5 can be forged. */
export interface Voucher {
  readonly sha256: Sha256;
  /** Of a directory: the sha256 of each of its files, by name. */
  readonly files?: ReadonlyMap<ObjectName, Sha256>;
}

const SCHEMA = "trainyard/sha256/1";

/**
 * Where a remote keeps the voucher of an object: outside of what DVC lists and collects.
 *
 * @example voucherPath("60b725f10c9c85c70d97880dfe8191b3") // => "trainyard/sha256/60/b725f10c9c85c70d97880dfe8191b3.json"
 */
export function voucherPath(name: ObjectName | string): string {
  const digits = digitsOf(name);
  return `trainyard/sha256/${isLegacy(name) ? "legacy/" : ""}${digits.slice(0, 2)}/${digits.slice(2)}.json`;
}

/**
 * A voucher as it lies in a remote.
 *
 * @example printVoucher({ sha256: "e3b0" }) // => '{"schema":"trainyard/sha256/1","sha256":"e3b0"}\n'
 */
export function printVoucher({ sha256, files }: Voucher): string {
  const listed = files === undefined ? {} : { files: Object.fromEntries(files) };
  return `${JSON.stringify({ schema: SCHEMA, sha256, ...listed })}\n`;
}

/**
 * Reads a voucher that may come from anywhere.
 *
 * @param where for messages
 * @throws {UserError} where it is none
 *
 * @example parseVoucher("<html>", "v") // throws "is no voucher"
 */
export function parseVoucher(text: string, where: string): Voucher {
  const wrong = new UserError(`what vouches for ${where} is no voucher; push it again with \`--force\``);
  let found: { schema?: unknown; sha256?: unknown; files?: unknown } | null;
  try {
    found = JSON.parse(text);
  } catch {
    throw wrong;
  }
  const whole = typeof found?.sha256 === "string" ? sha256(found.sha256) : undefined;
  if (found?.schema !== SCHEMA || whole === undefined) throw wrong;
  if (found.files === undefined) return { sha256: whole };
  if (typeof found.files !== "object" || found.files === null) throw wrong;
  const files = new Map<ObjectName, Sha256>();
  for (const [key, value] of Object.entries(found.files)) {
    const name = isLegacy(key) ? legacyMd5(digitsOf(key)) : md5(key);
    const long = typeof value === "string" ? sha256(value) : undefined;
    if (name === undefined || long === undefined) throw wrong;
    files.set(name, long);
  }
  return { sha256: whole, files };
}
