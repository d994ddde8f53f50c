import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { quoteText } from "../../../core/tables/sql/quote.ts";
import { UserError } from "../../../errors.ts";
import { loadCommonJs } from "../../common-js.ts";

export interface InstanceOptions {
  readonly threads: number;
  /** Such as `1GB`; else DuckDB's own, 80 % of the machine's memory. */
  readonly memory: string | undefined;
  /** The only folder that a locked instance can read and write; what outgrows memory goes there too. */
  readonly folder: string;
}

export interface Opened {
  readonly instance: DuckDBInstance;
  readonly connection: DuckDBConnection;
}

/** Settings that must be the same on every machine, because results depend on them. */
const FIXED = ["SET TimeZone = 'UTC'", "SET Calendar = 'gregorian'", "SET preserve_insertion_order = true"];

/**
 * A DuckDB in memory that never loads anything from the network.
 *
 * `locked`: SQL reaches neither files (but `folder`), nor extensions, nor settings, for good: DuckDB
 * does not let go of these two settings while it runs. It resolves links before it compares paths.
 */
export async function openInstance(
  { threads, memory, folder }: InstanceOptions,
  locked: boolean,
): Promise<Opened> {
  const { DuckDBInstance } = await loadPackage();
  const instance = await DuckDBInstance.create(":memory:", {
    threads: String(threads),
    ...(memory === undefined ? {} : { memory_limit: memory }),
    temp_directory: folder,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  });
  const connection = await instance.connect();
  for (const sql of FIXED) await connection.run(sql);
  if (locked) {
    await connection.run(`SET allowed_directories = [${quoteText(`${folder}/`)}]`);
    await connection.run("SET allowed_configs = ['threads']"); // for statements that must be steady
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
  }
  return { instance, connection };
}

export function closeInstance({ instance, connection }: Opened): void {
  connection.closeSync();
  instance.closeSync();
}

/**
 * DuckDB's package, which asks for its library as soon as it is loaded.
 *
 * @throws {UserError} where the library of this platform was left out of the installation
 */
export async function loadPackage(): Promise<typeof import("@duckdb/node-api")> {
  try {
    return loadCommonJs("@duckdb/node-api") as typeof import("@duckdb/node-api");
  } catch (cause) {
    throw new UserError(
      `DuckDB's library for ${process.platform}-${process.arch} is not installed; it is an optional dependency of @duckdb/node-bindings: install again without --omit=optional`,
      { cause },
    );
  }
}
