import { setTimeout } from "node:timers/promises";
import { type Bucket, type Outgoing, Unreachable } from "../../ports/bucket.ts";

/** Tries before giving up, and milliseconds before the second one; each later wait is twice as long. */
export const TRIES = 5;
const FIRST_WAIT = 200;
const LONGEST_WAIT = 60_000;
/** So many bytes are some way: patience begins anew. A server that gives one at a time tires even so. */
const SOME_WAY = 64 << 10;
const MOST_TRIES = 1000;

/** A bucket that asks again where a server did not answer as it should; a read goes on where it broke off. */
export function retrying(bucket: Bucket): Bucket {
  const { begin, range, writeVersion, lastVersion } = bucket;
  return {
    ...bucket,
    size: (key, version) => again(() => bucket.size(key, version)),
    write: (key, bytes) => again(() => bucket.write(key, bytes)),
    ...(writeVersion === undefined
      ? {}
      : { writeVersion: (key: string, bytes: Outgoing) => again(() => writeVersion(key, bytes)) }),
    ...(lastVersion === undefined ? {} : { lastVersion: (key: string) => again(() => lastVersion(key)) }),
    remove: (keys) => again(() => bucket.remove(keys)),

    read: (key, from = 0, version) => goingOn(from, (at) => bucket.read(key, at, version)),
    ...(range === undefined
      ? {}
      : {
          range: (key: string, from: number, to: number) =>
            goingOn(from, (at) => (at < to ? range(key, at, to) : [])),
        }),
    ...(begin === undefined
      ? {}
      : {
          async begin(key: string) {
            const begun = await again(() => begin(key));
            return begun instanceof Uint8Array ? begun : goingOn(0, (at) => bucket.read(key, at), begun);
          },
        }),
  };

  /** @param begun the bytes, where they have been asked for already */
  async function* goingOn(
    from: number,
    open: (at: number) => AsyncIterable<Uint8Array> | readonly Uint8Array[],
    begun?: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Uint8Array> {
    let at = from;
    let since = from;
    let tries = 1;
    for (let all = 1; ; all++) {
      try {
        for await (const chunk of all === 1 && begun !== undefined ? begun : open(at)) {
          at += chunk.length;
          yield chunk;
        }
        return;
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        tries = at - since >= SOME_WAY ? 1 : tries + 1;
        since = at;
        if (tries > TRIES || all >= MOST_TRIES) throw error;
        await pause(tries - 1, error);
      }
    }
  }
}

/** Does something again where a server did not answer as it should. */
export async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unreachable) || tries >= TRIES) throw error;
      await pause(tries, error);
    }
  }
}

/** Waits longer each time, and never as long as the others that wait, so that they do not all come back at once. */
export async function pause(tries: number, { after }: Unreachable): Promise<void> {
  const wait = FIRST_WAIT * 2 ** Math.max(0, tries - 1) * (0.5 + Math.random());
  await setTimeout(Math.min(after ?? wait, LONGEST_WAIT));
}
