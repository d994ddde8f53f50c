import { Unreachable } from "../../../ports/bucket.ts";
import { pause, TRIES } from "../retrying.ts";
import type { ReadLayer } from "../volumes/volume.ts";
import type { Registry } from "./registry.ts";

/** So many bytes are some way: patience begins anew. */
const SOME_WAY = 64 << 10;

/** Reads layers, and goes on where a connection broke off. */
export function readingFrom(registry: Registry): ReadLayer {
  return async function* patiently(_push, { sha256 }, from, to) {
    let at = from;
    let since = from;
    for (let tries = 1; ; ) {
      try {
        for await (const chunk of registry.readBlob(sha256, at, to)) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (!(error instanceof Unreachable) || tries >= TRIES) throw error;
        await pause(tries, error);
        tries = at - since >= SOME_WAY ? 1 : tries + 1;
        since = at;
      }
    }
  };
}
