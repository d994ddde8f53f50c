import { isAbsolute, resolve } from "node:path";
import { UserError } from "../errors.ts";
import type { Engine, FileSource } from "../ports/engine.ts";

/** What a contract says of a source; see `data.sources`. */
export interface SourceDescription {
  readonly path: string;
  readonly format?: FileSource["format"] | undefined;
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  readonly header?: boolean | undefined;
  readonly encoding?: FileSource["encoding"] | undefined;
  readonly types?: Readonly<Record<string, string>> | undefined;
}

const ENDINGS: readonly (readonly [RegExp, FileSource["format"]])[] = [
  [/\.(csv|tsv|txt)(\.gz)?$/i, "csv"],
  [/\.(parquet|pq)$/i, "parquet"],
  [/\.(jsonl|ndjson)(\.gz)?$/i, "jsonl"],
];

/**
 * How a file is read, by what is said of it and by the end of its name.
 *
 * @param folder what a relative path starts from
 * @throws {UserError} where the name does not tell the format and nobody does
 * @example describeFile("cps.csv", "/data") // => { paths: ["/data/cps.csv"], format: "csv" }
 * @example describeFile({ path: "a.tsv.gz", header: false }, "/data") // => { paths: ["/data/a.tsv.gz"], format: "csv", delimiter: "\t", header: false }
 * @example describeFile("cps.xlsx", "/data") // throws "say its format: csv, parquet or jsonl"
 */
export function describeFile(source: string | SourceDescription, folder: string): FileSource {
  const said: SourceDescription = typeof source === "string" ? { path: source } : source;
  const { path, format = ENDINGS.find(([ending]) => ending.test(path))?.[1] } = said;
  if (format === undefined) {
    throw new UserError(
      `"${path}" does not tell by its name how it is written; say its format: csv, parquet or jsonl`,
    );
  }
  const delimiter = said.delimiter ?? (/\.tsv(\.gz)?$/i.test(path) ? "\t" : undefined);
  return {
    paths: [isAbsolute(path) ? path : resolve(folder, path)],
    format,
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(said.quote === undefined ? {} : { quote: said.quote }),
    ...(said.header === undefined ? {} : { header: said.header }),
    ...(said.encoding === undefined ? {} : { encoding: said.encoding }),
    ...(said.types === undefined ? {} : { types: said.types }),
  };
}

/** Makes a file, or the files of a glob, available under a name. */
export async function loadFile(engine: Engine, name: string, path: string, folder: string): Promise<void> {
  await engine.load(name, describeFile(path, folder));
}

/** What a relation turned out to be, for the lock. */
export interface TableContent {
  readonly rows: number;
  readonly columns: Readonly<Record<string, string>>;
}

/** Row count, column names and the engine's types of a relation. */
export async function describeTable(engine: Engine, relation: string): Promise<TableContent> {
  const from = `FROM "${relation.replaceAll('"', '""')}"`;
  const [columns, [row]] = await Promise.all([
    engine.columns(`SELECT * ${from}`),
    engine.rows(`SELECT count(*) AS rows ${from}`),
  ]);
  return {
    rows: Number(row?.rows ?? 0),
    columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])),
  };
}
