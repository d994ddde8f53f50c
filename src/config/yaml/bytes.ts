import { UserError } from "../../errors.ts";
import type { Issue } from "../issues.ts";

const MEGABYTE = 1_000_000;
const LARGEST = 10 * MEGABYTE;

/**
 * The text of a contract's bytes.
 *
 * @throws {UserError} where they are not UTF-8, with the line of the first wrong byte.
 */
export function decodeContract(bytes: Uint8Array, file: string): string {
  if (bytes.length > LARGEST) throw new UserError(tooLarge(bytes.length), { at: { file } });
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const issue = textIssue(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), file);
    throw new UserError(issue?.message ?? NOT_UTF8, { at: issue?.place ?? { file } });
  }
}

/** What makes a text unreadable before YAML begins, or `undefined`. */
export function textIssue(text: string, file: string): Issue | undefined {
  const size = text.length > LARGEST / 4 ? Buffer.byteLength(text) : text.length;
  if (size > LARGEST) return { place: { file }, message: tooLarge(size) };
  if (text.replace(/^\uFEFF/, "").trim() === "") {
    return { place: { file }, message: 'the file is empty; a contract begins with "model: NAME"' };
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const wrong = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\uFFFD]/.exec(text);
  if (wrong === null) return undefined;
  const before = text
    .slice(0, wrong.index)
    .replace(/^\uFEFF/, "")
    .split("\n");
  const place = { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  if (wrong[0] === "\uFFFD") return { place, message: NOT_UTF8 };
  const code = wrong[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0");
  const hint =
    code === "0000" ? "; a contract is text in UTF-8, not UTF-16 and no binary file" : "; take it out";
  return { place, message: `the control character U+${code} stands here${hint}` };
}

const NOT_UTF8 = "bytes that are not UTF-8 stand here; save the file as UTF-8";

const tooLarge = (size: number) =>
  `the file has ${(size / MEGABYTE).toFixed(1)} MB; a contract has at most ${LARGEST / MEGABYTE} MB`;
