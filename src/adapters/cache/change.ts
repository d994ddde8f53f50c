import { lstatSync, mkdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isLegacy, type Md5, type ObjectName } from "../../core/artifacts/digest.ts";
import { type Listing, pairs } from "../../core/artifacts/listing.ts";
import { UserError } from "../../errors.ts";
import type { CheckedOut, CheckoutOptions } from "../../ports/cache.ts";
import { ObjectMissing } from "../../ports/remote.ts";
import { move } from "../files/atomic.ts";
import type { Measured } from "../files/content.ts";
import { FileTable } from "../files/table.ts";
import { bringOut } from "./bring-out.ts";
import { BATCH, firstLost, isSame, listingOf, objectOf, type Scene, take } from "./scene.ts";

/** Changes what differs in a folder. */
export async function changeFolder(
  scene: Scene,
  name: ObjectName,
  path: string,
  have: Measured,
  options: CheckoutOptions,
): Promise<CheckedOut> {
  const { objects, files } = scene;
  const old = have.table;
  if (options.relink !== true && (await isSame(scene, name, path, have))) {
    return { outcome: "kept", ...have.named };
  }
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
    if (right < 0) continue;
    writing[right] = 1;
    if (left >= 0 || options.sparing !== true) continue;
    const file = wanted.path(right); // not seen by us, as what .dvcignore names, and there
    if (isFileThere(join(path, file))) return { outcome: "refused", found: have.named.md5, file };
  }
  if (options.sparing === true) {
    const lost = await firstLost(objects, path, old, (index) => going[index] === 1);
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

function isFileThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
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
      if (links.shares) rmSync(draft, { force: true }); // renaming a link over another one of its file leaves it
      take(table, wanted.pathBytes(right), { stats: statSync(file), hashed });
      if (++done % BATCH === 0) await setImmediate();
    }
  } finally {
    const isWhole = table.length === wanted.length && !isLegacy(name);
    files.remember(path, table, {
      ...(isWhole ? { name: name as Md5 } : {}),
      isOurs: (index) => writing[index] === 1,
    });
  }
}

/** Puts a draft in the place of a file; a folder that is in the way holds what has no version. */
function moveTo(draft: string, file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    rmSync(draft, { force: true });
    throw new UserError(`"${file}" is a folder with files that have no version; move them away`);
  }
  move(draft, file);
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
