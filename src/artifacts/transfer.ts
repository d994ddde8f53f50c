import { isDirectory, type Md5, type ObjectName } from "../core/artifacts/digest.ts";
import type { Cache } from "../ports/cache.ts";
import type { Remote } from "../ports/remote.ts";

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
  let objects = 0;
  let bytes = 0;
  const sending = [...new Set([...children, name])].map((one) => ({ name: one, object: cache.open(one) }));
  await remote.send(sending, ({ object }) => {
    objects++;
    bytes += object.size;
    onBytes(object.size);
  });
  return { objects, bytes };
}

/** Fetches what a name stands for into the cache; what is there is not fetched again. */
export async function fetch(
  name: Md5,
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<Transferred> {
  const first = await receive([name], remote, cache, onBytes);
  const children = isDirectory(name) ? (await cache.manifest(name)).map(({ md5 }) => md5) : [];
  const rest = await receive(children, remote, cache, onBytes);
  return { objects: first.objects + rest.objects, bytes: first.bytes + rest.bytes };
}

/** Whether everything that a name stands for can be had without making it anew. */
export async function isWithin(name: Md5, cache: Cache, remote: Remote | undefined): Promise<boolean> {
  return (await cache.complete(name)) || ((await remote?.has(name)) ?? false);
}

async function receive(
  names: readonly ObjectName[],
  remote: Remote,
  cache: Cache,
  onBytes: (count: number) => void,
): Promise<Transferred> {
  const missing: ObjectName[] = [];
  for (const name of new Set(names)) if (!(await cache.has(name))) missing.push(name);
  let bytes = 0;
  const counted = async function* (chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      onBytes(chunk.length);
      yield chunk;
    }
  };
  await remote.receive(missing, (name, read) => cache.receive(name, (from) => counted(read(from))));
  return { objects: missing.length, bytes };
}

/** Copies what a name stands for from another cache of this machine. */
export async function copyFromCache(name: Md5, from: Cache, to: Cache): Promise<void> {
  const children = isDirectory(name) ? (await from.manifest(name)).map(({ md5 }) => md5) : [];
  for (const one of [...children, name]) {
    await to.receive(one, (start) => from.open(one).bytes(start));
  }
}
