import { isDirectory, type ObjectName } from "../core/artifacts/digest.ts";
import type { Cache } from "../ports/cache.ts";
import { ObjectMissing, type Remote } from "../ports/remote.ts";
import { childrenOf } from "./children.ts";
import { fetchAll } from "./fetch-all.ts";
import { sendAll } from "./send-all.ts";

/** What came over, and what was there already. */
export interface Transferred {
  readonly objects: number;
  readonly bytes: number;
}

/**
 * Sends what a name stands for. A directory's manifest goes last: whoever sees it may rely on its
 * files being there, and whoever is interrupted leaves none.
 *
 * @throws {ObjectMissing} where the cache lacks a part of it
 */
export async function send(
  name: ObjectName,
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<Transferred> {
  const { objects, bytes, lacking } = await sendAll([{ name }], cache, remote, { onBytes });
  const missing = lacking.get(name);
  if (missing !== undefined) throw new ObjectMissing(missing, cache.url);
  return { objects, bytes };
}

/** Fetches what a name stands for into the cache; what is there is not fetched again. */
export async function fetch(
  name: ObjectName,
  cache: Cache,
  remote: Remote,
  onBytes: (count: number) => void = () => {},
): Promise<Transferred> {
  const { objects, bytes, failed } = await fetchAll([{ name }], cache, remote, onBytes);
  for (const reason of failed.values()) throw reason;
  return { objects, bytes };
}

/** Whether everything that a name stands for can be had without making it anew. */
export async function isWithin(name: ObjectName, cache: Cache, remote: Remote | undefined): Promise<boolean> {
  return (await cache.complete(name)) || ((await remote?.has(name)) ?? false);
}

/** Copies what a name stands for from another cache of this machine. */
export async function copyFromCache(name: ObjectName, from: Cache, to: Cache): Promise<void> {
  const copy = (one: ObjectName): Promise<void> => {
    const { path, bytes } = from.open(one);
    return to.receive(
      one,
      Object.assign((start?: number) => bytes(start), path === undefined ? {} : { path }),
    );
  };
  if (isDirectory(name)) for (const one of (await childrenOf(from, name)).names()) await copy(one);
  await copy(name);
}
