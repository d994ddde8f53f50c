import { isLegacy, legacyMd5, type ObjectName, type Sha256 } from "../core/artifacts/digest.ts";
import { directoryDigest } from "../core/artifacts/directory-digest.ts";
import type { Cache } from "../ports/cache.ts";

/** The files of a directory, by code points of their paths. */
export interface Children {
  readonly length: number;
  /** Names of their objects, with doubles. */
  names(): Iterable<ObjectName>;
  /** The directory's sha256, where that of each file is known. */
  digest(sha256Of: (name: ObjectName) => Sha256 | undefined): Sha256 | undefined;
}

/** What the cache's manifest of a directory lists. @throws {ObjectMissing, ObjectDamaged} */
export async function childrenOf(cache: Cache, directory: ObjectName): Promise<Children> {
  const files = await cache.listing(directory);
  const nameOf = (index: number): ObjectName => {
    const digits = files.md5(index);
    return isLegacy(directory) ? (legacyMd5(digits) ?? digits) : digits;
  };
  return {
    length: files.length,
    *names() {
      for (let i = 0; i < files.length; i++) yield nameOf(i);
    },
    digest(sha256Of) {
      let known = true;
      const rows = function* (): Iterable<readonly [string, Sha256]> {
        for (let i = 0; i < files.length && known; i++) {
          const long = sha256Of(nameOf(i));
          if (long === undefined) known = false;
          else yield [files.path(i), long];
        }
      };
      const digest = directoryDigest(rows());
      return known ? digest : undefined;
    },
  };
}
