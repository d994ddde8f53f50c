import { join } from "node:path";
import {
  type DataChange,
  type DataDiff,
  type DataEntry,
  type DataSide,
  diffData,
} from "../core/artifacts/data-diff.ts";
import { digitsOf, isDirectory, isLegacy, legacyMd5, type ObjectName } from "../core/artifacts/digest.ts";
import { manifestOf } from "../core/artifacts/entry.ts";
import { UserError } from "../errors.ts";
import { ObjectDamaged, ObjectMissing } from "../ports/remote.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Tree } from "./tree.ts";
import { type Version, within } from "./version.ts";
import { versionsOf } from "./versions-of.ts";

/** What differs, and what the older side names that the cache has not. */
export interface FoundDiff {
  readonly diff: DataDiff;
  /** Looked for only where the newer side is the working tree. */
  readonly missing: readonly DataSide[];
}

export interface DiffOptions {
  /** Only what lies at or below these, absolute or below the root. */
  readonly targets: readonly string[];
}

/**
 * Compares the data of two trees by their digests. Of directories that differ, manifests are fetched that
 * the cache has not; data are not.
 *
 * @throws {UserError} where a target is on neither side
 */
export async function diffTrees(
  workspace: Workspace,
  before: Tree,
  after: Tree,
  { targets }: DiffOptions,
): Promise<FoundDiff> {
  const paths = targets.map((target) => within(workspace, target));
  const chosen = async (tree: Tree): Promise<readonly Version[]> =>
    (await versionsOf(tree)).filter(
      ({ path, cached }) => cached && !/(^|\/)\.trainyard\//.test(path) && touches(path, paths),
    );
  const [was, is] = [await chosen(before), await chosen(after)];
  for (const [index, path] of paths.entries()) {
    if (![...was, ...is].some((version) => touches(version.path, [path]))) {
      throw new UserError(
        `neither ${before.label} nor ${after.label} names a version of "${targets[index]}"`,
      );
    }
  }
  const live = after.commit === undefined;
  const now = live ? await asTheyAre(workspace, is) : is.map((version) => ({ version, entry: undefined }));
  const same = new Set(was.map(({ path, name }) => `${name} ${path}`));
  const old = await entriesOf(
    workspace,
    was.map((version) => ({ version, entry: undefined })),
    new Set(
      now.flatMap(({ version, entry }) => (entry === undefined ? `${version.name} ${version.path}` : [])),
    ),
  );
  const diff = narrowed(diffData(old, await entriesOf(workspace, now, same)), paths);
  return {
    diff: { ...diff, changes: diff.changes.map((change) => withSizes(workspace, change)) },
    missing: live ? await absent(workspace, old) : [],
  };
}

/** A version, and what the working tree has in its place where that is another. */
interface Live {
  readonly version: Version;
  readonly entry: DataEntry | undefined;
}

async function asTheyAre({ files, root }: Workspace, versions: readonly Version[]): Promise<readonly Live[]> {
  const found: Live[] = [];
  for (const version of versions) {
    const path = join(root, version.path);
    if (!(await files.exists(path))) continue;
    if (await files.holds(path, version.name)) found.push({ version, entry: undefined });
    else {
      const held = await files.listed(path);
      if (held !== undefined) {
        const { md5, size, files: inside } = held;
        const entry = {
          path: version.path,
          name: md5,
          size,
          ...(inside === undefined ? {} : { files: inside }),
        };
        found.push({ version, entry });
      }
    }
  }
  return found;
}

