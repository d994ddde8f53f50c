import type { Content, Md5, Named, ObjectName, Sha256 } from "../core/artifacts/digest.ts";
import type { Listing } from "../core/artifacts/listing.ts";
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
  /** The sha256 of an object's bytes. @throws {ObjectMissing, ObjectDamaged} where its bytes are not what it is called */
  sha256(name: ObjectName): Promise<Sha256>;
  /**
   * Takes in a file or directory as it stands, by md5 alone. Where working files are links to their objects,
   * it becomes such links.
   *
   * @param look told of each file below the path before any is read, and may throw
   * @returns what it holds, and in words what makes it another one on every machine
   * @throws {UserError} where it changes meanwhile
   */
  add(path: string, look?: (relpath: string) => void): Promise<Named & { readonly odd: readonly string[] }>;
  /** As `add`, vouched for: what a lock says needs a sha256. Its files stay files of their own. */
  put(path: string): Promise<Content>;
  /**
   * Takes in what a path is said to hold, where it does, by md5 alone. Its files stay as they are.
   *
   * @returns whether the object is here now
   */
  keep(name: ObjectName, path: string): Promise<boolean>;
  /** What a directory's manifest lists. @throws {ObjectMissing, ObjectDamaged} */
  manifest(name: ObjectName): Promise<Manifest>;
  /** As `manifest`, in columns: for directories of a million files. */
  listing(name: ObjectName): Promise<Listing>;
  /** Forgets an object that was found damaged, or that nobody needs. */
  drop(name: ObjectName): void;
  /** Whether the object is here and, for a directory, everything that it lists. */
  complete(name: ObjectName): Promise<boolean>;
  /**
   * Makes `path` hold the object. In a folder that is there only those files are touched that differ.
   *
   * @throws {ObjectMissing} before anything is touched
   * @throws {ObjectDamaged} and drops what is damaged from the cache; done again, it goes on
   */
  checkout(name: ObjectName, path: string, options?: CheckoutOptions): Promise<CheckedOut>;
  /** Makes working files that are links to objects files of their own again; says how many were links. */
  unprotect(path: string): Promise<number>;
}

/** How a working file or directory is to be made. */
export interface CheckoutOptions {
  /** What its bytes must have, where somebody vouched for them. */
  readonly sha256?: Sha256;
  /** Refuse where a file would go whose bytes nobody else holds; else whatever is there goes. */
  readonly sparing?: boolean;
  /** Make all files anew from their objects, as links or copies. */
  readonly relink?: boolean;
  readonly executable?: boolean;
}

/** What became of a working file or directory. */
export type CheckedOut =
  | ({ readonly outcome: "kept" | "written" } & Named)
  /** `file` is the first that would be lost, below the path. */
  | { readonly outcome: "refused"; readonly found: Md5; readonly file: string };
