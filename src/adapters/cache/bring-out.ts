import {
  chmodSync,
  closeSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from "node:fs";
import { open } from "node:fs/promises";
import { digitsOf, isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { ObjectDamaged, ObjectMissing } from "../../ports/remote.ts";
import { type Hashed, hashStream, type Names, namesOf, SMALL } from "../files/hash.ts";
import { legacyNames } from "../files/legacy.ts";
import type { Linker } from "./links.ts";
import type { ObjectFolder } from "./objects.ts";

/** A working file that was made, and what its bytes are called. */
export interface BroughtOut {
  readonly stats: Stats;
  readonly hashed: Hashed;
}

export interface BringOutOptions {
  readonly names: Names;
  readonly executable: boolean;
}

const buffer = Buffer.allocUnsafeSlow(SMALL);

/**
 * Makes working files of objects. Each is held to its name on the way.
 *
 * @returns what makes one at a path where nothing is; a promise where the object is large
 * @throws {ObjectMissing, ObjectDamaged} and leaves nothing; a damaged object is dropped
 */
export function bringOut(
  objects: ObjectFolder,
  links: Linker,
  { names, executable }: BringOutOptions,
): (name: ObjectName, to: string) => BroughtOut | Promise<BroughtOut> {
  const mode = (executable ? 0o777 : 0o666) & ~process.umask();

  const hold = (name: ObjectName, hashed: Hashed, file = objects.pathOf(name)): Hashed => {
    if (isLegacy(name) ? legacyNames(file).includes(name) : hashed.md5 === digitsOf(name)) return hashed;
    objects.drop(name);
    throw new ObjectDamaged(name, hashed.md5, objects.url);
  };

  function copySmall(name: ObjectName, file: number, size: number, to: string): BroughtOut {
    let read = 0;
    for (let more = -1; more !== 0 && read < size; read += more)
      more = readSync(file, buffer, read, size - read, read);
    const bytes = buffer.subarray(0, read);
    const hashed = hold(name, namesOf(bytes, names));
    const copy = openSync(to, "wx", mode);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(copy, bytes, at);
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
      if (made === "hardlink" || made === "symlink") {
        const hashed = hold(name, await hashStream(object, { names }));
        return { stats: statSync(to), hashed };
      }
      const hashed = hold(
        name,
        made === "reflink" ? await hashStream(to, { names }) : await copyLarge(object, to),
      );
      chmodSync(to, mode);
      return { stats: statSync(to), hashed };
    } catch (error) {
      rmSync(to, { force: true });
      throw error;
    }
  }

  async function copyLarge(object: string, path: string): Promise<Hashed> {
    const to = await open(path, "wx", mode);
    return hashStream(object, { names, to }).finally(() => to.close());
  }

  return (name, to) => {
    const object = objects.pathOf(name);
    let file: number;
    try {
      file = openSync(object, "r");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") throw new ObjectMissing(name, objects.url);
      throw error;
    }
    try {
      const { size } = fstatSync(file);
      const copies = executable || !links.shares;
      if (size <= SMALL && copies) return copySmall(name, file, size, to);
      return bringLarge(name, object, size, to);
    } finally {
      closeSync(file);
    }
  };
}
