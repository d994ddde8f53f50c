import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What tells whether a file or folder was written since; undefined where there is none. */
export function stampOf(path: string): string | undefined {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const own = `${found.ino} ${found.size} ${found.mtimeNs}`;
  if (!found.isDirectory()) return own;
  const inner = readdirSync(path)
    .sort()
    .map((name) => `${name} ${stampOf(join(path, name))}`);
  return [own, ...inner].join("\n");
}

/** Whether nothing is there: no file, an empty one, or an empty folder. */
export function isNothing(path: string): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return true;
  return found.isDirectory() ? readdirSync(path).length === 0 : found.isFile() && found.size === 0;
}
