import { digitsOf, type ObjectName } from "../core/artifacts/digest.ts";
import type { Voucher } from "../core/artifacts/voucher.ts";
import { UserError } from "../errors.ts";
import type { Outgoing } from "./bucket.ts";

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
   * @param take stores one object; `read` may be called again, from a later byte
   * @throws {ObjectMissing, ObjectDamaged} after what was under way has ended
   */
  receive(
    names: readonly ObjectName[],
    take: (name: ObjectName, read: (from?: number) => AsyncIterable<Uint8Array>) => Promise<void>,
  ): Promise<void>;
  /**
   * Sends many objects, several at once; those that are here are not sent again. Directories' manifests
   * become visible after everything else: whoever sees one may rely on its files being here.
   *
   * @param sent called after each object that was sent
   */
  send(objects: readonly Sending[], sent?: (object: Sending) => void): Promise<void>;
  /** Every object, in no order. */
  list(): AsyncIterable<Stored>;
  /** Removes objects, manifests first. What is not there counts as removed. */
  remove(names: readonly ObjectName[]): Promise<void>;
  /** What was said with `vouch` of an object; undefined where nobody said anything. */
  vouched(name: ObjectName): Promise<Voucher | undefined>;
  /** Says the sha256 of an object and, for a directory, of its files. */
  vouch(name: ObjectName, voucher: Voucher): Promise<void>;
  close(): Promise<void>;
}

/** An object on its way out. */
export interface Sending {
  readonly name: ObjectName;
  readonly object: Outgoing;
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

  constructor(name: ObjectName, found: string, where: string) {
    super(
      `${digitsOf(name)} in ${where} is damaged: its bytes have md5 ${found}; remove it and push it again`,
    );
    this.object = name;
  }
}
