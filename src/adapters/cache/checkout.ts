import { lstatSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import {
  digitsOf,
  isDirectory,
  isLegacy,
  legacyMd5,
  type Md5,
  type ObjectName,
} from "../../core/artifacts/digest.ts";
import { type Listing, pairs } from "../../core/artifacts/listing.ts";
import { clashing } from "../../core/artifacts/manifest-bytes.ts";
import { UserError } from "../../errors.ts";
import type { CheckedOut, CheckoutOptions } from "../../ports/cache.ts";
import { ObjectMissing } from "../../ports/remote.ts";
import type { Measured } from "../files/content.ts";
import type { DiskFiles } from "../files/disk.ts";
import type { Names } from "../files/hash.ts";
import { FileTable } from "../files/table.ts";
import { type BroughtOut, bringOut } from "./bring-out.ts";
import { foldsCase } from "./case.ts";
import type { Linker } from "./links.ts";
import type { ObjectFolder } from "./objects.ts";

/** Files between two looks at the event loop, so that Ctrl-C is heard. */
const BATCH = 200;

/** What a checkout works with. */
export interface Scene {
  readonly objects: ObjectFolder;
  readonly files: DiskFiles;
  readonly links: Linker;
  listing(name: ObjectName): Promise<Listing>;
}

/**
 * Makes a path hold an object. A folder that is not there appears whole; in one that is there only those
 * files are touched that differ, and each is the old or the new one at any moment.
 */
export async function checkoutTo(
  scene: Scene,
  name: ObjectName,
  path: string,
  options: CheckoutOptions,
): Promise<CheckedOut> {
  const { files } = scene;
  const names: Names = options.sha256 === undefined ? "md5" : "both";
  const there = lstatSync(path, { throwIfNoEntry: false });
  const have =
    there === undefined || isBrokenLink(path) ? undefined : await files.measure(path, { names: "md5" });
  if (have !== undefined && isDirectory(name) && have.table.isDirectory && options.sha256 === undefined) {
    return await changeFolder(scene, name, path, have, options);
  }
  if (
    have !== undefined &&
    options.relink !== true &&
    options.sha256 === undefined &&
    have.named.md5 === name
  ) {
    return { outcome: "kept", ...have.named };
  }
  if (have !== undefined && options.sparing === true && have.named.md5 !== name) {
    const lost = firstLost(scene.objects, have.table, () => true);
    if (lost !== undefined) return { outcome: "refused", found: have.named.md5, file: lost };
  }
  return await putWhole(scene, name, path, names, options);
}

function isBrokenLink(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined;
}

/** The first file that nobody else holds, of those that would go. */
function firstLost(
  objects: ObjectFolder,
  table: FileTable,
  goes: (index: number) => boolean,
): string | undefined {
  for (let i = 0; i < table.length; i++) {
    if (goes(i) && !objects.holds(table.files.md5(i))) return table.files.path(i);
  }
  return undefined;
}

/** Makes all of it aside, and puts it in its place in one step. */
async function putWhole(
  scene: Scene,
  name: ObjectName,
  path: string,
  names: Names,
  options: CheckoutOptions,
): Promise<CheckedOut> {
  const { files, objects } = scene;
  const folder = await files.draft();
  try {
    const draft = join(folder, "out");
    const make = bringOut(scene.objects, scene.links, { names, executable: options.executable === true });
    const table = new FileTable(isDirectory(name));
    if (isDirectory(name)) await makeFolder(await listingOf(scene, name, path), name, draft, make, table);
    else take(table, "", await make(name, draft));
    const named = table.named(isLegacy(name) || !isDirectory(name) ? undefined : (name as Md5));
    if (options.sha256 !== undefined && table.sha256() !== options.sha256) {
      throw new UserError(
        `${digitsOf(name)} in ${objects.url} has sha256 ${table.sha256()}, not ${options.sha256}, for which the lock vouches; make it anew with \`trainyard run\``,
      );
    }
    files.note(draft, table);
    await files.replace(draft, path);
    return { outcome: "written", ...named };
  } finally {
    await files.remove(folder);
  }
}

function take(table: FileTable, path: string | Uint8Array, { stats, hashed }: BroughtOut): void {
  const at = table.length;
  table.files.add(path);
  table.stamps.add(stats);
  table.name(at, hashed.md5, hashed.sha256);
}

async function makeFolder(
  wanted: Listing,
  name: ObjectName,
  draft: string,
  make: ReturnType<typeof bringOut>,
  table: FileTable,
): Promise<void> {
  mkdirSync(draft);
  let last = "";
  for (let i = 0; i < wanted.length; i++) {
    const path = wanted.path(i);
    const cut = path.lastIndexOf("/");
    const folder = cut < 0 ? "" : path.slice(0, cut);
    if (folder !== last) mkdirSync(`${draft}/${folder}`, { recursive: true });
    last = folder;
    const made = make(objectOf(name, wanted.md5(i)), `${draft}/${path}`);
    take(table, wanted.pathBytes(i), made instanceof Promise ? await made : made);
    if (i % BATCH === BATCH - 1) await setImmediate();
  }
}

/** What the files of a directory are called: of DVC 2, where the directory is. */
function objectOf(folder: ObjectName, md5: Md5): ObjectName {
  return isLegacy(folder) ? (legacyMd5(md5) ?? md5) : md5;
}

async function listingOf({ listing }: Scene, name: ObjectName, path: string): Promise<Listing> {
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

/** Changes what differs in a folder. */
async function changeFolder(
  scene: Scene,
  name: ObjectName,
  path: string,
  have: Measured,
  options: CheckoutOptions,
): Promise<CheckedOut> {
  const { objects, files } = scene;
  const old = have.table;
  if (have.named.md5 === name && options.relink !== true) return { outcome: "kept", ...have.named };
  const wanted = await listingOf(scene, name, path);
  const stays = (left: number, right: number): boolean =>
    options.relink !== true &&
    !isLegacy(name) &&
    left >= 0 &&
    right >= 0 &&
    old.files.sameDigest(left, wanted, right);

  const going = new Uint8Array(old.length);
  const writing = new Uint8Array(wanted.length);
  for (const { left, right } of pairs(old.files, wanted)) {
    if (stays(left, right)) continue;
    const same = left >= 0 && right >= 0 && old.files.sameDigest(left, wanted, right);
    if (left >= 0 && !same) going[left] = 1;
    if (right >= 0) writing[right] = 1;
  }
  if (options.sparing === true) {
    const lost = firstLost(objects, old, (index) => going[index] === 1);
    if (lost !== undefined) return { outcome: "refused", found: have.named.md5, file: lost };
  }
  for (let i = 0; i < wanted.length; i++) {
    const object = objectOf(name, wanted.md5(i));
    if (writing[i] === 1 && !objects.holds(object)) throw new ObjectMissing(object, objects.url);
  }

  removeUnlisted(path, old, wanted);
  const folder = await files.draft();
  try {
    await writeFiles(scene, name, path, { old, wanted, writing, drafts: folder });
  } finally {
    await files.remove(folder);
  }
  return { outcome: "written", md5: name as Md5, size: 0, nfiles: wanted.length };
}

/** Removes files that the new version has not, and the folders that are empty then. */
function removeUnlisted(path: string, old: FileTable, wanted: Listing): void {
  const folders = new Set<string>();
  for (const { left, right } of pairs(old.files, wanted)) {
    if (left < 0 || right >= 0) continue;
    const relpath = old.files.path(left);
    rmSync(join(path, relpath), { force: true });
    for (let at = dirname(relpath); at !== "."; at = dirname(at)) folders.add(at);
  }
  const deepestFirst = [...folders].sort((a, b) => b.length - a.length);
  for (const folder of deepestFirst) {
    try {
      rmdirSync(join(path, folder));
    } catch {
      // it holds something still
    }
  }
}

interface Change {
  readonly old: FileTable;
  readonly wanted: Listing;
  /** 1 for each wanted file that is to be written. */
  readonly writing: Uint8Array;
  readonly drafts: string;
}

async function writeFiles(
  { objects, links, files }: Scene,
  name: ObjectName,
  path: string,
  { old, wanted, writing, drafts }: Change,
): Promise<void> {
  const make = bringOut(objects, links, { names: "md5", executable: false });
  const table = new FileTable(true);
  const draft = join(drafts, "out");
  let last: string | undefined;
  try {
    let done = 0;
    for (const { left, right } of pairs(old.files, wanted)) {
      if (right < 0) continue;
      const at = table.length;
      const relpath = wanted.path(right);
      const file = join(path, relpath);
      if (writing[right] !== 1) {
        table.files.add(wanted.pathBytes(right));
        const { size, modified, changed, inode } = old.stamps.at(left);
        table.stamps.put(at, size, modified, changed, inode);
        table.take(at, old, left);
        continue;
      }
      const folder = dirname(relpath);
      if (folder !== last) ensureFolder(path, folder);
      last = folder;
      const made = make(objectOf(name, wanted.md5(right)), draft);
      const { hashed } = made instanceof Promise ? await made : made;
      moveTo(draft, file);
      take(table, wanted.pathBytes(right), { stats: statSync(file), hashed });
      if (++done % BATCH === 0) await setImmediate();
    }
  } finally {
    files.remember(
      path,
      table,
      table.length === wanted.length && !isLegacy(name) ? (name as Md5) : undefined,
    );
  }
}

/** Puts a draft in the place of a file; a folder that is in the way holds what has no version. */
function moveTo(draft: string, file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    rmSync(draft, { force: true });
    throw new UserError(`"${file}" is a folder with files that have no version; move them away`);
  }
  renameSync(draft, file);
}

/** Makes the folders above a file, and follows no link on the way. */
function ensureFolder(path: string, below: string): void {
  let at = path;
  for (const part of below === "." ? [] : below.split("/")) {
    at = join(at, part);
    const there = lstatSync(at, { throwIfNoEntry: false });
    if (there === undefined) mkdirSync(at);
    else if (!there.isDirectory()) {
      throw new UserError(
        `"${at}" is ${there.isSymbolicLink() ? "a link" : "a file"}, where a folder belongs; move it away`,
      );
    }
  }
}
