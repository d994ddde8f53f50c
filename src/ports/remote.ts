import { digitsOf, type ObjectName, type Sha256 } from "../core/artifacts/digest.ts";
import type { Voucher } from "../core/artifacts/voucher.ts";
import { UserError } from "../errors.ts";
import type { Outgoing, WrittenVersion } from "./bucket.ts";

/**
 * Storage where the digest of the bytes is their name. A name therefore never changes its meaning:
 * writing is idempotent, nothing is overwritten, and any two remotes can be merged.
 *
 * Bytes are held to their names on the way there and back. What can be tried again is tried again
 * before an error is thrown.
 */
export interface Remote {
  /** Where objects live, for messages, without credentials: `/mnt/store`. */
  readonly url: string;
  has(name: ObjectName): Promise<boolean>;
  /** Those of the names that are here: one question, or thousands, as is quicker. */
  present(names: readonly ObjectName[]): Promise<ReadonlySet<ObjectName>>;
  /** @param from the first byte wanted @throws {ObjectMissing, ObjectDamaged} the latter after the last byte */
  read(name: ObjectName, from?: number): AsyncIterable<Uint8Array>;
  /**
   * Fetches many objects, several at once, in no order.
   *
   * @param take stores one object and holds its bytes to its name, as `Cache.receive` does: they come as they are
   * @throws what `take` throws, such as {ObjectMissing}, after what was under way has ended
   */
  receive(
    names: readonly ObjectName[],
    take: (name: ObjectName, incoming: Incoming) => Promise<void>,
  ): Promise<void>;
  /**
   * Sends many objects, several at once; those that are here are not sent again. Directories' manifests
   * become visible after everything else: whoever sees one may rely on its files being here.
   *
   * @param sent called after each object that was sent
   * @param asked `absent`: the caller has just heard from `present` that none of them is here
   */
  send(objects: readonly Sending[], sent?: (object: Sending) => void, asked?: "absent"): Promise<void>;
  /** Every object, in no order. */
  list(): AsyncIterable<Stored>;
  /** Removes objects, manifests first. What is not there counts as removed. */
  remove(names: readonly ObjectName[]): Promise<void>;
  /** What was said with `vouch` of an object; undefined where nobody said anything. */
  vouched(name: ObjectName): Promise<Voucher | undefined>;
  /** Says the sha256 of an object and, for a directory, of its files. */
  vouch(name: ObjectName, voucher: Voucher): Promise<void>;
  /** Only where a remote keeps files under their real names, in versions. */
  readonly versions?: VersionStore;
  /**
   * Only where small objects may travel packed: the remote as whoever sends has to see it. One that packs
   * has what is in packs, too; one that does not knows nothing of them, as DVC, since whoever finds a
   * directory's manifest relies on its files.
   *
   * @param packed as the user has set it, where it is not said
   */
  toSend?(packed?: boolean): Promise<Remote>;
  close(): Promise<void>;
}

/** A remote that keeps files under their real names, in versions. */
export interface VersionStore {
  /** What `.dvc/config` calls it. */
  readonly remote: string;
  /** The same remote, told which versions hold which objects. Before that it has none, and cannot list them. */
  knowing(places: readonly VersionPlace[]): Remote;
  /** The keys that begin so, of files whose last version was not deleted. */
  keys(prefix: string): Promise<ReadonlySet<string>>;
  /** The last version of a file where it has these bytes already, as after a push that was broken off. */
  last(
    key: string,
    bytes: { readonly size: number; readonly md5: string },
  ): Promise<WrittenVersion | undefined>;
  /** Stores a file's bytes as the last version of its name: what that is called. */
  keep(key: string, sending: Sending): Promise<WrittenVersion>;
}

/** Where a remote with real names keeps an object. */
export interface VersionPlace {
  readonly name: ObjectName;
  /** The file's path, and its version there; the last one where none is named. */
  readonly key?: string;
  readonly version?: string;
  /** Bytes that are known without asking: those of a directory's manifest. */
  readonly bytes?: Uint8Array;
  /** The directory's files: it is there where all of them are. */
  readonly parts?: readonly ObjectName[];
}

/** An object on its way out. */
export interface Sending {
  readonly name: ObjectName;
  readonly object: Outgoing;
  /** Told the sha256 of the bytes before the object gets its name, where the remote reads them for it. */
  hashed?(sha256: Sha256): Promise<void>;
}

/** An object on its way in: its bytes from an offset on; called again, it begins anew. */
export interface Incoming {
  (from?: number): AsyncIterable<Uint8Array>;
  /** A file of this machine that holds these bytes, where there is one. */
  readonly path?: string;
  /** All bytes: at once where they are few. */
  begin?(): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
}

/** An object that a remote has. */
export interface Stored {
  readonly name: ObjectName;
  readonly size: number;
  /** When it was written; undefined where nobody says. */
  readonly modified?: Date;
}

/** An object that was asked for by name is not there. */
export class ObjectMissing extends UserError {
  readonly object: ObjectName;

  constructor(name: ObjectName, where: string) {
    super(
      `${digitsOf(name)} is not in ${where}; run \`trainyard push\` where it was made, or check the remote`,
    );
    this.object = name;
  }
}

/** An object's bytes are not those that its name promises. */
export class ObjectDamaged extends UserError {
  readonly object: ObjectName;
  /** The md5 that its bytes have. */
  readonly found: string;

  constructor(name: ObjectName, found: string, where: string) {
    super(
      `${digitsOf(name)} in ${where} is damaged: its bytes have md5 ${found}; remove it and push it again`,
    );
    this.object = name;
    this.found = found;
  }
}

/** An object has the bytes that its name promises, and others than were vouched for: md5 can be forged. */
export class ObjectForged extends UserError {
  readonly object: ObjectName;

  constructor(name: ObjectName, found: Sha256, expected: Sha256) {
    super(
      `${digitsOf(name)} has sha256 ${found}, and ${expected} was vouched for: its bytes or its voucher were exchanged; remove it from the remote, and run \`trainyard push --all-objects\` where the right bytes are`,
    );
    this.object = name;
  }
}
