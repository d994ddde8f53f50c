import { createHash } from "node:crypto";
import { digitsOf, isLegacy, type ObjectName } from "../../../core/artifacts/digest.ts";
import { ObjectDamaged, ObjectMissing, type Remote } from "../../../ports/remote.ts";
import type { Catalogue } from "./catalogue.ts";
import { readObject } from "./reading.ts";
import { receiveAll } from "./receive.ts";
import { BlobGone, type Found, type ReadLayer, type Volume } from "./volume.ts";

/** Objects of volumes, as a remote gives them. */
export interface Objects<V extends Volume> extends Pick<Remote, "read" | "receive"> {
  /** Where objects lie; asked anew only where one is missing: what was there stays there, but for gc. */
  locate(names: readonly ObjectName[]): Promise<ReadonlyMap<ObjectName, Found<V>>>;
}

export function objectsIn<V extends Volume>(
  catalogue: Pick<Catalogue<V>, "known" | "refresh" | "find">,
  readLayer: ReadLayer,
  url: string,
): Objects<V> {
  const foundOf = (names: readonly ObjectName[]): Map<ObjectName, Found<V>> => {
    const found = new Map<ObjectName, Found<V>>();
    for (const name of names) {
      const one = catalogue.find(name);
      if (one !== undefined) found.set(name, one);
    }
    return found;
  };

  const locate = async (names: readonly ObjectName[]): Promise<Map<ObjectName, Found<V>>> => {
    await catalogue.known();
    const found = foundOf(names);
    if (names.every((name) => found.has(name))) return found;
    await catalogue.refresh();
    return foundOf(names);
  };

  const found = async (name: ObjectName): Promise<Found<V>> => {
    const one = (await locate([name])).get(name);
    if (one === undefined) throw new ObjectMissing(name, url);
    return one;
  };

  async function* read(name: ObjectName, from = 0): AsyncIterable<Uint8Array> {
    let at = from;
    let one = await found(name);
    const hash = from === 0 ? createHash("md5") : undefined;
    const long = createHash("sha256");
    for (let tries = 1; ; tries++) {
      try {
        for await (const chunk of readObject(readLayer, one, at)) {
          at += chunk.length;
          hash?.update(chunk);
          long.update(chunk);
          yield chunk;
        }
        break;
      } catch (error) {
        if (!(error instanceof BlobGone)) throw error;
        if (tries === 2) throw new ObjectMissing(name, url);
        await catalogue.refresh(); // a collection has moved it meanwhile
        one = await found(name);
      }
    }
    if (hash === undefined) return;
    const short = hash.digest("hex");
    const fits = isLegacy(name) || short === digitsOf(name).slice(0, 32);
    if (!fits || long.digest("hex") !== one.entry.sha256) throw new ObjectDamaged(name, short, url);
  }

  const nothing = (name: ObjectName): AsyncIterable<Uint8Array> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new ObjectMissing(name, url)) }),
  });

  return {
    locate,
    read,

    async receive(names, take) {
      await locate(names);
      const due = new Set(names);
      for (let tries = 1; tries <= 2; tries++) {
        const there = foundOf([...due]);
        try {
          await receiveAll(readLayer, [...there.values()], async ({ entry: { name } }, incoming) => {
            await take(name, incoming);
            due.delete(name);
          });
          break;
        } catch (error) {
          if (!(error instanceof BlobGone)) throw error;
          await catalogue.refresh(); // a collection has moved them meanwhile
        }
      }
      // What is due yet is missing: each reader hears so of its own object alone.
      for (const name of due) {
        const known = catalogue.find(name) !== undefined;
        await take(name, (from) => (known ? read(name, from) : nothing(name)));
      }
    },
  };
}
