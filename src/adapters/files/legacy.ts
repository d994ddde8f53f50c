import { closeSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { isDirectory, type LegacyMd5 } from "../../core/artifacts/digest.ts";
import { legacyDirectory, legacyHashing } from "../../core/artifacts/legacy-hash.ts";
import type { LeaveOut } from "./walk.ts";
import { walk } from "./walk.ts";

const CHUNK = 1 << 20;

/** The names that DVC 2 gives to a file: one, or the two that its versions disagree about. */
export function legacyNames(path: string): readonly LegacyMd5[] {
  const hash = legacyHashing();
  const chunk = Buffer.allocUnsafe(CHUNK);
  const file = openSync(path, "r");
  try {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk))
      hash.update(chunk.subarray(0, read));
  } finally {
    closeSync(file);
  }
  return hash.digest();
}

/** Whether a file or directory is what DVC 2 called by a name. It is read anew: nothing remembers such names. */
export async function isCalled(
  path: string,
  name: LegacyMd5,
  folder: boolean,
  leaveOut?: LeaveOut,
): Promise<boolean> {
  if (folder !== isDirectory(name)) return false;
  if (!folder) return legacyNames(path).includes(name);
  const { files } = walk(path, leaveOut);
  const named: { relpath: string; name: LegacyMd5 }[] = [];
  for (let i = 0; i < files.length; i++) {
    const relpath = files.path(i);
    const [first] = legacyNames(join(path, relpath));
    if (first !== undefined) named.push({ relpath, name: first });
    if (i % 200 === 199) await setImmediate();
  }
  return legacyDirectory(named) === name;
}
