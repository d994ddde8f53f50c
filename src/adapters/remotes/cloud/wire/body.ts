import type { Unchunked } from "./chunked.ts";

/** Up to here a body has its memory at once, and is read into it, wanted or not. */
const GATHERED = 16 << 20;
/** So much of a larger one lies ready; then the server has to wait. */
const READY = 1 << 20;

/** How long a body is: bytes, in chunks, or until the connection ends. */
export type Length = number | Unchunked | "until the end";

/** The bytes of an answer. They must be read to their end, let go by with `resume`, or destroyed. */
export class Body implements AsyncIterable<Uint8Array> {
  readonly #length: Length;
  readonly #destroy: () => void;
  readonly #ready: () => void;
  /** Where a body of known length is gathered. */
  readonly #all: Buffer | undefined;
  #filled = 0;
  #given = 0;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #dropping = false;
  #error: Error | undefined;
  #wake: (() => void) | undefined;
  /** All of it has come. */
  done: boolean;

  /**
   * @param destroy ends the connection
   * @param ready told that more may come, after `isFull`
   */
  constructor(length: Length, destroy: () => void, ready: () => void) {
    this.#length = length;
    this.#destroy = destroy;
    this.#ready = ready;
    if (typeof length === "number" && length <= GATHERED) {
      this.#all = length > 1 << 16 ? Buffer.allocUnsafeSlow(length) : Buffer.allocUnsafe(length);
    }
    this.done = length === 0;
  }

  /** Where the next bytes can be put without a copy. */
  get room(): Uint8Array | undefined {
    return this.done || this.#all === undefined ? undefined : this.#all.subarray(this.#filled);
  }

  /** Whether nothing more is wanted before something was read. */
  get isFull(): boolean {
    return this.#queued >= READY;
  }

  /** So many bytes were put where `room` is. */
  put(count: number): void {
    this.#filled += count;
    this.done = this.#filled === this.#length;
    this.#told();
  }

  /** Takes what belongs to it, and says how many bytes those were. */
  take(bytes: Uint8Array): number {
    if (this.#all !== undefined) {
      const count = Math.min(bytes.length, this.#all.length - this.#filled);
      this.#all.set(count === bytes.length ? bytes : bytes.subarray(0, count), this.#filled);
      this.put(count);
      return count;
    }
    let used = bytes.length;
    if (typeof this.#length === "number") {
      used = Math.min(used, this.#length - this.#filled);
      this.#keep(bytes.subarray(0, used));
      this.#filled += used;
      this.done = this.#filled === this.#length;
    } else if (this.#length === "until the end") this.#keep(bytes);
    else {
      used = this.#length.take(bytes, (part) => this.#keep(part));
      this.done = this.#length.done;
    }
    this.#told();
    return used;
  }

  /** The server has nothing more to say. */
  end(): void {
    if (this.#length === "until the end") this.done = true;
    this.#told();
  }

  /** No more of it comes, where it is not all there. */
  fail(error: Error): void {
    if (!this.done) this.#error = error;
    this.#told();
  }

  /** Lets all of it go by, so that the connection can be used again. */
  resume(): void {
    this.#dropping = true;
    this.#queue = [];
    this.#queued = 0;
    this.#ready();
  }

  /** Wants no more: the connection ends, where it is not all there. */
  destroy(): void {
    if (!this.done) this.#destroy();
  }

  /** Ends when all of it has gone by. */
  async drained(): Promise<void> {
    if (this.#length === 0) return;
    this.resume();
    while (!this.done) await this.#more();
  }

  /** All of it at once. */
  async whole(): Promise<Buffer> {
    if (this.#all !== undefined) {
      while (!this.done) await this.#more();
      return this.#all;
    }
    const parts: Uint8Array[] = [];
    for await (const part of this) parts.push(part);
    return Buffer.concat(parts);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const part = this.#next();
        if (part !== undefined) yield part;
        else if (this.done) return;
        else await this.#more();
      }
    } finally {
      this.destroy();
    }
  }

  #next(): Uint8Array | undefined {
    if (this.#all !== undefined) {
      if (this.#filled === this.#given) return undefined;
      const part = this.#all.subarray(this.#given, this.#filled);
      this.#given = this.#filled;
      return part;
    }
    const part = this.#queue.shift();
    if (part === undefined) return undefined;
    const wasFull = this.isFull;
    this.#queued -= part.length;
    if (wasFull && !this.isFull) this.#ready();
    return part;
  }

  /** The bytes lie in memory that is used again. */
  #keep(bytes: Uint8Array): void {
    if (this.#dropping || bytes.length === 0) return;
    this.#queue.push(Uint8Array.prototype.slice.call(bytes));
    this.#queued += bytes.length;
  }

  #told(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #more(): Promise<void> {
    if (this.#error !== undefined) return Promise.reject(this.#error);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
