import { appendFileSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { md5, type ObjectName, type Sha256, sha256 } from "../../core/artifacts/digest.ts";
import type { Hashed, Names } from "../files/hash.ts";

/**
 * Objects that were hashed, by name, size and time: what stays the same when a cache is carried to another
 * machine, as `tar` carries it. It is believed only where the user says so: whoever can write to the cache can
 * write to it, too.
 */
export interface Seen {
  /** What an object was found to be; undefined where nobody has hashed it, or it is not as it was then. */
  find(name: ObjectName, path: string, names: Names): Hashed | undefined;
  /** What tells an object's state, to be asked for before it is hashed. */
  state(path: string): string | undefined;
  /** Takes down what an object was found to be, where it is still as it was before it was hashed. */
  take(name: ObjectName, path: string, hashed: Hashed, before: string | undefined): void;
}

/** What of the environment has a cache believed. */
export const TRUST = "TRAINYARD_TRUST_CACHE";
/** Lines of half a million objects; a file that is longer is none. */
const LARGEST = 64 << 20;

interface Known {
  readonly sha256: Sha256 | undefined;
  readonly size: string;
  readonly modified: string;
}

/**
 * @param file in the cache's folder, a line for each object: name, sha256 or `-`, size, and nanoseconds
 * since 1970. A line that is none, as a killed process may leave it, says nothing
 */
export function seenIn(file: string): Seen {
  let known: Map<string, Known> | undefined;
  const all = (): Map<string, Known> => {
    known ??= read(file);
    return known;
  };

  return {
    find(name, path, names) {
      const one = all().get(name);
      if (one === undefined) return undefined;
      const { size, modified } = stampOf(path) ?? {};
      if (one.size !== size || one.modified !== modified) return undefined;
      const short = md5(name);
      if (short === undefined || (names === "both" && one.sha256 === undefined)) return undefined;
      return { md5: short, ...(one.sha256 === undefined ? {} : { sha256: one.sha256 }) };
    },

    state,

    take(name, path, hashed, before) {
      const stamp = stampOf(path);
      if (hashed.md5 !== name || stamp === undefined || before !== state(path)) return;
      const said = all().get(name);
      const isSame = said?.size === stamp.size && said.modified === stamp.modified;
      if (isSame && (hashed.sha256 === undefined || hashed.sha256 === said.sha256)) return;
      all().set(name, { sha256: hashed.sha256, ...stamp });
      try {
        mkdirSync(dirname(file), { recursive: true });
        appendFileSync(file, `${name} ${hashed.sha256 ?? "-"} ${stamp.size} ${stamp.modified}\n`);
      } catch {
        // where it cannot be kept, the object is hashed again
      }
    },
  };
}

function state(path: string): string | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats && `${stats.size} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino}`;
}

function stampOf(path: string): Omit<Known, "sha256"> | undefined {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats?.isFile() ? { size: String(stats.size), modified: String(stats.mtimeNs) } : undefined;
}

function read(file: string): Map<string, Known> {
  const known = new Map<string, Known>();
  let text = "";
  try {
    const { size } = statSync(file);
    if (size <= LARGEST) text = readFileSync(file, "latin1");
  } catch {
    // none yet, or none that can be read
  }
  for (const line of text.split("\n")) {
    const [, name = "", long = "", size = "", modified = ""] =
      /^([0-9a-f]{32}(?:\.dir)?) (-|[0-9a-f]{64}) (\d{1,16}) (\d{1,20})$/.exec(line) ?? [];
    if (name !== "") known.set(name, { sha256: sha256(long), size, modified });
  }
  return known;
}
