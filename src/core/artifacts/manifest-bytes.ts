import { createHash } from "node:crypto";
import { UserError } from "../../errors.ts";
import { isDirectory, type Md5, md5 } from "./digest.ts";
import { Listing } from "./listing.ts";
import { printEntry } from "./manifest.ts";
import { unsafePath } from "./path.ts";

/** More files than this are no directory that anybody keeps as one version; so much still fits into memory. */
const MOST = 5_000_000;
/** A path of 4,096 bytes, each of them escaped, with room for what else an entry may hold. */
const LONGEST_ENTRY = 1 << 16;
/** Characters that are joined before they are handed on. */
const PART = 1 << 16;

/** The text of a manifest in parts, byte for byte as DVC writes it; the list is sorted. */
export function* manifestParts(files: Listing): Iterable<string> {
  let text = "[";
  for (let i = 0; i < files.length; i++) {
    text += `${i === 0 ? "" : ", "}${printEntry("md5", files.md5(i), files.path(i))}`;
    if (text.length < PART) continue;
    yield text;
    text = "";
  }
  yield `${text}]`;
}

/** The name of a directory of these files, which are sorted. */
export function directoryName(files: Listing): Md5 {
  const hash = createHash("md5");
  for (const part of manifestParts(files)) hash.update(part, "latin1"); // it is ASCII
  return `${hash.digest("hex")}.dir` as Md5;
}

/** Reads a manifest that comes in pieces and may come from anywhere. */
export interface ManifestReader {
  /** The next bytes of it. @throws {UserError} where they are no part of a manifest */
  take(bytes: Uint8Array): void;
  /** What it lists, by code points of the paths, once all bytes were taken. @throws {UserError} */
  end(): Listing;
}

/**
 * A reader that never holds more than one entry as text, however large the manifest.
 *
 * @param where for messages, such as the object's name
 */
export function manifestReader(where: string): ManifestReader {
  const files = new Listing();
  let rest = Buffer.alloc(0);
  let state: "before" | "first" | "entry" | "between" | "after" = "before";
  const broken = (): UserError =>
    new UserError(`${where} is not the list of a directory's files; push the directory again`);

  /** Takes one step at a position; says where the next one begins, or -1 where bytes are missing. */
  function step(bytes: Buffer, at: number): number {
    const byte = bytes[at];
    if (isBlank(byte)) return at + 1;
    switch (state) {
      case "before":
        if (byte !== OPEN_LIST) throw broken();
        state = "first";
        return at + 1;
      case "first":
      case "entry": {
        if (byte === CLOSE_LIST && state === "first") {
          state = "after";
          return at + 1;
        }
        const end = endOfValue(bytes, at);
        if (end < 0) {
          if (bytes.length - at > LONGEST_ENTRY) throw broken();
          return -1;
        }
        takeEntry(files, bytes, at, end, where, broken);
        if (files.length > MOST) {
          throw new UserError(
            `${where} lists more than ${MOST} files; keep them in several directories, each with a version of its own`,
          );
        }
        state = "between";
        return end;
      }
      case "between":
        if (byte === COMMA) state = "entry";
        else if (byte === CLOSE_LIST) state = "after";
        else throw broken();
        return at + 1;
      case "after":
        throw broken();
    }
  }

  return {
    take(piece) {
      const bytes =
        rest.length === 0
          ? Buffer.from(piece.buffer, piece.byteOffset, piece.length)
          : Buffer.concat([rest, piece]);
      let at = 0;
      while (at < bytes.length) {
        const next = step(bytes, at);
        if (next < 0) break;
        at = next;
      }
      rest = Buffer.from(bytes.subarray(at));
    },

    end() {
      if (state !== "after" || rest.length > 0) throw broken();
      const list = files.isSorted() ? files : files.sorted();
      refuseDoubles(list, where);
      return list;
    },
  };
}

const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, COMMA, QUOTE, ESCAPE] = [...'[]{},"\\'].map((c) =>
  c.charCodeAt(0),
);

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Where a JSON value ends that begins at `from`; -1 where it goes on beyond the bytes. */
function endOfValue(bytes: Buffer, from: number): number {
  let depth = 0;
  let quoted = false;
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (quoted) {
      if (byte === ESCAPE) at++;
      else if (byte === QUOTE) quoted = false;
    } else if (byte === QUOTE) quoted = true;
    else if (byte === OPEN || byte === OPEN_LIST) depth++;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      if (depth === 0) return at; // the list ends behind a bare value
      depth--;
      if (depth === 0) return at + 1;
    } else if (byte === COMMA && depth === 0) return at;
  }
  return -1;
}

const HEAD = '{"md5": "';
const MIDDLE = '", "relpath": "';
/** Where the digits end and where the path begins in an entry as DVC writes it. */
const DIGITS_END = HEAD.length + 32;
const PATH_START = DIGITS_END + MIDDLE.length;

function takeEntry(
  files: Listing,
  bytes: Buffer,
  from: number,
  to: number,
  where: string,
  broken: () => UserError,
): void {
  const text = bytes.toString("utf8", from, to);
  const place = `entry ${files.length + 1} of ${where}`;
  if (
    text.startsWith(HEAD) &&
    text.startsWith(MIDDLE, DIGITS_END) &&
    text.endsWith('"}') &&
    !text.includes("\\") &&
    text.indexOf('"', PATH_START) === text.length - 2
  ) {
    add(files, text.slice(HEAD.length, DIGITS_END), text.slice(PATH_START, -2), place);
    return;
  }
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch {
    throw broken();
  }
  const { md5, relpath } = (row ?? {}) as { md5?: unknown; relpath?: unknown };
  add(files, md5, relpath, place);
}

function add(files: Listing, name: unknown, relpath: unknown, where: string): void {
  const short = typeof name === "string" ? md5(name) : undefined;
  if (short === undefined || isDirectory(short)) throw new UserError(`${where} has no md5`);
  if (typeof relpath !== "string") throw new UserError(`${where} has no relpath`);
  const reason = unsafePath(relpath);
  if (reason !== undefined) throw new UserError(`${where} is "${relpath}", which ${reason}`);
  files.add(relpath, short);
}

/** Paths that begin with a path stand right behind it, so those that a path may be a folder of are few. */
function refuseDoubles(files: Listing, where: string): void {
  const above: number[] = [];
  for (let i = 0; i < files.length; i++) {
    const path = files.pathBytes(i);
    for (let top = above.at(-1); top !== undefined; top = above.at(-1)) {
      if (beginsWith(path, files.pathBytes(top))) break;
      above.pop();
    }
    for (const one of above) {
      const { length } = files.pathBytes(one);
      if (length === path.length) throw new UserError(`${where} lists a file twice`);
      if (path[length] === SLASH)
        throw new UserError(`${where} lists a file as a folder: "${files.path(i)}"`);
    }
    above.push(i);
  }
}

const SLASH = "/".charCodeAt(0);

function beginsWith(path: Buffer, start: Buffer): boolean {
  return path.length >= start.length && path.compare(start, 0, start.length, 0, start.length) === 0;
}

/**
 * Two paths that a disk which does not tell `A` from `a` would make one; undefined where there are none.
 *
 * @example clashing(["a/b", "A/b"]) // => ["a/b", "A/b"]
 */
export function clashing(paths: Iterable<string>): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    if (other !== undefined) return [other, path];
    seen.set(folded, path);
  }
  return undefined;
}
