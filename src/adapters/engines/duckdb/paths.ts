import { stat } from "node:fs/promises";
import { UserError } from "../../../errors.ts";

/**
 * The files that paths and globs stand for, each once; those of a glob in the order of their names.
 *
 * A path that exists is that file, whatever signs its name holds.
 *
 * @throws {UserError} where a glob matches nothing
 */
export async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files = new Set<string>();
  for (const path of paths) {
    const exists = await stat(path).then(
      () => true,
      () => false,
    );
    if (exists || !/[*?[{]/.test(path)) files.add(path);
    else {
      const { glob } = await import("tinyglobby");
      const found = await glob(path.replaceAll("\\", "/"), { absolute: true, dot: false });
      if (found.length === 0) throw new UserError(`no file matches "${path}"`);
      for (const file of found.sort()) files.add(file);
    }
  }
  return [...files];
}
