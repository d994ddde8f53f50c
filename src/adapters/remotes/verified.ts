import { hashing, isDirectory, type Md5 } from "../../core/artifacts/digest.ts";
import { ObjectDamaged, type Remote } from "../../ports/remote.ts";

/**
 * A remote whose bytes are held to their names, on the way there and back: what does not fit ends in
 * an error after its last byte, before anybody has given it a name.
 */
export function verified(remote: Remote): Remote {
  return {
    ...remote,
    read: (name) => checked(name, remote.read(name), remote.url),
    write: (name, bytes) => remote.write(name, checked(name, bytes, "what was to be written")),
  };
}

async function* checked(
  name: Md5,
  bytes: AsyncIterable<Uint8Array>,
  where: string,
): AsyncIterable<Uint8Array> {
  const hash = hashing();
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  const found = hash.digest().md5;
  if (found !== (isDirectory(name) ? name.slice(0, -".dir".length) : name)) {
    throw new ObjectDamaged(name, found, where);
  }
}
