import ignore, { type Ignore } from "ignore";

/** A `.dvcignore` and the folder that it stands in, below the root with `/`; the root's own is "". */
export interface IgnoreFile {
  readonly folder: string;
  readonly text: string;
}

/** Whether DVC leaves out a path, below the root with `/`. */
export type Ignoring = (path: string, isDirectory: boolean) => boolean;

/**
 * What DVC leaves out of tracked directories. Patterns are those of `.gitignore`, from the folder of their file
 * down; a file further down has the last word, but nothing brings back what lies in a folder that is out.
 * `.git`, `.hg` and `.dvc` are out everywhere.
 *
 * @param files all `.dvcignore` files of the repository; those in folders that are out themselves do not count
 * @param repositories folders with a `.dvc` of their own, which are other repositories
 *
 * @example ignoring([{ folder: "", text: "*.tmp\n!keep.tmp\n" }])("a/b.tmp", false) // => true
 * @example ignoring([{ folder: "", text: "*.tmp\n!keep.tmp\n" }])("a/keep.tmp", false) // => false
 * @example ignoring([{ folder: "a", text: "/b" }])("b", false) // => false
 * @example ignoring([])(".git", true) // => true
 */
export function ignoring(files: readonly IgnoreFile[], repositories: readonly string[] = []): Ignoring {
  const others = new Set(repositories);
  const rules = new Map<string, Rules>();
  const folders = new Map<string, boolean>();

  const isOut = (path: string, isDirectory: boolean): boolean => {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === ".git" || (isDirectory && (name === ".hg" || name === ".dvc" || others.has(path))))
      return true;
    if (rules.size === 0) return false;
    for (let folder = path; folder !== ""; ) {
      folder = above(folder);
      const said = rules.get(folder)?.(folder === "" ? path : path.slice(folder.length + 1), isDirectory);
      if (said !== undefined) return said;
    }
    return false;
  };
  const folderIsOut = (folder: string): boolean => {
    if (folder === "") return false;
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const out = folderIsOut(above(folder)) || isOut(folder, true);
    folders.set(folder, out);
    return out;
  };
  const leavesOut: Ignoring = (path, isDirectory) => folderIsOut(above(path)) || isOut(path, isDirectory);

  const sorted = [...files].sort((a, b) => a.folder.length - b.folder.length);
  for (const { folder, text } of sorted) {
    const patterns = patternsOf(text);
    const file = folder === "" ? ".dvcignore" : `${folder}/.dvcignore`;
    if (patterns.length === 0 || leavesOut(file, false)) continue;
    rules.set(folder, rulesOf(patterns));
    folders.clear();
  }
  return leavesOut;
}

/** What the patterns of one file say of a path below it; undefined where none of them matches. */
type Rules = (path: string, isDirectory: boolean) => boolean | undefined;

/** So many answers are remembered at most: by itself it would remember those to a million files. */
const REMEMBERED = 10_000;

function rulesOf(patterns: readonly string[]): Rules {
  const fresh = (): Ignore => ignore({ ignorecase: false }).add(patterns);
  let rules = fresh();
  let asked = 0;
  return (path, isDirectory) => {
    if (++asked % REMEMBERED === 0) rules = fresh();
    const { ignored, unignored } = rules.test(isDirectory ? `${path}/` : path);
    return ignored || unignored ? ignored : undefined;
  };
}

/** DVC takes blanks away on both sides, also those that Git would keep. */
function patternsOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !line.startsWith("#"));
}

function above(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
