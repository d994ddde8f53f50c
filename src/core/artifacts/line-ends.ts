import { digestOf, isLegacy, type ObjectName } from "./digest.ts";

/** A text by its name, with its bytes where they are to be had. */
export interface NamedText {
  readonly name: ObjectName | string;
  readonly bytes?: Buffer;
}

/**
 * Whether two texts differ in nothing but that the lines of the newer end as on Windows. The bytes of either
 * are enough, since the other's digest says what they come to; where it cannot be known, the answer is no.
 *
 * @example isOnlyCrlf({ name: "dd8c6a395b5dd36c56d23275028f526c" }, { name: "", bytes: Buffer.from("a\r\nb\r\n") }) // => true
 * @example isOnlyCrlf({ name: "", bytes: Buffer.from("a\nb\n") }, { name: "59b0d7772f0561efb95518f3cb8abc60" }) // => true
 * @example isOnlyCrlf({ name: "dd8c6a395b5dd36c56d23275028f526c" }, { name: "", bytes: Buffer.from("a\nc\r\n") }) // => false
 */
export function isOnlyCrlf(before: NamedText, after: NamedText): boolean {
  if (isLegacy(before.name) || isLegacy(after.name)) return false; // these digests do not see the ends of lines
  const text = (after.bytes ?? before.bytes)?.toString("latin1") ?? "";
  const [unix, windows] =
    after.bytes === undefined ? [text, text.replaceAll("\n", "\r\n")] : [text.replaceAll("\r\n", "\n"), text];
  if (unix === windows || unix.includes("\0") || unix.includes("\r\n")) return false;
  const [known, name] = after.bytes === undefined ? [windows, after.name] : [unix, before.name];
  return digestOf(Buffer.from(known, "latin1")).md5 === name;
}
