import { join } from "node:path";
import type { FoundDiff } from "../artifacts/data-diff.ts";
import { fetch } from "../artifacts/transfer.ts";
import type { DataSide } from "../core/artifacts/data-diff.ts";
import { diffProfiles, type TableDiff } from "../core/artifacts/table-diff.ts";
import { UserError } from "../errors.ts";
import type { Engine, FileSource } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { profile } from "../tables/profile.ts";
import { describeFile } from "../tables/sources.ts";

/** Larger tables are compared where somebody asks for it: it takes minutes. */
const LARGE = 256 << 20;
/** Names of files that are read as tables. */
export const TABLE = /\.(csv|tsv|parquet|pq|jsonl|ndjson)$/i;

/**
 * What became of the tables among what was modified, by path. The engine is loaded where there is one.
 *
 * @param asked fetch what is not here, and look at large ones, too
 */
export async function tableDiffs(
  ports: Ports,
  workspace: Workspace,
  { diff }: FoundDiff,
  asked: boolean,
): Promise<ReadonlyMap<string, TableDiff>> {
  const found = new Map<string, TableDiff>();
  let engine: Engine | undefined;
  for (const change of diff.changes) {
    if (change.kind !== "modified" || !TABLE.test(change.after.path)) continue;
    const { before, after } = change;
    if (!asked && Math.max(before.size ?? 0, after.size ?? 0) > LARGE) continue;
    const [was, is] = [await fileOf(workspace, before, asked), await fileOf(workspace, after, asked)];
    if (was === undefined || is === undefined) continue;
    try {
      engine ??= await ports.engine();
    } catch (error) {
      // Which files differ is known without it.
      ports.progress.say(`tables are not compared: ${(error as Error).message.split("\n")[0]}`);
      break;
    }
    const table = await compare(ports, engine, [before, was], [after, is]);
    if (table !== undefined) found.set(after.path, table);
  }
  await engine?.close();
  return found;
}

/** A file of this machine with these bytes: the working file or the cache's. */
async function fileOf(workspace: Workspace, side: DataSide, asked: boolean): Promise<string | undefined> {
  const { cache, files, root } = workspace;
  if (!(await cache.has(side.name))) {
    const path = join(root, side.path);
    if ((await files.exists(path)) && (await files.holds(path, side.name))) return path;
    if (!asked) return undefined;
    await fetch(side.name, cache, await workspace.remote());
  }
  return cache.open(side.name).path;
}

async function compare(
  ports: Ports,
  engine: Engine,
  before: readonly [DataSide, string],
  after: readonly [DataSide, string],
): Promise<TableDiff | undefined> {
  try {
    const [was, is] = [before, after].map(
      ([{ path }, file]): FileSource => ({
        ...describeFile(path, ports.folder),
        paths: [file],
      }),
    ) as [FileSource, FileSource];
    await engine.load("before", was);
    await engine.load("after", is);
    return diffProfiles(await profile(engine, "before"), await profile(engine, "after"));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // Files of the cache go by digests; whoever is to correct a line knows their paths.
    const said = error.message
      .replaceAll(before[1], `the older ${before[0].path}`)
      .replaceAll(after[1], after[0].path);
    ports.progress.say(`${after[0].path} is not compared as a table: ${said}`);
    return undefined;
  }
}
