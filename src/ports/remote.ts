import type { Md5 } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";

/**
 * Storage where the digest of the bytes is their name. A name therefore never changes its meaning:
 * writing is idempotent, nothing is overwritten, and any two remotes can be merged.
 *
 * The layout is DVC's, so a name is an md5, with `.dir` behind it for a directory's manifest.
 */
export interface Remote {
  /** Where objects live, for messages: `/mnt/store`. */
  readonly url: string;
  has(name: Md5): Promise<boolean>;
  /** @throws {ObjectMissing} on the first read. */
  read(name: Md5): AsyncIterable<Uint8Array>;
  /** Stores all of the bytes or, where they break off, nothing. */
  write(name: Md5, bytes: AsyncIterable<Uint8Array>): Promise<void>;
  /** Every name held, in no order. */
  list(): AsyncIterable<Md5>;
}

/** An object that was asked for by name is not there. */
export class ObjectMissing extends UserError {
  readonly object: Md5;

  constructor(name: Md5, where: string) {
    super(`${name} is not in ${where}; run \`trainyard push\` where it was made, or check the remote`);
    this.object = name;
  }
}

/** An object's bytes are not those that its name promises. */
export class ObjectDamaged extends UserError {
  readonly object: Md5;

  constructor(name: Md5, found: Md5, where: string) {
    super(`${name} in ${where} is damaged: its bytes have md5 ${found}; remove it and push it again`);
    this.object = name;
  }
}
