import type { DuckDBConnection } from "@duckdb/node-api";
import type { Dialect } from "../../../core/tables/csv/dialect.ts";
import { countWhere } from "../../../core/tables/sql/count-where.ts";
import { inParts } from "../../../core/tables/sql/in-parts.ts";
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
  const seen =
    open.length === 0 ? new Map<string, Counts>() : await countsOfBeginning(connection, cells, open);
  return dialect.names.map((name) => {
    if (told[name] !== undefined) {
      return { name, types: CELL_TYPES.filter((type) => type.name === told[name]), unseen: false };
    }
    const { present, misfits } = seen.get(name) ?? NOTHING;
    return { name, types: CELL_TYPES.filter((_, index) => misfits[index] === 0), unseen: present === 0 };
  });
}

/** The beginning is kept meanwhile, so that the file is read once for all columns. */
async function countsOfBeginning(
  connection: DuckDBConnection,
  cells: string,
  names: readonly string[],
): Promise<Map<string, Counts>> {
  await connection.run(`CREATE TEMP TABLE beginning AS FROM ${cells} LIMIT ${SAMPLE}`);
  try {
    const asked = names.map((name) => ({ name, types: CELL_TYPES }));
    return await countsOf(connection, asked, "beginning");
  } finally {
    await connection.run("DROP TABLE beginning");
  }
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

/** What the cells of a column come to. */
interface Counts {
  /** Cells that do not stand for "missing". */
  readonly present: number;
  /** Those of them that hold a NUL byte. */
  readonly nuls: number;
  /** Those of them that each type does not fit. */
  readonly misfits: readonly number[];
}

const NOTHING: Counts = { present: 0, nuls: 0, misfits: [] };

/** @param from a table or a Parquet file in which all columns are texts: no statement reads more than its own */
async function countsOf(
  connection: DuckDBConnection,
  columns: readonly Pick<Candidates, "name" | "types">[],
  from: string,
): Promise<Map<string, Counts>> {
  const found = new Map<string, Counts>();
  for (const some of inParts(columns)) {
    const texts = some.map(({ name }) => `${withoutMissing(quoteName(name))} AS ${quoteName(name)}`);
    const parts = some.flatMap(({ name, types }) => {
      const x = quoteName(name);
      return [
        `count(${x})`,
        countWhere(`contains(${x}, chr(0))`),
        ...types.map((type) => countWhere(misfit(x, type))),
      ];
    });
    const reader = await connection.runAndReadAll(
      `SELECT ${parts.join(", ")} FROM (SELECT ${texts.join(", ")} FROM ${from})`,
    );
    const numbers = (reader.getRows()[0] ?? []).map(Number).values();
    const next = (): number => numbers.next().value ?? 0;
    for (const { name, types } of some)
      found.set(name, { present: next(), nuls: next(), misfits: types.map(next) });
  }
  return found;
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
  const counts = await countsOf(connection, candidates, from);
  const result: string[] = [];
  for (const { name, types } of candidates) {
    const x = quoteName(name);
    const { present, nuls, misfits } = counts.get(name) ?? NOTHING;
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
      const row = await firstRow(
        connection,
        from,
        wanted === undefined ? "true" : misfit(withoutMissing(x), wanted),
      );
      throw new UserError(
        `row ${row} is not ${wanted?.one ?? told[name]} in column "${name}"; correct it, or say types: { ${name}: text }`,
        { at: { file: path } },
      );
    }
    result.push(`${type === undefined ? x : type.cast(withoutMissing(x))} AS ${x}`);
  }
  return result;
}

/** Whether a text, NULL where it is missing, is not of a type. */
const misfit = (x: string, type: CellType): string => `${x} IS NOT NULL AND NOT ${type.fits(x)}`;

/** The number of the first row for which a condition holds, counted from 1. */
async function firstRow(connection: DuckDBConnection, from: string, condition: string): Promise<string> {
  const reader = await connection.runAndReadAll(
    `SELECT min(number) FROM (SELECT *, row_number() OVER () AS number FROM ${from}) WHERE ${condition}`,
  );
  return Number(reader.value(0, 0)).toLocaleString("en-US");
}
