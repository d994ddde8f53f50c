import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { digitsOf, isLegacy, type ObjectName } from "../../core/artifacts/digest.ts";
import { unique } from "../files/atomic.ts";
import { isAlive } from "../files/sweep.ts";

const DAY = 24 * 60 * 60 * 1000;
/** What nobody has gone on with for a week is in the way. */
const ABANDONED = 7 * DAY;
/** A process that runs and has not written for a day is another one with its number. */
const SILENT = DAY;

/** What a process of another machine or container has not written to for so long is nobody's: which run there, is not seen. */
const ELSEWHERE = 60 * 60 * 1000;
/** Which machine or container this is. */
const MACHINE = createHash("sha256").update(hostname()).digest("hex").slice(0, 12);

/** Parts of large objects, for whoever fetches them next: `<process>-<random>@<machine>.<object>` in one folder. */
export interface Partials {
  /** What an ended process left of an object, now ours; nobody else has it. */
  claim(name: ObjectName): { readonly path: string; readonly size: number } | undefined;
  /** A new path of ours for an object. */
  begin(name: ObjectName): string;
}

export function partials(folder: string, machine = MACHINE): Partials {
  let left: Map<string, string> | undefined;

  /** Looked at once: 20,000 small objects are not worth 20,000 looks. */
  const leftBehind = (): Map<string, string> => {
    const found = new Map<string, string>();
    for (const entry of namesIn(folder)) {
      const [owner = "", object] = entry.split(".", 2);
      const [, where = machine] = owner.split("@");
      const stats = statSync(join(folder, entry), { throwIfNoEntry: false });
      if (object === undefined || stats === undefined) continue;
      const age = Date.now() - stats.mtimeMs;
      if (age > ABANDONED) rmSync(join(folder, entry), { force: true });
      else if (where !== machine ? age > ELSEWHERE : !isAlive(Number.parseInt(owner, 10)) || age > SILENT)
        found.set(object, entry);
    }
    return found;
  };

  const partials: Partials = {
    claim(name) {
      left ??= leftBehind();
      const entry = left.get(labelOf(name));
      if (entry === undefined) return undefined;
      left.delete(labelOf(name));
      const path = partials.begin(name);
      try {
        renameSync(join(folder, entry), path); // of two that want it, one succeeds
      } catch {
        return undefined;
      }
      return { path, size: statSync(path).size };
    },

    begin(name) {
      mkdirSync(folder, { recursive: true });
      return join(folder, `${unique()}@${machine}.${labelOf(name)}`);
    },
  };
  return partials;
}

/** A name without a dot or colon. */
function labelOf(name: ObjectName): string {
  return `${isLegacy(name) ? "legacy-" : ""}${digitsOf(name).replace(".", "-")}`;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
