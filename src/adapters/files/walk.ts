import { lstatSync, readdirSync, type Stats, statSync } from "node:fs";
import { compareText } from "../../core/text/order.ts";
import { UserError } from "../../errors.ts";
import { FileTable } from "./table.ts";

/** Folders that DVC leaves out of every directory. */
const LEFT_OUT: ReadonlySet<string> = new Set([".git", ".hg", ".dvc"]);

/** Whether a path of the working table is none of an artifact's: what `.dvcignore` says. */
export type LeaveOut = (path: string, isFolder: boolean) => boolean;

/**
 * The files of a directory as DVC sees them, sorted by code points: links to files are files, links
 * to folders are left out, and so are empty folders.
 *
 * @throws {UserError} where something is neither file nor folder, has no readable name, or is a
 *   `.dvcignore`, of which DVC says that it must lie outside
 */
export function walk(folder: string, leaveOut: LeaveOut = () => false): FileTable {
  const table = new FileTable(true);
  visit(table, folder, "", leaveOut);
  return table;
}

/** A folder waits for the files that stand before `NAME/`. */
function visit(table: FileTable, folder: string, below: string, leaveOut: LeaveOut): void {
  const waiting: string[] = [];
  const visitBefore = (name: string | undefined): void => {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (name !== undefined && compareText(next, name) > 0) return;
      waiting.shift();
      visit(table, `${folder}/${next.slice(0, -1)}`, `${below}${next}`, leaveOut);
    }
  };
  const names = namesOf(folder);
  if (below !== "" && names.includes(".dvc")) return; // a repository of its own, as DVC sees it
  for (const name of names) {
    if (waiting.length > 0) visitBefore(name);
    const path = `${folder}/${name}`;
    const stats = statsOf(path, name);
    if (stats.isFile()) {
      if (leaveOut(path, false)) continue;
      if (name === ".dvcignore") {
        throw new UserError(`"${path}" lies inside a tracked directory, where DVC refuses it; move it above`);
      }
      table.files.add(`${below}${name}`);
      table.stamps.add(stats);
    } else if (!stats.isDirectory()) {
      throw new UserError(`"${path}" is neither a file nor a folder; remove it`);
    } else if (!LEFT_OUT.has(name) && !lstatSync(path).isSymbolicLink() && !leaveOut(path, true)) {
      waiting.push(`${name}/`);
      if (waiting.length > 1) waiting.sort(compareText);
    }
  }
  visitBefore(undefined);
}

/** The names in a folder by code points, which is what plain sorting does but for the rarest names. */
function namesOf(folder: string): readonly string[] {
  const names = readdirSync(folder);
  return names.some((name) => /[\ud800-\udfff]/.test(name)) ? names.sort(compareText) : names.sort();
}

function statsOf(path: string, name: string): Stats {
  if (name.includes("\uFFFD")) throw new UserError(`"${path}" has a name that is not UTF-8; rename it`);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) throw new UserError(`"${path}" is a link that leads nowhere; remove it`);
  return stats;
}
