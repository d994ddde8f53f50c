import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteName, quoteText } from "../../../core/tables/sql/quote.ts";
import { unstopped } from "../../../core/text/trimmed-end.ts";
import { UserError } from "../../../errors.ts";
import type { FileSource } from "../../../ports/engine.ts";
import { castTo } from "./types.ts";

/** JSON lines as Parquet. Types are those that fit every line; what is nested becomes its JSON text. */
export async function convertJson(
  connection: DuckDBConnection,
  path: string,
  to: string,
  source: FileSource,
): Promise<void> {
  // a column may be called "constructor", and nothing was told of it
  const types = Object.assign(Object.create(null) as Record<string, string>, source.types);
  const from = `read_json(${quoteText(path)}, format = 'newline_delimited', sample_size = -1, maximum_depth = 2)`;
  try {
    const described = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${from}`);
    const cells = described.getRows().map(([column, type]) => {
      const name = String(column);
      const told = types[name] ?? (WIDE.test(String(type)) ? "text" : undefined);
      const x = NESTED.test(String(type)) ? `to_json(${quoteName(name)})` : quoteName(name);
      return `${castTo(told, x)} AS ${quoteName(name)}`;
    });
    await connection.run(
      `COPY (SELECT ${cells.join(", ")} FROM ${from}) TO ${quoteText(to)} (FORMAT parquet)`,
    );
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const line = /in line (\d+)|line: (\d+)|record\/value (\d+)/i.exec(text);
    const number = line?.[1] ?? line?.[2] ?? line?.[3];
    const [what = ""] = text.replace(path, "").split("\n");
    throw new UserError(`is not JSON lines, one object a line: ${unstopped(what)}`, {
      at: { file: path, ...(number === undefined ? {} : { line: Number(number) }) },
      cause: error,
    });
  }
}

const NESTED = /^(STRUCT|MAP|UNION)|\[\d*\]$/;
/** Types that Parquet would not keep, or that are no columns of a table. */
const WIDE = /^(HUGEINT|UHUGEINT|JSON|UUID|INTERVAL|TIME$|STRUCT|MAP|UNION)|\[\d*\]$/;
