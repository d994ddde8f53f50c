import { join } from "node:path";
import { digitsOf, isLegacy } from "../core/artifacts/digest.ts";
import { unreachable } from "../errors.ts";
import type { Workspace } from "../ports/workspace.ts";
import { bring } from "./bring.ts";
import { type Choice, chosenVersions } from "./chosen.ts";
import { type Arrived, intoCache, throwWrong } from "./fetch.ts";
import { type Version, versionsAt } from "./version.ts";

/** What `pull` or `checkout` did; what their `--json` prints. Paths are relative to the root. */
export interface Pulled {
  readonly written: readonly string[];
  /** Those that were right already. */
  readonly kept: readonly string[];
  readonly bytes: number;
  /** Those that hold something of which there is no other copy; `force` overwrites them. */
  readonly refused: readonly {
    readonly path: string;
    /** The first file that would be lost, below the path; empty for a file. */
    readonly file: string;
    readonly found: string;
    readonly wanted: string;
  }[];
  readonly missing: readonly { readonly path: string; readonly md5: string; readonly reason: string }[];
}

export interface PullOptions extends Choice {
  readonly force?: boolean;
  /** Make what is right anew, too, as links or copies. */
  readonly relink?: boolean;
}

/**
 * Makes the working tree hold what pointer files and locks name. What the cache has not is taken in before from
 * working files that are right, or fetched, all of it in one batch; what other revisions name goes to the cache alone.
 *
 * @throws {ObjectDamaged, ObjectForged} after everything else was written
 */
export async function pull(workspace: Workspace, options: PullOptions = {}): Promise<Pulled> {
  const versions = await versionsAt(workspace, options.paths);
  const others = options.allBranches || options.allTags || options.allCommits;
  const all = others ? await chosenVersions(workspace, options) : versions;
  return pullVersions(workspace, versions, options, all);
}

/**
 * The same for versions that are given. One process at a time: a second one would take for changed by hand
 * what the first is about to write.
 *
 * @param fetched those that the cache is to hold
 */
export async function pullVersions(
  workspace: Workspace,
  versions: readonly Version[],
  options: PullOptions,
  fetched: readonly Version[] = versions,
): Promise<Pulled> {
  return workspace.alone("pull", () => pullAlone(workspace, versions, options, fetched));
}

async function pullAlone(
  workspace: Workspace,
  versions: readonly Version[],
  options: PullOptions,
  fetched: readonly Version[],
): Promise<Pulled> {
  const here = new Set(versions);
  const wanted: Version[] = [];
  for (const version of fetched) {
    if (options.remote !== undefined && (version.remote ?? options.remote) !== options.remote) continue;
    // What DVC 2 named cannot be taken in from the working tree, and is not fetched where it is right there.
    const isRight = here.has(version) && isLegacy(version.name) && (await isThere(workspace, version));
    if (!isRight) wanted.push(version);
  }
  const arrived = await intoCache(workspace, wanted, options, "pulling");
  const pulled = await bringAll(workspace, versions, options, arrived);
  throwWrong(arrived.failed);
  return pulled;
}

async function isThere({ files, root }: Workspace, { path, name }: Version): Promise<boolean> {
  return files.holds(join(root, path), name);
}

/** As `pull`, from the cache alone: for after `git switch`. */
export async function checkout(workspace: Workspace, options: PullOptions = {}): Promise<Pulled> {
  const versions = await versionsAt(workspace, options.paths);
  return workspace.alone("pull", () => bringAll(workspace, versions, options));
}

async function bringAll(
  workspace: Workspace,
  versions: readonly Version[],
  options: PullOptions,
  arrived?: Arrived,
): Promise<Pulled> {
  const written: string[] = [];
  const kept: string[] = [];
  const refused: Pulled["refused"][number][] = [];
  const missing: Pulled["missing"][number][] = [];
  let bytes = arrived?.bytes ?? 0;
  for (const version of versions) {
    const { path, name } = version;
    const md5 = digitsOf(name);
    const failed = arrived?.failed.get(name);
    const brought = await bring(workspace, version, {
      force: options.force === true,
      relink: options.relink === true,
      ...(arrived !== undefined && failed === undefined
        ? { remote: () => workspace.remote(options.remote ?? version.remote, options.jobs) } // for what was damaged here
        : {}),
      onBytes: (count) => {
        bytes += count;
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
        refused.push({ path, file: brought.file, found: brought.found, wanted: md5 });
        break;
      case "missing":
        missing.push({ path, md5, reason: failed?.message ?? brought.reason });
        break;
      default:
        unreachable(brought);
    }
  }
  return { written, kept, bytes, refused, missing };
}
