import type { Content, ObjectName, Sha256 } from "../core/artifacts/digest.ts";
import type { Manifest } from "../core/artifacts/manifest.ts";
import type { Outgoing } from "./bucket.ts";
import type { Incoming, Stored } from "./remote.ts";

/**
 * The objects of this machine, in DVC's layout, and the way between them and the working files.
 *
 * Bytes are hashed on the way in and on the way out: neither a wrong object nor a wrong working file
 * is ever left behind. Several processes may use one cache at once.
 */
export interface Cache {
  /** Where it lies, for messages. */
  readonly url: string;
  has(name: ObjectName): Promise<boolean>;
  /** An object to be sent. @throws {ObjectMissing} */
  open(name: ObjectName): Outgoing;
  /**
   * Takes in an object from elsewhere; one that is here is not read. What an interrupted one left is
   * gone on with.
   *
   * @throws {ObjectDamaged} where its bytes are not what the name says
   * @throws {ObjectForged} where they have another sha256 than `expected`
   */
  receive(name: ObjectName, incoming: Incoming, expected?: Sha256): Promise<void>;
  /** Every object, in no order. */
  list(): AsyncIterable<Stored>;
  /** Takes in a file or directory as it stands. @throws {UserError} where it changes meanwhile. */
  put(path: string): Promise<Content>;
  /** What a directory's manifest lists. @throws {ObjectMissing} */
  manifest(name: ObjectName): Promise<Manifest>;
  /** Forgets an object that was found damaged, or that nobody needs. */
  drop(name: ObjectName): void;
  /** Whether the object is here and, for a directory, everything that it lists. */
  complete(name: ObjectName): Promise<boolean>;
  /**
   * Makes `path` hold the object, whatever was there before.
   *
   * @param expected what its bytes must have, where it is known
   * @throws {ObjectMissing} and leaves `path` as it was
   * @throws {ObjectDamaged} too, and drops what is damaged from the cache
   */
  checkout(name: ObjectName, path: string, expected?: Sha256): Promise<Content>;
}
