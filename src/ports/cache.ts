import type { Content, Md5, Sha256 } from "../core/artifacts/digest.ts";
import type { Manifest } from "../core/artifacts/manifest.ts";
import type { Remote } from "./remote.ts";

/**
 * The objects of this machine, in DVC's layout, and the way between them and the working files.
 *
 * Bytes are hashed on the way in and on the way out: neither a wrong object nor a wrong working file
 * is ever left behind. Several processes may use one cache at once.
 */
export interface Cache extends Remote {
  /** Takes in a file or directory as it stands. @throws {UserError} where it changes meanwhile. */
  put(path: string): Promise<Content>;
  /** What a directory's manifest lists. @throws {ObjectMissing} */
  manifest(name: Md5): Promise<Manifest>;
  /** Forgets an object that was found damaged. */
  drop(name: Md5): void;
  /** Whether the object is here and, for a directory, everything that it lists. */
  complete(name: Md5): Promise<boolean>;
  /**
   * Makes `path` hold the object, whatever was there before.
   *
   * @param expected what its bytes must have, where it is known
   * @throws {ObjectMissing} and leaves `path` as it was
   * @throws {ObjectDamaged} too, and drops what is damaged from the cache
   */
  checkout(name: Md5, path: string, expected?: Sha256): Promise<Content>;
}
