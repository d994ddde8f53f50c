import { realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { standsBeside } from "../../core/drafts/starters.ts";
import { UserError } from "../../errors.ts";
import type { Ports } from "../../ports/ports.ts";
import type { TemplateFile } from "../../ports/templates.ts";

/** Where new files go, and which of them are not needed. Paths are relative to the folder, as shown. */
export interface Placed {
  /** By absolute path. */
  readonly write: ReadonlyMap<string, Uint8Array>;
  readonly written: readonly string[];
  /** Those that the repository has of its own already; they stay as they are. */
  readonly kept: readonly string[];
}

/**
 * Finds the place of each new file: those of `.github` at the repository's root, the others here.
 *
 * @throws {UserError} where a file that makes the model is here already
 */
export async function place(ports: Ports, wanted: readonly TemplateFile[]): Promise<Placed> {
  const { files, repo } = await ports.workspace(ports.folder);
  const here = await realpath(ports.folder);
  const write = new Map<string, Uint8Array>();
  const written: string[] = [];
  const kept: string[] = [];
  const taken: string[] = [];
  const seen = new Set<string>();
  for (const { path, bytes } of wanted) {
    const at = join(path.startsWith(".github/") ? (repo?.root ?? here) : here, path);
    const shown = relative(here, at).split(sep).join("/");
    if (seen.has(at)) continue; // a starter's own file goes before the one that everybody gets
    seen.add(at);
    if (!(await files.exists(at))) {
      write.set(at, bytes);
      written.push(shown);
    } else if (standsBeside(path)) kept.push(shown);
    else taken.push(shown);
  }
  if (taken.length > 0) {
    throw new UserError(
      `"${taken.join('", "')}" ${taken.length === 1 ? "is" : "are"} here already; begin in an empty folder, or remove it first`,
    );
  }
  return { write, written, kept };
}
