import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

/** One request, as it goes out. */
export interface Ask {
  readonly method: string;
  /** With its query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Body;
}

/** The bytes of an answer. They must be read to their end, let go by with `resume`, or destroyed. */
export interface Body extends AsyncIterable<Uint8Array> {
  /** All of it at once. */
  whole(): Promise<Buffer>;
  /** Ends when all of it has gone by, or more than an answer has that says nothing. */
  drained(): Promise<void>;
  /** Lets all of it go by, so that the connection can be used again. */
  resume(): void;
  /** Wants no more: the connection ends, where it is not all there. */
  destroy(): void;
}

/** An answer that says nothing is no longer; one that goes on for ever is not heard to its end. */
const NOTHING = 1 << 20;

/** The bytes as a client of HTTP gives them. */
export function bodyFrom(stream: Readable): Body {
  stream.on("error", () => {}); // heard of by whoever reads it
  return {
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
    whole: () => buffer(stream),
    async drained() {
      let left = NOTHING;
      for await (const part of stream) {
        left -= part.length;
        if (left < 0) break; // which ends the connection
      }
    },
    resume: () => void stream.resume(),
    destroy: () => void stream.destroy(),
  };
}

/** Bytes that are there already. */
export function bodyOf(bytes: Buffer): Body {
  return {
    async *[Symbol.asyncIterator]() {
      if (bytes.length > 0) yield bytes;
    },
    whole: async () => bytes,
    async drained() {},
    resume() {},
    destroy() {},
  };
}
