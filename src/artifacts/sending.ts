import type { ObjectName, Sha256 } from "../core/artifacts/digest.ts";
import type { Outgoing } from "../ports/bucket.ts";
import type { Cache } from "../ports/cache.ts";
import type { Sending } from "../ports/remote.ts";

/** Who wants to hear of objects on their way out. */
export interface Departure {
  readonly cache: Cache;
  readonly onBytes: (count: number) => void;
  hashed(name: ObjectName, sha256: Sha256): Promise<void>;
}

/** An object of the cache on its way out: one small object for each, opened when its turn comes. */
export class FromCache implements Sending {
  readonly name: ObjectName;
  readonly #departure: Departure;
  /** How much of it was told of. */
  #told = 0;
  size = 0;
  sent = false;

  constructor(name: ObjectName, departure: Departure) {
    this.name = name;
    this.#departure = departure;
  }

  get object(): Outgoing {
    const outgoing = this.#departure.cache.open(this.name);
    this.size = outgoing.size;
    return {
      ...outgoing,
      taken: (count) => this.#tell(count),
      bytes: (from, to) => this.#counted(outgoing.bytes(from, to)),
    };
  }

  hashed(sha256: Sha256): Promise<void> {
    return this.#departure.hashed(this.name, sha256);
  }

  /** It is there: tells of what nobody saw passing. */
  arrived(): void {
    this.sent = true;
    this.#tell(this.size);
  }

  async *#counted(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of bytes) {
      this.#tell(chunk.length);
      yield chunk;
    }
  }

  /** Bytes that are sent twice count once. */
  #tell(count: number): void {
    const more = Math.min(count, this.size - this.#told);
    if (more <= 0) return;
    this.#told += more;
    this.#departure.onBytes(more);
  }
}
