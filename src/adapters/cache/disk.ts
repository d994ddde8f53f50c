import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { digitsOf, isDirectory, isLegacy, legacyMd5, type ObjectName } from "../../core/artifacts/digest.ts";
import type { Listing } from "../../core/artifacts/listing.ts";
import { manifestParts, manifestReader } from "../../core/artifacts/manifest-bytes.ts";
import { UserError } from "../../errors.ts";
import type { Cache } from "../../ports/cache.ts";
import { ObjectDamaged, ObjectMissing } from "../../ports/remote.ts";
import type { Measured } from "../files/content.ts";
import type { DiskFiles } from "../files/disk.ts";
import { hashFile, type Names } from "../files/hash.ts";
import { onDisk } from "../files/space.ts";
import type { FileTable } from "../files/table.ts";
import { checkoutTo } from "./checkout.ts";
import { keepIn } from "./keep.ts";
import { type Linker, linker } from "./links.ts";
import type { ObjectFolder } from "./objects.ts";
import { oddities } from "./oddities.ts";
import { unprotect } from "./unprotect.ts";

/** Objects between two looks at the event loop, so that Ctrl-C is heard. */
const BATCH = 2000;

/** The cache of a workspace: a folder of objects, and the way to and from its working files. */
export function diskCache(
  objects: ObjectFolder,
  files: DiskFiles,
  links: Linker = linker(["reflink", "copy"]),
): Cache {
  const { has, open, receive, list, drop, url } = objects;

  const cache: Cache = {
    url,
    has,
    open,
    receive,
    list,
    drop,

    async sha256(name) {
      if (!objects.holds(name)) throw new ObjectMissing(name, url);
      const { md5, sha256 } = await hashFile(objects.pathOf(name));
      if (isLegacy(name) || md5 === digitsOf(name).slice(0, 32)) return sha256;
      drop(name);
      throw new ObjectDamaged(name, md5, url);
    },

    async add(path, look) {
      const { measured, odd } = await onDisk(url, () => takeIn(path, "md5", look));
      if (links.shares) await cache.checkout(measured.named.md5, path, { relink: true });
      return { ...measured.named, odd };
    },

    async put(path) {
      const { measured } = await onDisk(url, () => takeIn(path, "both"));
      const { md5, ...rest } = measured.named;
      if (measured.sha256 === undefined) throw new Error("no sha256 was made");
      return { md5, sha256: measured.sha256, ...rest };
    },

    async keep(name, path) {
      if (isLegacy(name) || !(await files.holds(path, name))) return false;
      const { measured } = await onDisk(url, () => takeIn(path, "md5"));
      return measured.named.md5 === name;
    },

    async manifest(name) {
      const found = await cache.listing(name);
      return Array.from({ length: found.length }, (_, i) => ({ relpath: found.path(i), md5: found.md5(i) }));
    },

    listing: async (name) => readListing(objects, name),

    async complete(name) {
      if (!(await has(name))) return false;
      if (!isDirectory(name)) return true;
      const found = await cache.listing(name);
      for (let i = 0; i < found.length; i++) {
        const md5 = found.md5(i);
        if (!objects.holds(isLegacy(name) ? (legacyMd5(md5) ?? md5) : md5)) return false;
        if (i % BATCH === BATCH - 1) await setImmediate();
      }
      return true;
    },

    checkout: (name, path, options = {}) =>
      onDisk(path, () => checkoutTo({ objects, files, links, listing: cache.listing }, name, path, options)),

    unprotect: (path) => onDisk(path, async () => unprotect(path)),
  };

  async function takeIn(
    path: string,
    names: Names,
    look?: (relpath: string) => void,
  ): Promise<{ measured: Measured; odd: readonly string[] }> {
    const odd = oddities();
    const first = ({ files }: FileTable): void => {
      for (let i = 0; look !== undefined && i < files.length; i++) look(files.path(i));
    };
    const measured = await files.measure(path, { names, keep: keepIn(objects), look: odd.look, first });
    if (measured === undefined) throw new UserError(`"${path}" is not there`);
    const { table, named } = measured;
    if (table.isDirectory && !(await has(named.md5))) writeManifest(objects, named.md5, table.files);
    return { measured, odd: odd.found(table.files) };
  }
  return cache;
}

/** Last, so that a manifest says that its files are here. */
function writeManifest(objects: ObjectFolder, name: ObjectName, listing: Listing): void {
  const draft = objects.draft();
  try {
    const file = openSync(draft, "wx");
    try {
      for (const part of manifestParts(listing)) writeFileSync(file, part, "latin1"); // all of it, or it throws
    } finally {
      closeSync(file);
    }
    objects.settle(draft, name);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Reads and checks a manifest in pieces: that of a million files has a hundred megabytes. */
function readListing(objects: ObjectFolder, name: ObjectName): Listing {
  let file: number;
  try {
    file = openSync(objects.pathOf(name), "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new ObjectMissing(name, objects.url);
    throw error;
  }
  const hash = createHash("md5");
  let wrong: unknown;
  const reader = manifestReader(digitsOf(name));
  try {
    const chunk = Buffer.allocUnsafeSlow(1 << 18);
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const bytes = chunk.subarray(0, read);
      hash.update(bytes);
      try {
        if (wrong === undefined) reader.take(bytes);
      } catch (error) {
        wrong = error; // said where its bytes are those of its name
      }
    }
  } finally {
    closeSync(file);
  }
  const found = hash.digest("hex");
  if (`${found}.dir` !== digitsOf(name)) {
    objects.drop(name);
    throw new ObjectDamaged(name, found, objects.url);
  }
  if (wrong !== undefined) throw wrong;
  return reader.end();
}
