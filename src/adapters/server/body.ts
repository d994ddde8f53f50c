import type { IncomingMessage } from "node:http";

/** Bytes that all requests together may hold. */
export interface Budget {
  /** Whether there was room for more. */
  take(bytes: number): boolean;
  give(bytes: number): void;
}

export function budget(most: number): Budget {
  let used = 0;
  return {
    take(bytes) {
      if (used + bytes > most) return false;
      used += bytes;
      return true;
    },
    give(bytes) {
      used -= bytes;
    },
  };
}

/** A body in memory, until it is released. */
export interface Body {
  readonly bytes: Uint8Array;
  release(): void;
}

/**
 * Reads a request's body, and stops where it becomes too long or all bodies together do. Where it stops
 * nothing more is read.
 */
export function readBody(
  request: IncomingMessage,
  most: number,
  held: Budget,
): Promise<Body | "too long" | "too many" | "gone"> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let open = true;
    const end = (outcome: Body | "too long" | "too many" | "gone"): void => {
      if (!open) return;
      open = false;
      if (typeof outcome === "string") {
        held.give(bytes);
        chunks.length = 0;
        request.pause();
      }
      resolve(outcome);
    };
    request.on("data", (chunk: Buffer) => {
      if (!open) return;
      if (bytes + chunk.length > most) return end("too long");
      if (!held.take(chunk.length)) return end("too many");
      bytes += chunk.length;
      chunks.push(chunk);
    });
    request.on("end", () => end({ bytes: Buffer.concat(chunks, bytes), release: () => held.give(bytes) }));
    request.on("error", () => end("gone"));
    request.on("close", () => end("gone"));
  });
}
