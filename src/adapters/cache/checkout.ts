import { lstatSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { digitsOf, isDirectory, isLegacy, type Md5, type ObjectName } from "../../core/artifacts/digest.ts";
import type { Listing } from "../../core/artifacts/listing.ts";
import { UserError } from "../../errors.ts";
import type { CheckedOut, CheckoutOptions } from "../../ports/cache.ts";
import { canWriteBehind, type Made, writeBehind } from "../files/behind.ts";
import type { Names } from "../files/hash.ts";
import { FileTable } from "../files/table.ts";
import { bringOut } from "./bring-out.ts";
import { changeFolder } from "./change.ts";
import { BATCH, firstLost, firstUnseen, isSame, listingOf, objectOf, type Scene, take } from "./scene.ts";

/** So many files are written before another thread is worth its start. */
const FEW = 500;

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
  const isLink = there?.isSymbolicLink() === true;
  if (
    have !== undefined &&
    isDirectory(name) &&
    have.table.isDirectory &&
    options.sha256 === undefined &&
    !isLink
  ) {
    return await changeFolder(scene, name, path, have, options);
  }
  const same = have !== undefined && (await isSame(scene, name, path, have));
  if (have !== undefined && options.relink !== true && options.sha256 === undefined && same) {
    return { outcome: "kept", ...have.named };
  }
  if (isLink && have?.table.isDirectory === true && options.sparing === true) {
    throw new UserError(
      `"${path}" is a link to a folder, and nothing is written where it leads; remove the link, or have \`--force\` put what is wanted in its place`,
    );
  }
  if (have !== undefined && options.sparing === true && !same) {
    const lost = await firstLost(scene.objects, path, have.table, () => true);
    if (lost !== undefined) return { outcome: "refused", found: have.named.md5, file: lost };
  }
  if (have?.table.isDirectory === true && !isLink && options.sparing === true) {
    const unseen = firstUnseen(path, have.table); // the folder goes as a whole
    if (unseen !== undefined) return { outcome: "refused", found: have.named.md5, file: unseen };
  }
  return await putWhole(scene, name, path, names, options);
}

function isBrokenLink(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) === undefined;
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

async function makeFolder(
  wanted: Listing,
  name: ObjectName,
  draft: string,
  make: ReturnType<typeof bringOut>,
  table: FileTable,
): Promise<void> {
  mkdirSync(draft);
  const behind = wanted.length > FEW && canWriteBehind() ? writeBehind() : undefined;
  try {
    let last = "";
    for (let i = 0; i < wanted.length; i++) {
      const path = wanted.path(i);
      const cut = path.lastIndexOf("/");
      const folder = cut < 0 ? "" : path.slice(0, cut);
      if (folder !== last) mkdirSync(`${draft}/${folder}`, { recursive: true });
      last = folder;
      const by = behind && {
        behind,
        onMade: ({ changed, inode }: Made) => table.stamps.made(i, changed, inode),
      };
      const made = make(objectOf(name, wanted.md5(i)), `${draft}/${path}`, by);
      take(table, wanted.pathBytes(i), made instanceof Promise ? await made : made);
      if (i % BATCH === BATCH - 1) await setImmediate();
    }
  } finally {
    behind?.end();
  }
}
