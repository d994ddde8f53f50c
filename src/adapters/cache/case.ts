import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Whether the disk below a folder takes `A` and `a` for one name, as those of macOS and Windows do. */
export function foldsCase(folder: string): boolean {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const name = basename(at);
    const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
    if (other === name) continue;
    const [there, here] = [
      statSync(join(dirname(at), other), { throwIfNoEntry: false }),
      statSync(at, { throwIfNoEntry: false }),
    ];
    if (here === undefined) continue;
    return there !== undefined && there.ino === here.ino && there.dev === here.dev;
  }
  return false;
}
