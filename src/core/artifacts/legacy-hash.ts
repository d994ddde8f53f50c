import { createHash, type Hash } from "node:crypto";
import { digitsOf, type LegacyMd5, legacyMd5, type Md5 } from "./digest.ts";
import { type Manifest, printManifest } from "./manifest.ts";

/** DVC reads in pieces of this size, and decides of each by itself. */
const PIECE = 2 ** 20;
/** So much of a piece says whether it is text. */
const START = 512;
const MOST_OTHERS = 0.3;
const CR = 0x0d;
const LF = 0x0a;

/** Hashes bytes as they pass, as DVC 2 did. */
export interface LegacyHashing {
  update(bytes: Uint8Array): void;
  /**
   * Once only, at the end: the name of the bytes, as DVC 3 finds it for what DVC 2 named. Where a file is
   * text and something else by turns of a MiB, the name that DVC 2 itself gave is another one, and comes second.
   */
  digest(): readonly [LegacyMd5, ...LegacyMd5[]];
}

/**
 * The name that DVC 2 gives to bytes: in what looks like text, the ends of lines count as `\n`. A `\r\n`
 * that lies across two MiB stays, as DVC leaves it.
 *
 * The bytes in cache and remote are not changed, so this name cannot tell two texts apart that differ in
 * their ends of lines.
 */
export function legacyHashing(): LegacyHashing {
  const hash = createHash("md5");
  let second: Hash | undefined; // DVC 2 took the first piece's kind for the whole file's
  let firstIsText: boolean | undefined;
  const piece = new Uint8Array(PIECE);
  let filled = 0;
  const flush = (bytes: Uint8Array): void => {
    const isText = looksLikeText(bytes);
    firstIsText ??= isText;
    if (isText !== firstIsText) second ??= hash.copy();
    hash.update(isText ? withoutCr(bytes) : bytes);
    second?.update(firstIsText ? withoutCr(bytes) : bytes);
  };
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (filled === 0 && bytes.length - at >= PIECE) {
          flush(bytes.subarray(at, at + PIECE));
          at += PIECE;
          continue;
        }
        const part = bytes.subarray(at, at + PIECE - filled);
        piece.set(part, filled);
        filled += part.length;
        at += part.length;
        if (filled < PIECE) continue;
        flush(piece);
        filled = 0;
      }
    },
    digest() {
      if (filled > 0) flush(piece.subarray(0, filled));
      const named = (one: Hash): LegacyMd5 => legacyMd5(one.digest("hex")) as LegacyMd5;
      return second === undefined ? [named(hash)] : [named(hash), named(second)];
    },
  };
}

/**
 * The legacy name of bytes in memory; text is taken as UTF-8.
 *
 * @example legacyDigestOf("line1\r\nline2\r\n") // => "md5-dos2unix:4fcc82a88ee38e0aa16c17f512c685c9"
 */
export function legacyDigestOf(bytes: Uint8Array | string): LegacyMd5 {
  const hash = legacyHashing();
  hash.update(typeof bytes === "string" ? Buffer.from(bytes) : bytes);
  return hash.digest()[0];
}

/**
 * The legacy name of a directory: that of the manifest of its files' legacy names.
 *
 * @example legacyDirectory([]) // => "md5-dos2unix:d751713988987e9331980363e24189ce.dir"
 */
export function legacyDirectory(
  files: readonly { readonly relpath: string; readonly name: LegacyMd5 }[],
): LegacyMd5 {
  const manifest: Manifest = files.map(({ relpath, name }) => ({ relpath, md5: digitsOf(name) as Md5 }));
  return legacyMd5(`${digitsOf(legacyDigestOf(printManifest(manifest)))}.dir`) as LegacyMd5;
}

/**
 * Whether bytes look like text to DVC: no zero byte in the first 512, and no more than three in ten
 * that are neither ASCII letters nor blanks. So most texts in UTF-8 that are not English are none.
 *
 * @example looksLikeText(Buffer.from("a\r\n")) // => true
 * @example looksLikeText(Buffer.from("日本語")) // => false
 */
export function looksLikeText(bytes: Uint8Array): boolean {
  const start = bytes.subarray(0, START);
  let others = 0;
  for (const byte of start) {
    if (byte === 0) return false;
    const isText = (byte >= 32 && byte < 127) || (byte >= 8 && byte <= 13 && byte !== 11);
    if (!isText) others++;
  }
  return start.length === 0 || others / start.length <= MOST_OTHERS;
}

function withoutCr(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(CR)) return bytes;
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === CR && bytes[at + 1] === LF) continue;
    kept[length++] = byte;
  }
  return kept.subarray(0, length);
}
