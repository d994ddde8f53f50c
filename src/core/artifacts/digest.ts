import crypto, { createHash } from "node:crypto";

declare const brand: unique symbol;

/**
 * The name that DVC gives to bytes: 32 lower-case hex digits. A directory's name is the md5 of its
 * manifest with `.dir` behind it.
 */
export type Md5 = string & { readonly [brand]: "md5" };

/**
 * The name that DVC 2 gave to bytes: `md5-dos2unix:` and 32 digits, the md5 of a text with its `\r\n` as
 * `\n`. It does not tell the bytes exactly, and lies elsewhere than the names of DVC 3.
 */
export type LegacyMd5 = string & { readonly [brand]: "md5-dos2unix" };

/** What an object of a cache or remote is called: by DVC 3, or by DVC 2. */
export type ObjectName = Md5 | LegacyMd5;

/** What we vouch for: 64 lower-case hex digits. */
export type Sha256 = string & { readonly [brand]: "sha256" };

/** Both names of the same bytes: md5 finds them where DVC keeps them, sha256 vouches for them. */
export interface Digest {
  readonly md5: Md5;
  readonly sha256: Sha256;
}

/** What a file or directory holds, as DVC tells it: all that `add` needs. */
export interface Named {
  readonly md5: Md5;
  /** Bytes; of a directory, the sum over its files. */
  readonly size: number;
  /** Directories only. */
  readonly nfiles?: number;
}

/** What a file or directory holds, vouched for: what a lock says, and what leaves the machine. */
export interface Content extends Named, Digest {}

/**
 * Text that is an md5 name, or undefined; upper case is taken as DVC takes it.
 *
 * @example md5("D751713988987E9331980363E24189CE.dir") // => "d751713988987e9331980363e24189ce.dir"
 * @example md5("../../etc/passwd") // => undefined
 */
export function md5(text: string): Md5 | undefined {
  const name = text.toLowerCase();
  return /^[0-9a-f]{32}(\.dir)?$/.test(name) ? (name as Md5) : undefined;
}

const LEGACY = "md5-dos2unix:";

/**
 * The legacy name of 32 digits with or without `.dir`, or undefined.
 *
 * @example legacyMd5("60b725f10c9c85c70d97880dfe8191b3") // => "md5-dos2unix:60b725f10c9c85c70d97880dfe8191b3"
 */
export function legacyMd5(text: string): LegacyMd5 | undefined {
  const name = md5(text);
  return name === undefined ? undefined : (`${LEGACY}${name}` as LegacyMd5);
}

/**
 * Whether DVC 2 named it.
 *
 * @example isLegacy("60b725f10c9c85c70d97880dfe8191b3") // => false
 */
export function isLegacy(name: ObjectName | string): name is LegacyMd5 {
  return name.startsWith(LEGACY);
}

/**
 * The digits of a name, with `.dir` where it has one: what pointer files say.
 *
 * @example digitsOf("md5-dos2unix:60b725f10c9c85c70d97880dfe8191b3") // => "60b725f10c9c85c70d97880dfe8191b3"
 */
export function digitsOf(name: ObjectName | string): string {
  return isLegacy(name) ? name.slice(LEGACY.length) : name;
}

/**
 * Text that is a sha256, or undefined.
 *
 * @example sha256("abc") // => undefined
 */
export function sha256(text: string): Sha256 | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Sha256) : undefined;
}

/**
 * Whether a name is that of a directory's manifest.
 *
 * @example isDirectory("d751713988987e9331980363e24189ce.dir") // => true
 */
export function isDirectory(name: ObjectName | string): boolean {
  return name.endsWith(".dir");
}

/**
 * Where an object of this name lies in a cache or remote, as a path with `/`.
 *
 * @example objectPath("d751713988987e9331980363e24189ce.dir") // => "files/md5/d7/51713988987e9331980363e24189ce.dir"
 * @example objectPath("md5-dos2unix:60b725f10c9c85c70d97880dfe8191b3") // => "60/b725f10c9c85c70d97880dfe8191b3"
 */
export function objectPath(name: ObjectName | string): string {
  const digits = digitsOf(name);
  return `${isLegacy(name) ? "" : "files/md5/"}${digits.slice(0, 2)}/${digits.slice(2)}`;
}

/**
 * The name of the object that lies at a path, or undefined where the path is no object's.
 *
 * @example objectAt("files/md5/60/b725f10c9c85c70d97880dfe8191b3") // => "60b725f10c9c85c70d97880dfe8191b3"
 * @example objectAt("files/md5/60/b725.tmp") // => undefined
 */
export function objectAt(path: string): ObjectName | undefined {
  const [, current, start, rest] =
    /^(files\/md5\/)?([0-9a-f]{2})\/([0-9a-f]{30}(?:\.dir)?)$/.exec(path) ?? [];
  if (start === undefined) return undefined;
  return current === undefined ? legacyMd5(`${start}${rest}`) : md5(`${start}${rest}`);
}

/** Hashes bytes as they pass, into both names at once. */
export interface Hashing {
  update(bytes: Uint8Array): void;
  /** Once only, at the end. */
  digest(): Digest;
}

/** A new hash of nothing yet. */
export function hashing(): Hashing {
  const short = createHash("md5");
  const long = createHash("sha256");
  return {
    update(bytes) {
      short.update(bytes);
      long.update(bytes);
    },
    digest: () => ({ md5: short.digest("hex") as Md5, sha256: long.digest("hex") as Sha256 }),
  };
}

/**
 * Both names of bytes in memory; text is taken as UTF-8.
 *
 * @example digestOf("").md5 // => "d41d8cd98f00b204e9800998ecf8427e"
 */
export function digestOf(bytes: Uint8Array | string): Digest {
  return { md5: hexOf("md5", bytes) as Md5, sha256: hexOf("sha256", bytes) as Sha256 };
}

type OneShot = (algorithm: string, bytes: Uint8Array | string, encoding: "hex") => string;

/**
 * A digest of bytes in memory, as hex: Node from 20.12 on makes it in one step, in half of the time for a few.
 *
 * @example hexOf("md5", "") // => "d41d8cd98f00b204e9800998ecf8427e"
 */
export const hexOf: (algorithm: string, bytes: Uint8Array | string) => string =
  "hash" in crypto
    ? (algorithm, bytes) => (crypto.hash as OneShot)(algorithm, bytes, "hex")
    : (algorithm, bytes) => createHash(algorithm).update(bytes).digest("hex");
