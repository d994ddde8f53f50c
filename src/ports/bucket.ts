import type { Digest } from "../core/artifacts/digest.ts";
import { UserError } from "../errors.ts";

/**
 * A place that keeps bytes under keys, such as a folder or a bucket of S3: the least that a remote has
 * to be able to do. Keys are paths with `/`, relative to the remote's url, and safe: never absolute,
 * never with `..`.
 */
export interface Bucket {
  /** Where it is, for messages, without credentials: `s3://acme-models/wages`. */
  readonly url: string;
  /** How many requests are best under way at once. */
  readonly lanes: number;
  /** False where keys can only be asked for one by one, as over HTTP; `list` then throws. */
  readonly lists: boolean;
  /** How many keys a listing gives in the time of one question: 1000 where it is not said, as of object stores. */
  readonly page?: number;
  /**
   * How many bytes lie under a key; undefined where there is nothing.
   *
   * @param version the one asked for, where a store keeps several under a key; the last where none is named
   */
  size(key: string, version?: string): Promise<number | undefined>;
  /**
   * @param from the first byte wanted
   * @param version the one wanted, where a store keeps several under a key; the last where none is named
   * @throws {KeyMissing}
   */
  read(key: string, from?: number, version?: string): AsyncIterable<Uint8Array>;
  /** As `read`, where a store can be asked for the bytes from one to before another; more may come. */
  range?(key: string, from: number, to: number): AsyncIterable<Uint8Array>;
  /** As `read` from the first byte; what is small comes as a whole, which is far quicker where there are thousands. */
  begin?(key: string): Promise<Uint8Array | AsyncIterable<Uint8Array>>;
  /** A file of this machine that holds what lies under a key, where that is so; others write to it, too. */
  path?(key: string): string | undefined;
  /** Stores all of the bytes or, where they break off, nothing; replaces what was there. */
  write(key: string, bytes: Outgoing): Promise<void>;
  /** As `write`, where a store keeps several versions under a key: what it calls this one. */
  writeVersion?(key: string, bytes: Outgoing): Promise<WrittenVersion>;
  /** The last version under a key; undefined where there is nothing. */
  lastVersion?(key: string): Promise<LastVersion | undefined>;
  /** Everything whose key starts with the prefix, in no order. */
  list(prefix: string): AsyncIterable<Entry>;
  /** What is not there counts as removed. */
  remove(keys: readonly string[]): Promise<void>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** What a store calls one version of what lies under a key. */
export interface WrittenVersion {
  readonly etag: string;
  /** Undefined where the bucket keeps the last one alone. */
  readonly version?: string;
}

/** The last version of what lies under a key. */
export interface LastVersion extends WrittenVersion {
  readonly size: number;
  /** Of its bytes, where the store knows it. */
  readonly md5?: string;
}

/** One key of a bucket. */
export interface Entry {
  readonly key: string;
  readonly size: number;
  /** When it was written; undefined where nobody says. */
  readonly modified?: Date;
}

/** Bytes on their way out, readable again for each retry. */
export interface Outgoing {
  readonly size: number;
  /** A file of this machine that holds exactly these bytes, where there is one. */
  readonly path?: string;
  /**
   * Ends when the bytes were found to be those that are promised. Whoever took them from `path` waits for it
   * before they get a name; whoever reads them by `bytes` need not, since their last byte waits.
   */
  settled?(): Promise<void>;
  /** Told of the bytes that are read from `path`. */
  taken?(count: number): void;
  /** All bytes of a small object at once, found to be those that are promised. */
  whole?(): Promise<Whole>;
  /** @param from the first byte @param to the byte after the last */
  bytes(from?: number, to?: number): AsyncIterable<Uint8Array>;
}

/** The bytes of a small object, and their digests, so that nobody makes them again. */
export interface Whole {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/** Nothing lies under a key. */
export class KeyMissing extends UserError {
  constructor(key: string, url: string) {
    super(`there is no ${key} in ${url}`);
  }
}

/** A server did not answer as it should, and may the next time: worth a retry. */
export class Unreachable extends UserError {
  /** Milliseconds that the server asked to wait. */
  readonly after: number | undefined;

  constructor(message: string, options: ErrorOptions & { readonly after?: number } = {}) {
    super(message, options);
    this.after = options.after;
  }
}
