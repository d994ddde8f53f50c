import { UserError } from "../../errors.ts";
import { digitsOf, isLegacy, type ObjectName, type Sha256, sha256 } from "./digest.ts";
import { type DigestTable, readDigestTable } from "./digest-table.ts";

/** What stands beside an object's md5 since md5 can be forged. */
export interface Voucher {
  /** Of a file its bytes'; of a directory that of `directoryContent`, which does not rest on md5 anywhere. */
  readonly sha256: Sha256;
  /** Of a directory: the sha256 of each of its files. */
  readonly files?: DigestTable;
}

const SCHEMA = "trainyard/sha256/1";
/** A header is shorter than 150 characters. */
const LONGEST_HEADER = 1000;

/**
 * Where a remote keeps the voucher of an object: outside of what DVC lists and collects.
 *
 * @example voucherPath("60b725f10c9c85c70d97880dfe8191b3") // => "trainyard/sha256/60/b725f10c9c85c70d97880dfe8191b3"
 */
export function voucherPath(name: ObjectName | string): string {
  const digits = digitsOf(name);
  return `trainyard/sha256/${isLegacy(name) ? "legacy/" : ""}${digits.slice(0, 2)}/${digits.slice(2)}`;
}

/**
 * A voucher as it lies in a remote: one line of JSON and, for a directory, the rows of its table.
 *
 * @example Buffer.from(printVoucher({ sha256: "e3b0" })).toString() // => '{"schema":"trainyard/sha256/1","sha256":"e3b0"}\n'
 */
export function printVoucher({ sha256, files }: Voucher): Uint8Array {
  const listed = files === undefined ? {} : { files: files.rows };
  const header = Buffer.from(`${JSON.stringify({ schema: SCHEMA, sha256, ...listed })}\n`);
  return files === undefined ? header : Buffer.concat([header, files.bytes]);
}

/**
 * Reads a voucher that may come from anywhere.
 *
 * @param where for messages
 * @throws {UserError} where it is none
 *
 * @example parseVoucher(Buffer.from("<html>\n"), "v") // throws "is no voucher"
 */
export function parseVoucher(bytes: Uint8Array, where: string): Voucher {
  const wrong = new UserError(
    `what vouches for ${where} is no voucher; have it written anew with \`trainyard push --all-objects\` where the right bytes are`,
  );
  const end = bytes.subarray(0, LONGEST_HEADER).indexOf(10);
  if (end < 0) throw wrong;
  let found: { schema?: unknown; sha256?: unknown; files?: unknown } | null;
  try {
    found = JSON.parse(Buffer.from(bytes.subarray(0, end)).toString("utf8"));
  } catch {
    throw wrong;
  }
  const whole = typeof found?.sha256 === "string" ? sha256(found.sha256) : undefined;
  if (found?.schema !== SCHEMA || whole === undefined) throw wrong;
  const rest = bytes.subarray(end + 1);
  if (found.files === undefined && rest.length === 0) return { sha256: whole };
  const files = readDigestTable(rest);
  if (files === undefined || files.rows !== found.files) throw wrong;
  return { sha256: whole, files };
}
