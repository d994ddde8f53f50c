import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isLegacy, legacyMd5, type Md5, type ObjectName } from "../../core/artifacts/digest.ts";
import type { Listing } from "../../core/artifacts/listing.ts";
import { clashing } from "../../core/artifacts/manifest-bytes.ts";
import { UserError } from "../../errors.ts";
import type { Measured } from "../files/content.ts";
import type { DiskFiles } from "../files/disk.ts";
import { hashStream } from "../files/hash.ts";
import { legacyNames } from "../files/legacy.ts";
import type { FileTable } from "../files/table.ts";
import type { BroughtOut } from "./bring-out.ts";
import { foldsCase } from "./case.ts";
import type { Linker } from "./links.ts";
import type { ObjectFolder } from "./objects.ts";

/** Files between two looks at the event loop, so that Ctrl-C is heard. */
export const BATCH = 200;

/** What a checkout works with. */
export interface Scene {
  readonly objects: ObjectFolder;
  readonly files: DiskFiles;
  readonly links: Linker;
  listing(name: ObjectName): Promise<Listing>;
}

/** Whether a path holds already what is asked for. */
export async function isSame(
  { files }: Scene,
  name: ObjectName,
  path: string,
  have: Measured,
): Promise<boolean> {
  return isLegacy(name) ? files.holds(path, name) : have.named.md5 === name;
}

/** The first file that nobody else holds, of those that would go. */
export async function firstLost(
  objects: ObjectFolder,
  path: string,
  { files }: FileTable,
  goes: (index: number) => boolean,
): Promise<string | undefined> {
  for (let i = 0; i < files.length; i++) {
    if (!goes(i) || objects.holds(files.md5(i))) continue;
    const relpath = files.path(i);
    if (!(await isHeldAsLegacy(objects, join(path, relpath), files.md5(i)))) return relpath;
  }
  return undefined;
}

/** The first file in a folder that is none of its version, as what `.dvcignore` names and another repository's. */
export function firstUnseen(path: string, { files }: FileTable): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < files.length; i++) seen.add(files.path(i));
  const folders = [""];
  for (let below = folders.pop(); below !== undefined; below = folders.pop()) {
    for (const entry of readdirSync(join(path, below), { withFileTypes: true })) {
      const relpath = `${below}${entry.name}`;
      if (entry.isDirectory()) folders.push(`${relpath}/`);
      else if (!seen.has(relpath)) return relpath;
    }
  }
  return undefined;
}

/** Whether DVC 2's cache holds the same bytes: its name alone does not tell ends of lines apart. */
async function isHeldAsLegacy(objects: ObjectFolder, file: string, md5: Md5): Promise<boolean> {
  for (const name of legacyNames(file)) {
    if (objects.holds(name) && (await hashStream(objects.pathOf(name), { names: "md5" })).md5 === md5)
      return true;
  }
  return false;
}

/** Takes down a file that was made. */
export function take(table: FileTable, path: string | Uint8Array, { stats, hashed }: BroughtOut): void {
  const at = table.length;
  table.files.add(path);
  table.stamps.add(stats);
  table.name(at, hashed.md5, hashed.sha256);
}

/** What the files of a directory are called: of DVC 2, where the directory is. */
export function objectOf(folder: ObjectName, md5: Md5): ObjectName {
  return isLegacy(folder) ? (legacyMd5(md5) ?? md5) : md5;
}

/** What is to be there. @throws {UserError} where this disk cannot tell two of its files apart */
export async function listingOf({ listing }: Scene, name: ObjectName, path: string): Promise<Listing> {
  const wanted = await listing(name);
  if (!foldsCase(dirname(path))) return wanted;
  const clash = clashing(pathsOf(wanted));
  if (clash === undefined) return wanted;
  throw new UserError(
    `${path} would hold "${clash[0]}" and "${clash[1]}", which this disk takes for one file; rename one of them where they can be told apart, and add the folder again`,
  );
}

function* pathsOf(files: Listing): Iterable<string> {
  for (let i = 0; i < files.length; i++) yield files.path(i);
}
