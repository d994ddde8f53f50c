import { buffer } from "node:stream/consumers";
import type { Md5 } from "../../core/artifacts/digest.ts";
import { ObjectMissing, type Remote } from "../../ports/remote.ts";

/** A remote that lives as long as the process: the fake in tests, the target of a dry run. */
export function memoryRemote(objects = new Map<Md5, Uint8Array>()): Remote {
  const url = "memory:";
  return {
    url,

    async has(name) {
      return objects.has(name);
    },

    async *read(name) {
      const bytes = objects.get(name);
      if (bytes === undefined) throw new ObjectMissing(name, url);
      yield bytes;
    },

    async write(name, bytes) {
      const whole = await buffer(bytes); // drained first, so that a broken source stores nothing
      objects.set(name, whole);
    },

    async *list() {
      yield* objects.keys();
    },
  };
}
