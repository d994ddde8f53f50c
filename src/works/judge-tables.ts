import type { DataChange, DataSide } from "../core/artifacts/data-diff.ts";
import type { ArtifactTable } from "../core/proposal/artifacts.ts";
import { shapesBetween } from "../core/proposal/artifacts.ts";
import { formatBytes } from "../core/text/bytes.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { describeFile, describeTable, type TableContent } from "../tables/sources.ts";
import type { BytesOf, Held } from "./judge-bytes.ts";
import type { Scene } from "./judge-scene.ts";
import { TABLE } from "./table-diffs.ts";

/** So many tables are read, and so many bytes of them in all. */
export const MOST_TABLES = 20;
const MOST_BYTES = 256_000_000;

/** The changes that are of one table with a version of its own: not of a folder, nor of what lies in one. */
export function tableChanges(changes: readonly DataChange[]): readonly DataChange[] {
  const folders = changes.map(placeOf).filter((path) => path.endsWith("/"));
  return changes.filter((change) => {
    const path = placeOf(change);
    return (
      change.kind !== "renamed" && TABLE.test(path) && !folders.some((folder) => path.startsWith(folder))
    );
  });
}

/** What a change has before and after, where it has it. */
export const sidesOf = (change: DataChange): readonly [DataSide | undefined, DataSide | undefined] => [
  change.kind === "added" ? undefined : change.before,
  change.kind === "deleted" ? undefined : change.after,
];

/** Where something is now; where it was, if it is no more. */
const placeOf = (change: DataChange): string =>
  change.kind === "deleted" ? change.before.path : change.after.path;

/** What became of rows and columns of tables, by path; of each that is not read, why. */
export async function tablesBetween(
  { base }: Pick<Scene, "base">,
  changes: readonly DataChange[],
  bytesOf: BytesOf,
): Promise<ReadonlyMap<string, ArtifactTable>> {
  const found = new Map<string, ArtifactTable>();
  if (changes.length === 0) return found;
  const reader = readerOf(base, bytesOf);
  try {
    for (const [index, change] of changes.entries()) {
      const path = placeOf(change);
      found.set(
        path,
        index < MOST_TABLES
          ? await reader.between(...sidesOf(change))
          : { unread: `the first ${MOST_TABLES} tables are read` },
      );
    }
  } finally {
    await reader.close();
  }
  return found;
}

/** Reads one table after the other with one engine, which is opened for the first. */
function readerOf({ ports, workspace: { files } }: Scene["base"], bytesOf: BytesOf) {
  let draft: string | undefined;
  let engine: Engine | undefined;
  let left = MOST_BYTES;

  const opened = async (): Promise<Engine> => {
    draft ??= await files.draft();
    try {
      engine ??= await ports.engine(draft);
    } catch (error) {
      throw new UserError(`tables are not read: ${(error as Error).message.split("\n")[0]}`);
    }
    return engine;
  };

  const read = async ({ path }: DataSide, held: Extract<Held, { path: string }>): Promise<TableContent> => {
    const on = await opened();
    try {
      await on.load("table", { ...describeFile(path, "/"), paths: [held.path] });
      return await describeTable(on, "table");
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.message.replaceAll(held.path, path)); // where it lies in the cache says nothing
    }
  };

  const contentOf = async (side: DataSide | undefined): Promise<TableContent | undefined> => {
    if (side === undefined) return undefined;
    const held = await bytesOf(side.name);
    if ("why" in held) throw new UserError(held.why);
    if (held.size > left) {
      throw new UserError(
        `it has ${formatBytes(held.size)}, and ${formatBytes(MOST_BYTES)} of all tables are read at most`,
      );
    }
    left -= held.size;
    return read(side, held);
  };

  return {
    async between(before: DataSide | undefined, after: DataSide | undefined): Promise<ArtifactTable> {
      try {
        return shapesBetween(await contentOf(before), await contentOf(after));
      } catch (error) {
        if (error instanceof UserError) return { unread: error.message.slice(0, 300) };
        throw error;
      }
    },
    async close(): Promise<void> {
      await engine?.close();
      if (draft !== undefined) await files.remove(draft);
    },
  };
}