/** @param same names and paths that the other side has, too: their files need not be known */
async function entriesOf(
  workspace: Workspace,
  found: readonly Live[],
  same: ReadonlySet<string>,
): Promise<readonly DataEntry[]> {
  const wanted = found.filter(
    ({ version: { name, path, files }, entry }) =>
      entry === undefined && isDirectory(name) && files === undefined && !same.has(`${name} ${path}`),
  );
  await fetchManifests(
    workspace,
    wanted.map(({ version }) => version),
  );
  const entries: DataEntry[] = [];
  for (const { version, entry } of found) {
    if (entry !== undefined) {
      entries.push(entry);
      continue;
    }
    const { path, name, size } = version;
    const files = same.has(`${name} ${path}`) ? undefined : await filesOf(workspace, version);
    entries.push({
      path,
      name,
      ...(size === undefined ? {} : { size }),
      ...(files === undefined ? {} : { files }),
    });
  }
  return entries;
}

async function filesOf({ cache }: Workspace, version: Version): Promise<DataEntry["files"]> {
  const { name, files } = version;
  if (!isDirectory(name)) return undefined;
  try {
    const manifest = (files && manifestOf(files)) ?? (await cache.manifest(name));
    return manifest.map(({ relpath, md5 }) => ({
      relpath,
      md5: isLegacy(name) ? (legacyMd5(digitsOf(md5)) ?? md5) : md5,
    }));
  } catch (error) {
    if (error instanceof ObjectMissing || error instanceof ObjectDamaged) return undefined;
    throw error;
  }
}

/** Manifests alone, from the remotes that have them; where there is none, the diff says what it does not know. */
async function fetchManifests({ cache, remote }: Workspace, versions: readonly Version[]): Promise<void> {
  const missing: Version[] = [];
  for (const version of versions) if (!(await cache.has(version.name))) missing.push(version);
  for (const own of new Set(missing.map((version) => version.remote))) {
    const names = missing.filter((version) => version.remote === own).map(({ name }) => name);
    try {
      const from = await remote(own);
      const there = await from.present(names);
      await from.receive([...there], (name, incoming) => cache.receive(name, incoming));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
}

/** What the cache has not of these, directories by their files where only some are missing. */
async function absent({ cache }: Workspace, entries: readonly DataEntry[]): Promise<readonly DataSide[]> {
  const missing: DataSide[] = [];
  for (const { path, name } of entries) {
    if (await cache.complete(name)) continue;
    const shown = isDirectory(name) ? `${path}/` : path;
    if (!(await cache.has(name))) {
      missing.push({ path: shown, name });
      continue;
    }
    for (const { relpath, md5 } of await cache.manifest(name)) {
      const child: ObjectName = isLegacy(name) ? (legacyMd5(digitsOf(md5)) ?? md5) : md5;
      if (!(await cache.has(child))) missing.push({ path: `${path}/${relpath}`, name: child });
    }
  }
  return missing;
}

/** A manifest says no sizes; the cache does. */
function withSizes({ cache }: Workspace, change: DataChange): DataChange {
  const side = (one: DataSide): DataSide => {
    if (one.size !== undefined || isDirectory(one.name)) return one;
    try {
      return { ...one, size: cache.open(one.name).size };
    } catch (error) {
      if (error instanceof ObjectMissing) return one;
      throw error;
    }
  };
  if (change.kind === "added") return { ...change, after: side(change.after) };
  if (change.kind === "deleted") return { ...change, before: side(change.before) };
  return { ...change, before: side(change.before), after: side(change.after) };
}

/** Whether a version lies at, below or around any of the paths; where there are none, it does. */
function touches(path: string, paths: readonly string[]): boolean {
  return paths.length === 0 || paths.some((one) => isAtOrBelow(path, one) || isAtOrBelow(one, path));
}

/** Of a directory with a version, only what lies at or below the paths. */
function narrowed(diff: DataDiff, paths: readonly string[]): DataDiff {
  if (paths.length === 0) return diff;
  const isIn = ({ path }: DataSide): boolean =>
    paths.some((one) => isAtOrBelow(path.replace(/\/$/, ""), one));
  return {
    ...diff,
    changes: diff.changes.filter((change) =>
      change.kind === "added"
        ? isIn(change.after)
        : isIn(change.before) || (change.kind !== "deleted" && isIn(change.after)),
    ),
  };
}

const isAtOrBelow = (path: string, folder: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);
