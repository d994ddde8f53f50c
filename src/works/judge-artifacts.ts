import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { diffTrees } from "../artifacts/data-diff.ts";
import type { Tree } from "../artifacts/tree.ts";
import type { Version } from "../artifacts/version.ts";
import { versionsOf } from "../artifacts/versions-of.ts";
import type { DataChange, DataDiff, DataSide } from "../core/artifacts/data-diff.ts";
import { parseLock } from "../core/artifacts/lock.ts";
import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { isMachineMade } from "../core/artifacts/machine-made.ts";
import { joinPath } from "../core/artifacts/path.ts";
import { artifactsOf, tableBetween } from "../core/proposal/artifacts.ts";
import type { JudgedModel, Judgement } from "../core/proposal/documents.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { compareText } from "../core/text/order.ts";
import { UserError } from "../errors.ts";
import type { Changed } from "./changed-states.ts";
import type { GivenTree } from "./given-tree.ts";
import { type BytesOf, bytesAtHand } from "./judge-bytes.ts";
import { crlfPaths, MOST_TEXTS, textChanges } from "./judge-line-ends.ts";
import type { Scene } from "./judge-scene.ts";
import { MOST_TABLES, sidesOf, tableChanges, tablesBetween } from "./judge-tables.ts";

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
/** So many bytes are brought here, that tables and texts can be looked into. */
const BROUGHT = 128_000_000;

/**
 * Compares the versions of data and models that a change names with those of its base: by digests, and of
 * folders by their manifests, for which the base's remote is asked. Of tables and texts that changed, bytes are
 * brought up to a bound.
 */
export async function judgeArtifacts(
  { head, base }: Scene,
  changed: Changed,
  models: readonly JudgedModel[],
): Promise<JudgedArtifacts> {
  const large = await largeFiles(head, changed);
  const tables = await tablesOf(base, models);
  try {
    const was = treeOf(base, []);
    const is = treeOf(
      head,
      models.flatMap(({ files }) => files),
    );
    const { diff } = await diffTrees(base.workspace, was, is, { targets: [] });
    const read = tableChanges(diff.changes);
    const bytesOf = await bytesFor({ head, base }, diff, read, [was, is]);
    const shapes = await tablesBetween({ base }, read, bytesOf);
    return {
      artifacts: artifactsOf(diff)
        .slice(0, MOST)
        .map((artifact) => ({ ...artifact, table: shapes.get(artifact.path) ?? null })),
      tables,
      notes: [...large, ...machineMade(diff), ...(await crlf(diff, bytesOf))],
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

/** Has the bytes of tables and of texts that changed at hand, as far as the bound allows. */
async function bytesFor(
  scene: Pick<Scene, "head" | "base">,
  { changes }: DataDiff,
  tables: readonly DataChange[],
  trees: readonly Tree[],
): Promise<BytesOf> {
  const sides: DataSide[] = tables
    .slice(0, MOST_TABLES)
    .flatMap((change) => sidesOf(change).flatMap((side) => side ?? []));
  for (const { after } of textChanges(changes).slice(0, MOST_TEXTS)) sides.push(after);
  if (sides.length === 0) return bytesAtHand(scene, [], 0);
  const versions: Version[] = [];
  for (const tree of trees) versions.push(...(await versionsOf(tree)));
  return bytesAtHand(
    scene,
    sides.flatMap((side) => versionFor(side, versions) ?? []),
    BROUGHT,
  );
}

/** The version that a side is, or what the directory around it says of its files. */
function versionFor({ path, name, size }: DataSide, versions: readonly Version[]): Version | undefined {
  const own = versions.find((one) => one.path === path && one.name === name);
  if (own !== undefined) return own;
  const around = versions.find((one) => path.startsWith(`${one.path}/`));
  if (around === undefined) return undefined;
  const { files: _, cloud: __, nfiles: ___, sha256: ____, size: _____, ...rest } = around;
  return { ...rest, path, name, ...(size === undefined ? {} : { size }) };
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

/** Warns of texts that are the same but for the ends of their lines. */
async function crlf({ changes }: DataDiff, bytesOf: BytesOf): Promise<readonly string[]> {
  const found = await crlfPaths(changes, bytesOf, MOST_WARNINGS + 1);
  return shortened(
    found.map(
      (path) =>
        `"${path}" differs from the base's only in that its lines end in CRLF, as on Windows: with "* -text" in .gitattributes, or core.autocrlf off, it keeps its version`,
    ),
    "text with other ends of lines",
  );
}
