import { constants, existsSync } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors.ts";

/**
 * Copies a whole starter repository into a folder, all of it or nothing.
 *
 * @returns the copied paths, relative to the folder
 * @throws {UserError} for a name that no template has, and where a file of that name is there already
 */
export async function copyTemplate(name: string, folder: string): Promise<string[]> {
  const templates = await readdir(templatesFolder());
  if (!templates.includes(name)) {
    throw new UserError(`template "${name}" does not exist; there are ${templates.sort().join(" and ")}`);
  }
  const template = join(templatesFolder(), name);
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(template.length + 1))
    .sort();
  const taken = paths.filter((path) => existsSync(join(folder, path)));
  if (taken.length > 0) {
    throw new UserError(
      `"${taken.join('", "')}" is here already; start in an empty folder, or remove it first`,
    );
  }
  for (const path of paths) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await copyFile(join(template, path), join(folder, path), constants.COPYFILE_EXCL);
  }
  return paths;
}

/** The built package's templates, which hold their data; else those of the sources. */
function templatesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const built = join(folder, "dist", "templates");
  return existsSync(built) ? built : join(folder, "templates");
}
