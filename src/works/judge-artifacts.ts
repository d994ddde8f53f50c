import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { diffTrees } from "../artifacts/data-diff.ts";
import type { Tree } from "../artifacts/tree.ts";
import type { DataChange, DataDiff } from "../core/artifacts/data-diff.ts";
import type { ObjectName } from "../core/artifacts/digest.ts";
import { parseLock } from "../core/artifacts/lock.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { isMachineMade, isOnlyCrlf } from "../core/artifacts/machine-made.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { artifactsOf, tableBetween } from "../core/proposal/artifacts.ts";
import type { JudgedModel, Judgement } from "../core/proposal/documents.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import type { Cache } from "../ports/cache.ts";
import type { Changed } from "./changed-states.ts";
import type { GivenTree } from "./given-tree.ts";
import type { Scene } from "./judge-scene.ts";

/** What a change does to data and models, and what a reviewer is warned of. */
export interface JudgedArtifacts extends Pick<Judgement, "artifacts" | "tables"> {
  readonly notes: readonly string[];
}

/** From here on a file is an artifact rather than a text that people compare. */
const LARGE = 5 * 2 ** 20;
/** So many are named; the rest is counted. */
const NAMED = 3;
/** So many artifacts and warnings of a kind are told. */
const MOST = 100;
const MOST_WARNINGS = 5;
/** Larger texts are not compared for the ends of their lines. */
const LARGEST_TEXT = 4 * 2 ** 20;

/**
 * Compares the versions of data and models that a change names with those of its base: by digests, and of
 * folders by their manifests, for which the base's remote is asked. No data are brought for it.
 */
export async function judgeArtifacts(
  { head, base }: Scene,
  changed: Changed,
  models: readonly JudgedModel[],
): Promise<JudgedArtifacts> {
  const large = await largeFiles(head, changed);
  const tables = await tablesOf(base, models);
  try {
    const { diff } = await diffTrees(
      base.workspace,
      treeOf(base, []),
      treeOf(
        head,
        models.flatMap(({ files }) => files),
      ),
      { targets: [] },
    );
    return {
      artifacts: artifactsOf(diff).slice(0, MOST),
      tables,
      notes: [...large, ...machineMade(diff), ...(await crlf(diff, base.workspace.cache))],
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error; // a pointer file that anybody may have written
    return {
      artifacts: [],
      tables,
      notes: [...large, `data and models could not be compared: ${error.message}`],
    };
  }
}

/** A given tree as one whose text files are read; with what the judge itself writes to it. */
function treeOf({ workspace, top, commit }: GivenTree, written: JudgedModel["files"]): Tree {
  const texts = new Map(written.map(({ path, text }) => [path, text]));
  const { files } = workspace;
  const tree: Tree = {
    label: commit.slice(0, 7),
    commit,
    async files(globs) {
      const found = await files.find(top, globs);
      const more = [...texts.keys()].filter((path) => /\.dvc$|(^|\/)trainyard\.lock$/.test(path));
      return [...new Set([...found, ...more])].sort(compareText);
    },
    read: async (path) => texts.get(path) ?? (await files.read(join(top, path))),
    async readAll(paths) {
      const read = new Map<string, string>();
      for (const path of paths) {
        const text = await tree.read(path);
        if (text !== undefined) read.set(path, text);
      }
      return read;
    },
  };
  return tree;
}

async function tablesOf(base: GivenTree, models: readonly JudgedModel[]): Promise<Judgement["tables"]> {
  const tables: Judgement["tables"] = [];
  for (const { model, folder, files } of models) {
    const path = joinPath(folder, LOCK_FILE);
    const text = files.find((file) => file.path === path)?.text;
    if (text === undefined) continue;
    try {
      const before = parseLock(await base.read(path), path);
      const table = tableBetween(model, before, parseLock(text, path));
      if (table !== undefined) tables.push(table);
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // the base's lock; the judge has said so already
    }
  }
  return tables;
}

/** Files of the change that Git would keep for good. */
async function largeFiles({ original, top }: GivenTree, { paths = [] }: Changed): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const there = await lstat(join(original ?? top, path)).catch(() => undefined);
    if (there?.isFile() !== true || there.size < LARGE) continue;
    found.push(
      `"${path}" is ${formatBytes(there.size)} and goes into Git, where every clone has it for good; give it a version instead: git rm --cached, then trainyard add`,
    );
  }
  return shortened(found, "large file");
}

function shortened(found: readonly string[], noun: string): readonly string[] {
  if (found.length <= MOST_WARNINGS) return found;
  return [...found.slice(0, MOST_WARNINGS), `${found.length - MOST_WARNINGS} more of the kind: ${noun}`];
}

/** Where a folder's version comes to depend on the machine that it lay on. */
function machineMade({ changes }: DataDiff): readonly string[] {
  const found = new Map<string, string[]>();
  const folders = changes.map(pathAfter).filter((path) => path?.endsWith("/") === true) as string[];
  for (const change of changes) {
    const path = pathAfter(change);
    if (path === undefined || path.endsWith("/")) continue;
    const folder = folders.find((one) => path.startsWith(one));
    if (folder === undefined || !isMachineMade(path.slice(folder.length))) continue;
    found.set(folder, [...(found.get(folder) ?? []), path.slice(folder.length)]);
  }
  const notes = [...found].map(([folder, paths]) => {
    const named = paths
      .slice(0, NAMED)
      .map((path) => `"${path}"`)
      .join(", ");
    const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : "";
    return `"${folder.slice(0, -1)}" comes to hold ${named}${more}, made by a machine and not by anybody: on another one its version is another; list them in .dvcignore and add it again`;
  });
  return shortened(notes, "folder with files that a machine made");
}

const pathAfter = (change: DataChange): string | undefined =>
  change.kind === "deleted" ? undefined : change.after.path;

/** Texts that are the same but for the ends of their lines, as far as their bytes are here. */
async function crlf({ changes }: DataDiff, cache: Cache): Promise<readonly string[]> {
  const found: string[] = [];
  for (const change of changes) {
    if (change.kind !== "modified" || change.after.path.endsWith("/") || found.length > MOST_WARNINGS)
      continue;
    const [before, after] = [await small(cache, change.before.name), await small(cache, change.after.name)];
    if (before === undefined || after === undefined || !isOnlyCrlf(before, after)) continue;
    found.push(
      `"${change.after.path}" differs from the base's only in that its lines end in CRLF, as on Windows: with "* -text" in .gitattributes, or core.autocrlf off, it keeps its version`,
    );
  }
  return shortened(found, "text with other ends of lines");
}

async function small(cache: Cache, name: ObjectName): Promise<Buffer | undefined> {
  if (!(await cache.has(name))) return undefined;
  const kept = cache.open(name);
  return kept.size > LARGEST_TEXT ? undefined : buffer(kept.bytes());
}
