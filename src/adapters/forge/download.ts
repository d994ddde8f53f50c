import { setTimeout as pause } from "node:timers/promises";
import { formatBytes } from "../../core/text/bytes.ts";
import { UserError } from "../../errors.ts";

/** Attempts at one download, and milliseconds without any byte after which one is given up. */
const TRIES = 4;
const SILENCE = 60_000;

/**
 * Bytes from a signed address, which is asked for again before each attempt. No token goes there.
 *
 * @param most a body with more bytes is not read to its end
 * @throws {UserError} where it is larger than allowed, or does not come
 */
export async function download(
  fetch: typeof globalThis.fetch,
  address: () => Promise<string>,
  most: number,
  what: string,
): Promise<Uint8Array> {
  for (let attempt = 1; ; attempt++) {
    const url = await address();
    try {
      return await readOnce(fetch, url, most, what);
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (attempt >= TRIES) {
        throw new UserError(`${what} does not come from ${new URL(url).host} (${(error as Error).message})`, {
          cause: error,
        });
      }
      await pause(250 * 2 ** attempt);
    }
  }
}

async function readOnce(
  fetch: typeof globalThis.fetch,
  url: string,
  most: number,
  what: string,
): Promise<Uint8Array> {
  const stop = new AbortController();
  const silence = setTimeout(() => stop.abort(new Error("no byte came for a minute")), SILENCE);
  try {
    const response = await fetch(url, { signal: stop.signal });
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    }
    const announced = Number(response.headers.get("content-length") ?? 0);
    if (announced > most) throw tooLarge(what, most);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of response.body ?? []) {
      silence.refresh();
      size += part.length;
      if (size > most) throw tooLarge(what, most);
      parts.push(part);
    }
    return Buffer.concat(parts, size);
  } finally {
    clearTimeout(silence);
    stop.abort();
  }
}

const tooLarge = (what: string, most: number): UserError =>
  new UserError(`${what} is larger than the ${formatBytes(most)} that are allowed`);
