import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dialect } from "../../../core/tables/csv/dialect.ts";
import { quoteName, quoteText } from "../../../core/tables/sql/quote.ts";
import { UserError } from "../../../errors.ts";
import { CELL_TYPES, type CellType, withoutMissing } from "./types.ts";

/** Rows at the beginning that say which types are worth trying on all. */
const SAMPLE = 10_000;

/**
 * Each column's cells as values of its type, as SQL over the file of texts.
 *
 * @throws {UserError} where a cell does not fit the type that was told, or holds a NUL byte
 */
export async function columnTypes(
  connection: DuckDBConnection,
  raw: string,
  path: string,
  dialect: Dialect,
  told: Readonly<Record<string, string>>,
): Promise<string[]> {
  const from = `read_parquet(${quoteText(raw)})`;
  const counts = async (expressions: readonly string[], rows: string): Promise<number[]> => {
    const [first = []] = (
      await connection.runAndReadAll(`SELECT ${expressions.join(", ")} FROM ${rows}`)
    ).getRows();
    return first.map(Number);
  };
  const candidates = new Map<string, CellType[]>();
  const open = dialect.names.filter((name) => told[name] === undefined);
  if (open.length > 0) {
    // Per column: how many cells are present, then how many of them each type does not fit.
    const sample = await counts(open.flatMap(checks), `(FROM ${from} LIMIT ${SAMPLE})`);
    const width = CELL_TYPES.length + 1;
    for (const [index, name] of open.entries()) {
      const [present = 0, ...misfits] = sample.slice(index * width, (index + 1) * width);
      // A beginning that is all missing says nothing: every type is tried.
      candidates.set(
        name,
        CELL_TYPES.filter((_, type) => present === 0 || misfits[type] === 0),
      );
    }
  }
  const asked = dialect.names.map((name) => {
    const type = CELL_TYPES.find((known) => known.name === told[name]);
    return [name, type === undefined ? (candidates.get(name) ?? []) : [type]] as const;
  });
  const expressions = asked.flatMap(([name, types]) => {
    const x = quoteName(name);
    return [
      presentIn(name, types),
      `count(*) FILTER (contains(${x}, chr(0)))`,
      ...types.map((type) => misfitsOf(name, type)),
    ];
  });
  const all = await counts(expressions, from);
  let next = 0;
  const result: string[] = [];
  for (const [name, types] of asked) {
    const x = quoteName(name);
    const [present = 0, nuls = 0, ...misfits] = all.slice(next, next + types.length + 2);
    next += types.length + 2;
    if (nuls > 0) {
      const row = await firstRow(connection, from, `contains(${x}, chr(0))`);
      throw new UserError(
        `row ${row} holds a NUL byte in column "${name}"; the file is damaged, or its encoding is not UTF-8`,
        { at: { file: path } },
      );
    }
    const type =
      present === 0 && told[name] === undefined ? undefined : types.find((_, index) => misfits[index] === 0);
    if (type === undefined && told[name] !== undefined && told[name] !== "text") {
      const [wanted] = types;
      const row = await firstRow(connection, from, wanted === undefined ? "true" : misfit(name, wanted));
      throw new UserError(
        `row ${row} is not ${wanted?.one ?? told[name]} in column "${name}"; correct it, or say types: { ${name}: text }`,
        { at: { file: path } },
      );
    }
    result.push(`${type === undefined ? x : type.cast(withoutMissing(x))} AS ${x}`);
  }
  return result;
}

const checks = (name: string): string[] => [
  presentIn(name, CELL_TYPES),
  ...CELL_TYPES.map((type) => misfitsOf(name, type)),
];

const presentIn = (name: string, types: readonly CellType[]): string =>
  types.length === 0 ? "0" : `count(${withoutMissing(quoteName(name))})`;

const misfit = (name: string, type: CellType): string => {
  const x = withoutMissing(quoteName(name));
  return `${x} IS NOT NULL AND NOT ${type.fits(x)}`;
};

const misfitsOf = (name: string, type: CellType): string => `count(*) FILTER (${misfit(name, type)})`;

/** The number of the first row for which a condition holds, counted from 1. */
async function firstRow(connection: DuckDBConnection, from: string, condition: string): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT min(number) FROM (SELECT *, row_number() OVER () AS number FROM ${from}) WHERE ${condition}`,
  );
  return Number(reader.value(0, 0)).toLocaleString("en-US");
}
