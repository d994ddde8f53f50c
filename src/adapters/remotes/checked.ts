import { createHash } from "node:crypto";
import { digitsOf, type ObjectName } from "../../core/artifacts/digest.ts";
import type { Outgoing } from "../../ports/bucket.ts";
import { ObjectDamaged } from "../../ports/remote.ts";

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

/** The same for bytes on their way out: read as a whole, they are held to their name. */
export function checkedOutgoing(name: ObjectName, object: Outgoing): Outgoing {
  return {
    ...object,
    bytes: (from = 0, to = object.size) =>
      from === 0 && to === object.size
        ? checked(name, object.bytes(), "what was to be sent")
        : object.bytes(from, to),
  };
}
