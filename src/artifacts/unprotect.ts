import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { versionsAt } from "./version.ts";

/** What `unprotect` did with one version; what its `--json` prints. */
export interface Unprotected {
  /** Relative to the workspace's root. */
  readonly path: string;
  /** How many of its files were links into the cache. */
  readonly links: number;
}

/**
 * Makes files that are links into the cache files of their own again.
 *
 * @param paths absolute or relative to the root
 * @throws {UserError} where a path has no version, or is not there
 */
export async function unprotect(
  workspace: Workspace,
  paths: readonly string[],
): Promise<readonly Unprotected[]> {
  const { cache, files, root } = workspace;
  const done: Unprotected[] = [];
  for (const { path } of await versionsAt(workspace, paths)) {
    const whole = join(root, path);
    if (!(await files.exists(whole))) {
      throw new UserError(`"${path}" is not there; \`trainyard checkout ${path}\` brings it`);
    }
    done.push({ path, links: await cache.unprotect(whole) });
  }
  return done;
}
