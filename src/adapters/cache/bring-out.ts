import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { copyFile, open } from "node:fs/promises";
import { digitsOf, isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { ObjectDamaged, ObjectMissing } from "../../ports/remote.ts";
import type { Behind, Made } from "../files/behind.ts";
import { type Hashed, hashStream, type Names, namesOf, SMALL } from "../files/hash.ts";
import { legacyNames } from "../files/legacy.ts";
import { settledTime } from "../files/settled.ts";
import type { Stamped } from "../files/stamp.ts";
import type { Linker } from "./links.ts";
import type { ObjectFolder } from "./objects.ts";
import { provenAt } from "./proven.ts";

/** A working file that was made, and what its bytes are called. */
export interface BroughtOut {
  /** Where it is written behind, when and as what it was made is told later. */
  readonly stats: Stamped;
  readonly hashed: Hashed;
}

export interface BringOutOptions {
  readonly names: Names;
  readonly executable: boolean;
}

/** Who writes a small file, and whom it tells what the disk says of it. */
export interface ByBehind {
  readonly behind: Behind;
  onMade(made: Made): void;
}

/** Read at once: less is the whole file, or is not what its name says and is read again. */
const FIRST = 1 << 16;
const buffer = Buffer.allocUnsafeSlow(SMALL + 1);

/**
 * Makes working files of objects. Each is held to its name on the way, or was as it came into the cache just now.
 *
 * @returns what makes one at a path where nothing is; a promise where the object is large
 * @throws {ObjectMissing, ObjectDamaged} and leaves nothing; a damaged object is dropped
 */
export function bringOut(
  objects: ObjectFolder,
  links: Linker,
  { names, executable }: BringOutOptions,
): (name: ObjectName, to: string, behind?: ByBehind) => BroughtOut | Promise<BroughtOut> {
  const time = settledTime();
  const mode = (executable ? 0o777 : 0o666) & ~process.umask();

  const hold = (name: ObjectName, hashed: Hashed, file = objects.pathOf(name)): Hashed => {
    if (isLegacy(name) ? legacyNames(file).includes(name) : hashed.md5 === digitsOf(name)) return hashed;
    objects.drop(name);
    throw new ObjectDamaged(name, hashed.md5, objects.url);
  };

  /** Writes a copy of a small object, dated back so that its stamp can be trusted at once. */
  function copySmall(name: ObjectName, file: number, first: Buffer, to: string, by?: ByBehind): BroughtOut {
    let bytes = first;
    let hashed = namesOf(bytes, names);
    if (hashed.md5 !== name) {
      bytes = readSmall(file, 1) ?? bytes; // as DVC 2 named it, damaged, or read in part
      hashed = hold(name, namesOf(bytes, names));
    }
    if (by !== undefined && !by.behind.isBusy) {
      by.behind.write({ path: to, mode, time }, bytes, by.onMade);
      return { stats: { size: bytes.length, mtimeMs: time * 1000, ctimeMs: 0, ino: 0 }, hashed };
    }
    const copy = openSync(to, "wx", mode);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(copy, bytes, at);
      futimesSync(copy, time, time);
      return { stats: fstatSync(copy), hashed };
    } catch (error) {
      rmSync(to, { force: true });
      throw error;
    } finally {
      closeSync(copy);
    }
  }

  async function bringLarge(name: ObjectName, object: string, size: number, to: string): Promise<BroughtOut> {
    try {
      const made = executable ? undefined : links.link(object, to, size);
      const before = objects.seen?.state(object); // a hard link has changed it
      const known = isLegacy(name)
        ? undefined
        : await taken(name, object, made === undefined ? to : undefined);
      if (known !== undefined) {
        if (made === undefined || made === "reflink") chmodSync(to, mode);
        return { stats: statSync(to), hashed: hold(name, known) };
      }
      if (made === "hardlink" || made === "symlink") {
        const hashed = hold(name, await hashStream(object, { names }));
        objects.seen?.take(name, object, hashed, before);
        return { stats: statSync(to), hashed };
      }
      const hashed = hold(
        name,
        made === "reflink" ? await hashStream(to, { names }) : await copyLarge(object, to),
      );
      objects.seen?.take(name, object, hashed, before);
      chmodSync(to, mode);
      return { stats: statSync(to), hashed };
    } catch (error) {
      rmSync(to, { force: true });
      throw error;
    }
  }

  /** What was hashed when it came, or on a machine that is believed, and is copied as it is; undefined where it has to be hashed. */
  async function taken(
    name: ObjectName,
    object: string,
    copy: string | undefined,
  ): Promise<Hashed | undefined> {
    const find = (): Hashed | undefined => provenAt(object) ?? objects.seen?.find(name, object, names);
    if (copy === undefined || find() === undefined) return find();
    await copyFile(object, copy, constants.COPYFILE_EXCL);
    const known = find();
    if (known === undefined) rmSync(copy, { force: true }); // it was touched meanwhile
    return known;
  }

  async function copyLarge(object: string, path: string): Promise<Hashed> {
    const to = await open(path, "wx", mode);
    return hashStream(object, { names, to }).finally(() => to.close());
  }

  return (name, to, behind) => {
    const object = objects.pathOf(name);
    let file: number;
    try {
      file = openSync(object, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new ObjectMissing(name, objects.url);
      throw error;
    }
    try {
      if (executable || !links.shares) {
        const bytes = readSmall(file);
        if (bytes !== undefined) return copySmall(name, file, bytes, to, behind);
      }
      return bringLarge(name, object, fstatSync(file).size, to);
    } finally {
      closeSync(file);
    }
  };
}

/**
 * The bytes of a file, valid until the next call; undefined where they are many.
 *
 * @param enough a first read of fewer bytes is taken for the whole file
 */
function readSmall(file: number, enough = FIRST): Buffer | undefined {
  let size = readSync(file, buffer, 0, FIRST, 0);
  for (let more = size >= enough; more && size < buffer.length; ) {
    const read = readSync(file, buffer, size, buffer.length - size, size);
    size += read;
    more = read > 0;
  }
  return size <= SMALL ? buffer.subarray(0, size) : undefined;
}
