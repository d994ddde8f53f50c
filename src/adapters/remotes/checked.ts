import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type Digest, digestOf, digitsOf, hashing, type ObjectName } from "../../core/artifacts/digest.ts";
import type { Outgoing, Whole } from "../../ports/bucket.ts";
import { ObjectDamaged, type Sending } from "../../ports/remote.ts";
import { hashWhole } from "../hashing/aside.ts";
import { heldTo } from "../hashing/held.ts";

/** Up to here a file is read at once; from here on it is hashed in other threads. */
const SMALL = 1 << 20;

/**
 * Bytes that are held to a name while they pass: where they do not fit, an error takes the place of
 * their end, before anybody has given them the name.
 */
export async function* checked(
  name: ObjectName,
  bytes: AsyncIterable<Uint8Array>,
  where: string,
): AsyncIterable<Uint8Array> {
  const hash = createHash("md5");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = hash.digest("hex");
  if (found !== digitsOf(name).slice(0, 32)) throw new ObjectDamaged(name, found, where);
}

/**
 * The same for bytes on their way out. Whoever reads them has their last one only when all of them were
 * found to fit, also where they are read in parts, and when `hashed` was told of them.
 */
export function checkedOutgoing(sending: Sending): Outgoing {
  const { name, object } = sending;
  const { size, path } = object;
  let asked: Promise<void> | undefined;

  const hold = async (digest: Digest): Promise<void> => {
    await heldTo(name, digest, () => object.bytes(), "what was to be sent");
    await sending.hashed?.(digest.sha256);
  };
  const hashedAside = async (): Promise<Digest> => {
    if (path !== undefined) return hashWhole(path, size);
    const hash = hashing();
    for await (const chunk of object.bytes()) hash.update(chunk);
    return hash.digest();
  };
  const settled = (): Promise<void> => {
    asked ??= hashedAside().then(hold);
    asked.catch(() => {}); // whoever waits for it hears of it
    return asked;
  };

  const whole = async (from: string): Promise<Whole> => {
    const bytes = readFileSync(from);
    const digest = digestOf(bytes);
    await hold(digest);
    return { bytes, digest };
  };

  return {
    size,
    ...(path === undefined ? {} : size <= SMALL ? { whole: () => whole(path) } : { path }),
    ...(object.taken === undefined ? {} : { taken: object.taken }),
    settled,
    async *bytes(from = 0, to = size) {
      const all = from === 0 && to === size;
      if (all && path !== undefined && size <= SMALL) {
        yield (await whole(path)).bytes;
      } else if (all && path === undefined) {
        const hash = hashing();
        for await (const chunk of object.bytes()) {
          hash.update(chunk);
          yield chunk;
        }
        await hold(hash.digest());
      } else {
        const checking = settled();
        yield* allButTheLast(object.bytes(from, to), to === size ? checking : undefined);
      }
    },
  };
}

/** Bytes as they come, the last of them when something else has ended well. */
async function* allButTheLast(
  bytes: AsyncIterable<Uint8Array>,
  settled: Promise<void> | undefined,
): AsyncIterable<Uint8Array> {
  let kept: Uint8Array | undefined;
  for await (const chunk of bytes) {
    if (kept !== undefined) yield kept;
    kept = chunk;
  }
  await settled;
  if (kept !== undefined) yield kept;
}
