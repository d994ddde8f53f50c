import type { DuckDBConnection } from "@duckdb/node-api";
import { quoteText } from "../../../core/tables/sql/quote.ts";
import { nearest } from "../../../core/text/nearest.ts";
import { trimmedEnd } from "../../../core/text/trimmed-end.ts";
import { UserError } from "../../../errors.ts";

/** Functions that make rows out of nothing but their arguments. */
const ROW_FUNCTIONS = new Set(["range", "generate_series", "unnest"]);

/** Functions whose answer is another at each run, or tells of the machine. */
const UNFIT =
  /^(random|setseed|uuid|uuidv4|uuidv7|gen_random_uuid|now|today|get_current_time(stamp)?|current_(date|time|timestamp|localtime|localtimestamp|setting|query|user|role)|localtime|localtimestamp|transaction_timestamp|getenv|getvariable|nextval|currval|txid_current|pg_.*|write_log|version)$/;

interface Parsed {
  readonly error: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly unknown[];
}

/**
 * Holds a person's SQL to one SELECT over the tables that were loaded, by DuckDB's own parser.
 *
 * The engine's lock keeps it from files all the same; this is the first wall, and the one with messages.
 */
export async function selectOnly(
  connection: DuckDBConnection,
  sql: string,
  file: string,
  tables: readonly string[],
): Promise<string> {
  const fail = (message: string, offset?: number): never => {
    throw new UserError(message, { at: { file, ...(offset === undefined ? {} : placeOf(sql, offset)) } });
  };
  if (sql.includes("\0")) fail("the file holds a NUL byte; it must be text", sql.indexOf("\0"));
  const parsed = await parse(connection, sql);
  if (parsed.error) {
    const text = parsed.error_message ?? "";
    if (/only select/i.test(text))
      fail("only one SELECT statement may stand here; other statements change things");
    fail(
      `this is not SQL that can be read: ${text}`,
      parsed.position === undefined ? undefined : Number(parsed.position),
    );
  }
  const count = parsed.statements?.length ?? 0;
  if (count !== 1) fail(`found ${count} statements where one SELECT must stand`);

  const names = new Set([...tables, ...commonTables(parsed.statements)].map((name) => name.toLowerCase()));
  visit(parsed.statements, (node) => {
    const offset = typeof node.query_location === "number" ? node.query_location : undefined;
    const at = offset !== undefined && offset <= sql.length ? offset : undefined;
    if (node.type === "SHOW_REF")
      fail("only one SELECT statement may stand here, no DESCRIBE, SHOW or SUMMARIZE", at);
    if (node.type === "BASE_TABLE") {
      const name = String(node.table_name);
      if (node.schema_name !== "" || node.catalog_name !== "" || !names.has(name.toLowerCase())) {
        const full = [node.catalog_name, node.schema_name, name].filter((part) => part !== "").join(".");
        const meant = nearest(name, tables);
        fail(
          `unknown table "${full}"${meant === undefined ? "" : `; did you mean "${meant}"?`}; sources: ${tables.join(", ")}`,
          at,
        );
      }
    }
    if (node.type === "TABLE_FUNCTION") {
      const name = String((node.function as Node | undefined)?.function_name);
      if (!ROW_FUNCTIONS.has(name))
        fail(`"${name}" may not be used here: rows come from the sources alone`, at);
    }
    const called = nameUsed(node).toLowerCase();
    if (UNFIT.test(called)) {
      fail(`"${called}" may not be used here: the same sources must give the same rows`, at);
    }
    if (node.sample !== null && typeof node.sample === "object") {
      fail("SAMPLE may not be used here: the same sources must give the same rows", at);
    }
  });

  const trimmed = trimmedEnd(sql, (one) => /[\s;]/.test(one));
  const alone = await parse(connection, `SELECT * FROM (${trimmed}\n)`);
  const text = alone.error ? await reprinted(connection, sql) : `${trimmed}\n`;
  try {
    (await connection.prepare(text)).destroySync();
  } catch (error) {
    const [first = "", ...rest] = (error instanceof Error ? error.message : String(error)).split("\n");
    const line = /^LINE (\d+):/m.exec(rest.join("\n"))?.[1];
    const said = trimmedEnd(first.replace(/^\w+ Error: /, ""), (one) => /[.!\s]/.test(one));
    throw new UserError(said, {
      at: { file, ...(line === undefined ? {} : { line: Number(line) }) },
    });
  }
  return isOrdered(parsed.statements?.[0]) ? text : `SELECT * FROM (${text}) ORDER BY ALL\n`;
}

/** Whether the statement ends in an ORDER BY of its own. */
function isOrdered(statement: unknown): boolean {
  const { modifiers = [] } = (statement as { node?: { modifiers?: readonly Node[] } }).node ?? {};
  return modifiers.some(({ type }) => type === "ORDER_MODIFIER");
}

async function parse(connection: DuckDBConnection, sql: string): Promise<Parsed> {
  const reader = await connection.runAndReadAll(
    `SELECT json_serialize_sql(${quoteText(sql)}::VARCHAR)::VARCHAR`,
  );
  return JSON.parse(String(reader.value(0, 0)));
}

/** The statement as DuckDB prints it: the way out where a comment after the semicolon is in the way. */
async function reprinted(connection: DuckDBConnection, sql: string): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT json_deserialize_sql(json_serialize_sql(${quoteText(sql)}::VARCHAR))`,
  );
  return `${String(reader.value(0, 0))}\n`;
}

/** The function that is called; `current_date` and its like stand as columns. */
function nameUsed(node: Node): string {
  if (typeof node.function_name === "string") return node.function_name;
  const names = Array.isArray(node.column_names) ? node.column_names : [];
  return names.length === 1 && /^(current_|local)/i.test(String(names[0])) ? String(names[0]) : "";
}

type Node = Readonly<Record<string, unknown>>;

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, look);
  else if (typeof value === "object" && value !== null) {
    look(value as Node);
    for (const item of Object.values(value)) visit(item, look);
  }
}

/** Names that WITH gives inside the statement. */
function commonTables(statements: unknown): string[] {
  const names: string[] = [];
  visit(statements, (node) => {
    const entries = (node.cte_map as { map?: readonly { key: string }[] } | undefined)?.map ?? [];
    names.push(...entries.map(({ key }) => key));
  });
  return names;
}

function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
