import { buffer } from "node:stream/consumers";
import { type Bucket, KeyMissing } from "../../../ports/bucket.ts";

/** A bucket that lives as long as the process: the fake in tests. */
export function memoryBucket(objects = new Map<string, Uint8Array>()): Bucket {
  const url = "memory:";
  const written = new Map<string, Date>();
  return {
    url,
    lanes: 8,
    lists: true,

    async size(key) {
      return objects.get(key)?.length;
    },

    async *read(key, from = 0) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new KeyMissing(key, url);
      if (from < bytes.length) yield bytes.subarray(from);
    },

    async *range(key, from, to) {
      const bytes = objects.get(key);
      if (bytes === undefined) throw new KeyMissing(key, url);
      if (from < bytes.length) yield bytes.subarray(from, to);
    },

    async write(key, outgoing) {
      const whole = await buffer(outgoing.bytes()); // drained first, so that a broken source stores nothing
      objects.set(key, whole);
      written.set(key, new Date());
    },

    async *list(prefix) {
      for (const [key, bytes] of objects) {
        const modified = written.get(key);
        if (key.startsWith(prefix))
          yield { key, size: bytes.length, ...(modified === undefined ? {} : { modified }) };
      }
    },

    async remove(keys) {
      for (const key of keys) objects.delete(key);
    },

    async close() {},
  };
}
