import { readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { type IgnoreFile, ignoring } from "../../core/artifacts/dvc-ignore.ts";
import type { LeaveOut } from "./walk.ts";

/**
 * What the `.dvcignore` files in the folders above a path leave out below it; undefined where they say
 * nothing, which spares a question for each of a million files.
 */
export function ignoredBelow(root: string, path: string): LeaveOut | undefined {
  const below = relative(root, path).split(sep).join("/");
  if (below === "" || below.startsWith("..")) return undefined;
  const files: IgnoreFile[] = [];
  for (let folder = dirname(below); ; folder = dirname(folder)) {
    const text = textOf(join(root, folder, ".dvcignore"));
    if (/^\s*[^#\s]/m.test(text)) files.push({ folder: folder === "." ? "" : folder, text });
    if (folder === ".") break;
  }
  if (files.length === 0) return undefined;
  const isOut = ignoring(files);
  return (whole, isFolder) => isOut(whole.slice(root.length + 1), isFolder);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
