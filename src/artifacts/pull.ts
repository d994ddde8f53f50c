import { unreachable } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { bring } from "./bring.ts";
import { versionsAt } from "./version.ts";

/** What `pull` or `checkout` did; what their `--json` prints. Paths are relative to the root. */
export interface Pulled {
  readonly written: readonly string[];
  /** Those that were right already. */
  readonly kept: readonly string[];
  readonly bytes: number;
  /** Those that hold something of which there is no other copy; `force` overwrites them. */
  readonly refused: readonly { readonly path: string; readonly found: string; readonly wanted: string }[];
  readonly missing: readonly { readonly path: string; readonly md5: string; readonly reason: string }[];
}

export interface PullOptions {
  /** Absolute or relative to the root; all where there are none. */
  readonly paths?: readonly string[];
  readonly force?: boolean;
  readonly remote?: string;
}

/** Makes the working tree hold what pointer files and locks name, fetching what the cache has not. */
export async function pull(workspace: Workspace, options: PullOptions = {}): Promise<Pulled> {
  return bringAll(workspace, options, true);
}

/** As `pull`, from the cache alone: for after `git switch`. */
export async function checkout(workspace: Workspace, options: PullOptions = {}): Promise<Pulled> {
  return bringAll(workspace, options, false);
}

async function bringAll(workspace: Workspace, options: PullOptions, fetching: boolean): Promise<Pulled> {
  const versions = await versionsAt(workspace, options.paths);
  const total = versions.reduce((sum, { size = 0 }) => sum + size, 0);
  const task = workspace.progress.start(fetching ? "pulling" : "checking out", total);
  const written: string[] = [];
  const kept: string[] = [];
  const refused: Pulled["refused"][number][] = [];
  const missing: Pulled["missing"][number][] = [];
  let bytes = 0;
  for (const version of versions) {
    const { path, md5 } = version;
    const brought = await bring(workspace, version, {
      force: options.force === true,
      ...(fetching ? { remote: () => workspace.remote(options.remote ?? version.remote) } : {}),
      onBytes: (count) => {
        bytes += count;
        task.update(bytes, total, path);
      },
    });
    switch (brought.outcome) {
      case "written":
        written.push(path);
        break;
      case "kept":
        kept.push(path);
        break;
      case "refused":
        refused.push({ path, found: brought.found, wanted: md5 });
        break;
      case "missing":
        missing.push({ path, md5, reason: brought.reason });
        break;
      default:
        unreachable(brought);
    }
  }
  task.end();
  return { written, kept, bytes, refused, missing };
}
