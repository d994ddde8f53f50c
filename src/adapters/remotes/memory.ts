import type { Remote } from "../../ports/remote.ts";
import { bucketRemote } from "./bucket-remote.ts";
import { memoryBucket } from "./buckets/memory.ts";

/** A remote that lives as long as the process: the fake in tests, the target of a dry run. */
export function memoryRemote(objects = new Map<string, Uint8Array>()): Remote {
  return bucketRemote(memoryBucket(objects));
}
