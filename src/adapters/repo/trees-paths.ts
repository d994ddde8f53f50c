/** Code points that HFS+ leaves out when it compares names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;
/** Bytes that file systems allow of one name, and that we allow of a path below the workspace. */
const LONGEST_NAME = 255;
const LONGEST_PATH = 1024;

/**
 * A name as the most forgiving file system compares it: without case, invisible characters, streams
 * (`.git::$INDEX_ALLOCATION`) and the dots and spaces that NTFS drops from its end.
 */
export function foldedName(name: string): string {
  return name
    .replace(IGNORED, "")
    .toLowerCase()
    .replace(/:.*$/, "")
    .replace(/[ .]+$/, "");
}

/** Why a path of a commit must not be written anywhere, or undefined where it may. */
export function treePathProblem(path: string): string | undefined {
  if (path === "" || path.includes("\0")) return "is none";
  if (/^([/\\]|[a-z]:)/i.test(path)) return "is absolute";
  if (Buffer.byteLength(path) > LONGEST_PATH) return `is longer than ${LONGEST_PATH} bytes`;
  const parts = path.split(/[/\\]/);
  if (parts.some((part) => part === "" || /^\.{1,2}$/.test(part.replace(IGNORED, "").trim()))) {
    return "leads out of its folder";
  }
  if (parts.some((part) => Buffer.byteLength(part) > LONGEST_NAME)) {
    return `has a name longer than ${LONGEST_NAME} bytes`;
  }
  return parts.some((part) => /^(\.git|git~\d+)$/.test(foldedName(part))) ? "leads into .git" : undefined;
}
