import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import type { TemplateFile, Templates } from "../ports/templates.ts";

/**
 * The templates beside the program. Their hidden files are stored as `dot-gitignore` and the like, since
 * npm leaves a `.gitignore` out of a package.
 */
export const templates: Templates = {
  async files(place) {
    const parts = place.split("/");
    if (!parts.every((part) => /^[a-z][a-z0-9._-]*$/.test(part))) throw unknown(place);
    const top = join(templatesFolder(), parts[0] ?? "");
    const at = join(templatesFolder(), ...parts);
    if (!existsSync(at)) throw unknown(place);
    const paths = (await stat(at)).isFile() ? [at] : await filesBelow(at);
    const files: TemplateFile[] = [];
    for (const path of paths) {
      const below = path
        .slice(top.length + 1)
        .split(sep)
        .join("/");
      files.push({ path: below.replace(/(^|\/)dot-/g, "$1."), bytes: await readFile(path) });
    }
    return files.sort((a, b) => compareText(a.path, b.path));
  },

  async write(files) {
    const taken = [...files.keys()].filter((path) => existsSync(path));
    if (taken.length > 0) throw isHere(taken);
    const written: string[] = [];
    try {
      for (const [path, bytes] of files) {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, bytes, { flag: "wx" });
        written.push(path);
      }
    } catch (error) {
      for (const path of written) await rm(path, { force: true });
      throw error;
    }
  },
};

const unknown = (place: string): UserError => new UserError(`the template "${place}" does not exist`);

/**
 * What to say of files that stand where new ones would.
 *
 * @param paths as they are to be shown
 */
function isHere(paths: readonly string[]): UserError {
  return new UserError(`"${paths.join('", "')}" is here already; nothing was written`);
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** The built package's templates, which hold their data; else those of the sources. */
function templatesFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  const built = join(folder, "dist", "templates");
  return existsSync(built) ? built : join(folder, "templates");
}
