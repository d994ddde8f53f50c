import {
  type Digest,
  digitsOf,
  isDirectory,
  isLegacy,
  type LegacyMd5,
  type ObjectName,
} from "../../core/artifacts/digest.ts";
import { legacyHashing } from "../../core/artifacts/legacy-hash.ts";
import { ObjectDamaged } from "../../ports/remote.ts";

/**
 * Holds bytes to their name. What DVC 2 named is read once more, since its names are made of other bytes.
 *
 * @param again the bytes once more
 * @param where for the message
 * @throws {ObjectDamaged}
 */
export async function heldTo(
  name: ObjectName,
  { md5 }: Digest,
  again: () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  where: string,
): Promise<void> {
  if (!isLegacy(name) || isDirectory(name)) {
    if (md5 !== digitsOf(name).slice(0, 32)) throw new ObjectDamaged(name, md5, where);
    return;
  }
  const hash = legacyHashing();
  for await (const chunk of again()) hash.update(chunk);
  const found: readonly LegacyMd5[] = hash.digest();
  if (!found.includes(name)) throw new ObjectDamaged(name, digitsOf(found[0] ?? md5), where);
}
