import {
  digitsOf,
  isDirectory,
  isLegacy,
  type ObjectName,
  objectAt,
  objectPath,
} from "../../core/artifacts/digest.ts";
import { parseVoucher, printVoucher, voucherPath } from "../../core/artifacts/voucher.ts";
import { type Bucket, KeyMissing, type Outgoing } from "../../ports/bucket.ts";
import { type Incoming, ObjectMissing, type Remote, type Sending } from "../../ports/remote.ts";
import { checked, checkedOutgoing } from "./checked.ts";
import { inLanes } from "./lanes.ts";
import { presentIn } from "./present.ts";
import { retrying } from "./retrying.ts";

/** A voucher of a million files is smaller. */
const LARGEST_VOUCHER = 256 << 20;

/**
 * A remote in DVC's layout, in any bucket.
 *
 * @param atOnce how many requests are under way at once, where the bucket is not to decide that
 */
export function bucketRemote(given: Bucket, atOnce?: number): Remote {
  const bucket = retrying(atOnce === undefined ? given : { ...given, lanes: atOnce });
  const { url, lanes } = bucket;

  const remote: Remote = {
    url,

    async has(name) {
      return (await bucket.size(objectPath(name))) !== undefined;
    },

    present: (names) => presentIn(bucket, names),

    read(name, from = 0) {
      const bytes = bytesOf(name, from);
      return from === 0 && !isLegacy(name) ? checked(name, bytes, url) : bytes;
    },

    receive: (names, take) => inLanes(lanes, names, (name) => take(name, incoming(name))),

    async send(objects, sent = () => {}, asked) {
      const missing = asked === "absent" ? objects : await missingOf(objects);
      const sendOne = async (sending: Sending): Promise<void> => {
        await bucket.write(objectPath(sending.name), checkedOutgoing(sending));
        sent(sending);
      };
      await inLanes(
        lanes,
        missing.filter(({ name }) => !isDirectory(name)),
        sendOne,
      );
      await inLanes(
        lanes,
        missing.filter(({ name }) => isDirectory(name)),
        sendOne,
      );
    },

    async *list() {
      for await (const { key, size, modified } of bucket.list("")) {
        const name = objectAt(key);
        if (name !== undefined) yield { name, size, ...(modified === undefined ? {} : { modified }) };
      }
    },

    async remove(names) {
      const manifestsFirst = [...names].sort((a, b) => Number(isDirectory(b)) - Number(isDirectory(a)));
      await bucket.remove(manifestsFirst.map(objectPath));
      await bucket.remove(names.map(voucherPath));
    },

    async vouched(name) {
      const path = voucherPath(name);
      const parts: Uint8Array[] = [];
      let size = 0;
      try {
        for await (const part of bucket.read(path)) {
          size += part.length;
          if (size > LARGEST_VOUCHER) return undefined;
          parts.push(part);
        }
      } catch (error) {
        if (error instanceof KeyMissing) return undefined;
        throw error;
      }
      return parseVoucher(Buffer.concat(parts), `${digitsOf(name)} in ${url}`);
    },

    async vouch(name, voucher) {
      await bucket.write(voucherPath(name), inMemory(printVoucher(voucher)));
    },

    close: () => bucket.close(),
  };

  async function* bytesOf(
    name: ObjectName,
    from: number,
    bytes = bucket.read(objectPath(name), from),
  ): AsyncIterable<Uint8Array> {
    try {
      yield* bytes;
    } catch (error) {
      if (error instanceof KeyMissing) throw new ObjectMissing(name, url);
      throw error;
    }
  }

  function incoming(name: ObjectName): Incoming {
    const path = bucket.path?.(objectPath(name));
    const { begin } = bucket;
    const beginning = async (): Promise<Uint8Array | AsyncIterable<Uint8Array>> => {
      try {
        const begun = await begin?.(objectPath(name));
        return begun instanceof Uint8Array ? begun : bytesOf(name, 0, begun);
      } catch (error) {
        if (error instanceof KeyMissing) throw new ObjectMissing(name, url);
        throw error;
      }
    };
    return Object.assign(
      (from = 0) => bytesOf(name, from),
      path === undefined ? {} : { path },
      begin === undefined ? {} : { begin: beginning },
    );
  }

  async function missingOf(objects: readonly Sending[]): Promise<readonly Sending[]> {
    const byName = new Map(objects.map((one) => [one.name, one]));
    const there = await remote.present([...byName.keys()]);
    return [...byName.values()].filter(({ name }) => !there.has(name));
  }

  return remote;
}

/** Bytes of this process, as something to send. */
export function inMemory(bytes: Uint8Array): Outgoing {
  return {
    size: bytes.length,
    async *bytes(from = 0, to = bytes.length) {
      if (to > from) yield bytes.subarray(from, to);
    },
  };
}
