import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dialect } from "../../../core/tables/csv/dialect.ts";
import { quoteName } from "../../../core/tables/sql/quote.ts";
import { UserError } from "../../../errors.ts";
import { CELL_TYPES, type CellType, withoutMissing } from "./types.ts";

/** Rows at the beginning that say which types are worth trying on all. */
const SAMPLE = 10_000;

/** The types that a column may have, the narrowest first; none is text. */
export interface Candidates {
  readonly name: string;
  readonly types: readonly CellType[];
  /** Whether nothing was seen of it, so that any type is as likely. */
  readonly unseen: boolean;
}

/**
 * What each column may be by the type that was told, or by the beginning of the cells.
 *
 * @param cells a FROM item in which all columns are texts
 */
export async function likelyTypes(
  connection: DuckDBConnection,
  cells: string,
  dialect: Dialect,
  told: Readonly<Record<string, string>>,
): Promise<Candidates[]> {
  const open = dialect.names.filter((name) => told[name] === undefined);
  // Per column: how many cells are present, then how many of them each type does not fit.
  const sample =
    open.length === 0
      ? []
      : await counts(connection, open.flatMap(checks), `(FROM ${cells} LIMIT ${SAMPLE})`);
  const width = CELL_TYPES.length + 1;
  return dialect.names.map((name) => {
    if (told[name] !== undefined) {
      return { name, types: CELL_TYPES.filter((type) => type.name === told[name]), unseen: false };
    }
    const at = open.indexOf(name) * width;
    const [present = 0, ...misfits] = sample.slice(at, at + width);
    return { name, types: CELL_TYPES.filter((_, index) => misfits[index] === 0), unseen: present === 0 };
  });
}

/**
 * Each column's cells as values of its likeliest type, as SQL that ends in the error `MISFIT` at the first
 * cell that does not fit; `undefined` where there is a column of which nothing is known.
 *
 * What comes through has the type that `exactTypes` would give it: narrower ones do not fit the beginning.
 */
export function hopefulCells(candidates: readonly Candidates[]): string[] | undefined {
  if (candidates.some(({ unseen }) => unseen)) return undefined;
  return candidates.map(({ name, types: [type] }) => {
    const x = quoteName(name);
    if (type === undefined)
      return `CASE WHEN contains(${x}, chr(0)) THEN error('${MISFIT}') ELSE ${x} END AS ${x}`;
    const cast = type.cast(x);
    const sure = type.surely === undefined ? "" : ` WHEN ${type.surely(x)} THEN ${cast}`;
    return `CASE WHEN ${x} IS NULL THEN NULL${sure} WHEN ${withoutMissing(x)} IS NULL THEN NULL WHEN ${type.fits(x)} THEN ${cast} ELSE error('${MISFIT}') END AS ${x}`;
  });
}

export const MISFIT = "trainyard: a cell that does not fit";

async function counts(
  connection: DuckDBConnection,
  expressions: readonly string[],
  from: string,
): Promise<number[]> {
  const reader = await connection.runAndReadAll(`SELECT ${expressions.join(", ")} FROM ${from}`);
  return (reader.getRows()[0] ?? []).map(Number);
}

/**
 * Each column's cells as values of the narrowest type that fits all of them, as SQL.
 *
 * @param from a FROM item in which all columns are texts
 * @throws {UserError} where a cell does not fit the type that was told, or holds a NUL byte
 */
export async function exactTypes(
  connection: DuckDBConnection,
  from: string,
  path: string,
  candidates: readonly Candidates[],
  told: Readonly<Record<string, string>>,
): Promise<string[]> {
  const asked = candidates.map(({ name, types }) => [name, types] as const);
  const expressions = asked.flatMap(([name, types]) => {
    const x = quoteName(name);
    return [
      presentIn(name, types),
      `count(*) FILTER (contains(${x}, chr(0)))`,
      ...types.map((type) => misfitsOf(name, type)),
    ];
  });
  const all = await counts(connection, expressions, from);
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
