/** Bytes of one part of a path, on every common file system; and parts of a path, by our own measure. */
const LONGEST = 255;
const DEEPEST = 32;

/**
 * Why the name of an archive's entry is not taken; undefined where it is a plain path below the folder.
 * A folder's name ends with "/".
 *
 * @example ["model/weights.bin", "model/", "a b.csv"].map(problemOfName) // => [undefined, undefined, undefined]
 * @example ["../x", "a/../b", "/etc/passwd", "C:/x", "a\\b", "a//b", "./a"].map((name) => problemOfName(name) !== undefined) // => [true, true, true, true, true, true, true]
 * @example problemOfName("a\u0000b") // => "holds a control character"
 */
export function problemOfName(name: string): string | undefined {
  if (/\p{Cc}/u.test(name)) return "holds a control character";
  if (name.includes("\\")) return "holds a backslash";
  if (name.includes("\uFFFD")) return "is not UTF-8";
  if (name.startsWith("/") || /^[A-Za-z]:/.test(name)) return "is an absolute path";
  const parts = name.replace(/\/$/, "").split("/");
  if (parts.includes("..")) return "leads out of the folder";
  if (parts.some((part) => part === "" || part === ".")) return "has an empty part";
  if (parts.length > DEEPEST) return `has more than ${DEEPEST} parts`;
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST)) return "is too long";
  return undefined;
}

/**
 * Remembers the names of an archive and refuses what would land upon another: the same name twice,
 * one that differs in case or in how its letters are composed alone, and a file that is a folder too.
 */
export interface Names {
  /** @returns the name that it collides with */
  add(name: string): string | undefined;
}

/** Starts without any name. */
export function names(): Names {
  const files = new Map<string, string>();
  const folders = new Map<string, string>();
  return {
    add(name) {
      const isFolder = name.endsWith("/");
      const parts = name.replace(/\/$/, "").split("/");
      const above = isFolder ? parts : parts.slice(0, -1);
      for (let i = 1; i <= above.length; i++) {
        const folder = above.slice(0, i).join("/");
        const key = folded(folder);
        const other = files.get(key) ?? folders.get(key);
        if (other !== undefined && (other !== folder || files.has(key))) return other;
        folders.set(key, folder);
      }
      if (isFolder) return undefined;
      const key = folded(name);
      const other = files.get(key) ?? folders.get(key);
      files.set(key, name);
      return other;
    },
  };
}

/** A name as a file system sees it that knows no case: lower after upper, for letters like "ß" and "ſ". */
const folded = (name: string): string => name.normalize("NFC").toUpperCase().toLowerCase().normalize("NFC");
