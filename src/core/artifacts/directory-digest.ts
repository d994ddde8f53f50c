import { createHash } from "node:crypto";
import type { Sha256 } from "./digest.ts";
import { printEntry } from "./manifest.ts";

/**
 * The sha256 of a directory, as `directoryContent` finds it, of files that come one after the other by code
 * points of their paths.
 *
 * @example directoryDigest([]) // => "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"
 */
export function directoryDigest(files: Iterable<readonly [relpath: string, sha256: Sha256]>): Sha256 {
  const hash = createHash("sha256").update("[");
  let separator = "";
  for (const [relpath, long] of files) {
    hash.update(`${separator}${printEntry("sha256", long, relpath)}`);
    separator = ", ";
  }
  return hash.update("]").digest("hex") as Sha256;
}
