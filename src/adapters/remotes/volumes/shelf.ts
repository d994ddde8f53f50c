import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Sha256, sha256 } from "../../../core/artifacts/digest.ts";
import { writeAtomic } from "../../files/atomic.ts";
import { sha256Of } from "./volume.ts";

/** Manifests and indexes of this machine, under their digests, so that each is asked for once. */
export interface Shelf {
  get(digest: Sha256): Buffer | undefined;
  put(digest: Sha256, bytes: Uint8Array): void;
  /** Forgets what belongs to none of these. */
  keep(digests: ReadonlySet<Sha256>): void;
}

/**
 * @param folder one that nobody else uses; it need not be there. Without one nothing is kept.
 */
export function shelf(folder: string | undefined): Shelf {
  if (folder === undefined) return { get: () => undefined, put() {}, keep() {} };
  return {
    get(digest) {
      let bytes: Buffer;
      try {
        bytes = readFileSync(join(folder, digest));
      } catch {
        return undefined;
      }
      return sha256Of(bytes) === digest ? bytes : undefined;
    },
    put(digest, bytes) {
      try {
        mkdirSync(folder, { recursive: true });
        writeAtomic(join(folder, digest), bytes);
      } catch {
        // a disk that is full or read-only costs a question the next time, and nothing else
      }
    },
    keep(digests) {
      let names: string[];
      try {
        names = readdirSync(folder);
      } catch {
        return;
      }
      for (const name of names) {
        const digest = sha256(name);
        if (digest !== undefined && !digests.has(digest)) rmSync(join(folder, name), { force: true });
      }
    },
  };
}
