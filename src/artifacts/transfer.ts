import { isDirectory, type Md5 } from "../core/artifacts/digest.ts";
import type { Cache } from "../ports/cache.ts";
import type { Remote } from "../ports/remote.ts";

/** Objects on their way at once: hides the latency of a remote without flooding it. */
const LANES = 8;

/** What came over, and what was there already. */
export interface Transferred {
  readonly objects: number;
  readonly bytes: number;
}

/**
 * Sends what a name stands for. A directory's manifest goes last: whoever sees it may rely on its
 * files being there, and whoever is interrupted leaves none.
 */
export async function send(
  name: Md5,
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<Transferred> {
  if (await remote.has(name)) return { objects: 0, bytes: 0 };
  const children = isDirectory(name) ? (await cache.manifest(name)).map(({ md5 }) => md5) : [];
  const sent = await copyMissing(children, cache, remote, onBytes);
  const last = await copyMissing([name], cache, remote, onBytes);
  return { objects: sent.objects + last.objects, bytes: sent.bytes + last.bytes };
}

/** Fetches what a name stands for into the cache; what is there is not fetched again. */
export async function fetch(
  name: Md5,
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<Transferred> {
  const first = await copyMissing([name], remote, cache, onBytes);
  const children = isDirectory(name) ? (await cache.manifest(name)).map(({ md5 }) => md5) : [];
  const rest = await copyMissing(children, remote, cache, onBytes);
  return { objects: first.objects + rest.objects, bytes: first.bytes + rest.bytes };
}

/** Whether everything that a name stands for can be had without making it anew. */
export async function isWithin(name: Md5, cache: Cache, remote: Remote | undefined): Promise<boolean> {
  return (await cache.complete(name)) || ((await remote?.has(name)) ?? false);
}

async function copyMissing(
  names: readonly Md5[],
  from: Remote,
  to: Remote,
  onBytes: (count: number) => void,
): Promise<Transferred> {
  const waiting = [...new Set(names)];
  let objects = 0;
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      onBytes(chunk.length);
      yield chunk;
    }
  };
  const lane = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      if (await to.has(name)) continue;
      await to.write(name, counted(from.read(name)));
      objects++;
    }
  };
  const stopping = async (): Promise<void> => {
    try {
      await lane();
    } finally {
      waiting.length = 0; // one that failed keeps the others from starting more
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, stopping));
  const failed = lanes.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { objects, bytes };
}
