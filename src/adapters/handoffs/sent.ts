import { readdirSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../errors.ts";

/**
 * The files of a folder that is handed over, as absolute paths. Hidden files belong to it.
 *
 * @throws {UserError} where there is none, or something that would not be taken on the other side
 */
export function filesToSend(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (entry.isFile()) found.push(path);
      else throw new UserError(`"${path}" is neither a file nor a folder, and cannot be handed over`);
    }
  };
  try {
    visit(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw error;
    throw new UserError(`there is no folder "${folder}" to hand over`, { cause: error });
  }
  if (found.length === 0)
    throw new UserError(`the folder "${folder}" is empty; there is nothing to hand over`);
  return found.sort();
}
