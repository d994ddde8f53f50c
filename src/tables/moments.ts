import { countWhere } from "../core/tables/sql/count-where.ts";
import {
  exactSum,
  exponentAbove,
  fixedMean,
  fixedPoint,
  fromFixed,
  literal,
  scaled,
} from "../core/tables/sql/exact-sum.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { ColumnInfo, Engine, Row, SqlValue } from "../ports/engine.ts";

/** What a column of numbers comes to. Where `count` is 0 all but the counts and the sum are NaN. */
export interface Moments {
  /** Finite values: what the other numbers are made of. */
  readonly count: number;
  /** NULL and NaN. */
  readonly missing: number;
  /** ±Infinity. */
  readonly infinite: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation: the square root of Σ (x − mean)² / count. */
  readonly deviation: number;
  readonly sum: number;
}

/** As `exactMomentsOf`, for one column. */
export async function exactMoments(
  engine: Engine,
  relation: string,
  column: string,
  where?: string,
): Promise<Moments> {
  const [moments] = await exactMomentsOf(engine, relation, [column], where);
  if (moments === undefined) throw new Error("no moments");
  return moments;
}

/**
 * Sum, mean and deviation of columns of numbers or booleans: the same doubles on any engine, with any
 * number of threads, in any order of the rows.
 *
 * Three scans for all columns together: extremes; sums in fixed point; squares around the mean.
 * Integers take two: their sums are exact as they are.
 *
 * @param relation a table's or view's name, as it is (it is quoted here)
 * @param where a condition in the engine's SQL
 */
export async function exactMomentsOf(
  engine: Engine,
  relation: string,
  columns: readonly string[],
  where?: string,
): Promise<Moments[]> {
  if (columns.length === 0) return [];
  const from = ` FROM ${quoteName(relation)}${where === undefined ? "" : ` WHERE ${where}`}`;
  const infos = await engine.columns(`SELECT ${columns.map(quoteName).join(", ")}${from}`);
  const ask = async (parts: readonly string[]): Promise<Row> => {
    if (parts.length === 0) return {};
    const [row = {}] = await engine.rows(`SELECT ${parts.join(", ")}${from}`);
    return row;
  };
  const all = infos.map((info, index) => asked(info, index));

  const extremes = await ask(all.flatMap(({ extremes }) => extremes));
  const started = all.map((column) => withExtremes(column, extremes));
  const sums = await ask(started.flatMap(sumParts));
  const centred = started.map((column) => withMean(column, sums));
  const squares = await ask(centred.flatMap(squareParts));
  return centred.map((column) => withDeviation(column, sums, squares));
}

const INTEGERS = /^U?(TINYINT|SMALLINT|INTEGER|BIGINT)$/;
/** Squares of integers up to here fit 64 bits. */
const SMALL = 2 ** 31;

interface Asked {
  readonly index: number;
  readonly whole: boolean;
  /** The values as doubles, NULL where they are not finite. */
  readonly x: string;
  readonly name: string;
  readonly extremes: readonly string[];
}

function asked({ name, type }: ColumnInfo, index: number): Asked {
  const whole = INTEGERS.test(type);
  const double = `CAST(${quoteName(name)} AS DOUBLE)`;
  const x = whole ? double : `(CASE WHEN isfinite(${double}) THEN ${double} END)`;
  const counted = whole ? "0" : countWhere(`isinf(${double})`);
  const plain = whole ? quoteName(name) : x; // extremes of a bare column stand in the file's own statistics
  return {
    index,
    whole,
    x,
    name: quoteName(name),
    extremes: [
      `count(*) AS rows${index}`,
      `count(${plain}) AS count${index}`,
      `${counted} AS infinite${index}`,
      `min(${plain}) AS min${index}`,
      `max(${plain}) AS max${index}`,
    ],
  };
}

type Started = Asked & Pick<Moments, "count" | "missing" | "infinite" | "min" | "max">;

function withExtremes(column: Asked, row: Row): Started {
  const value = (key: string): SqlValue => row[`${key}${column.index}`] ?? null;
  const number = (key: string): number => (value(key) === null ? Number.NaN : Number(value(key)));
  const [count, infinite] = [number("count"), number("infinite")];
  return {
    ...column,
    count,
    infinite,
    missing: number("rows") - count - infinite,
    min: number("min"),
    max: number("max"),
  };
}

const largest = ({ min, max }: Started): number => Math.max(Math.abs(min), Math.abs(max));
const smallInteger = (column: Started): boolean => column.whole && largest(column) < SMALL;

function sumParts(column: Started): string[] {
  const { index, name, x, count } = column;
  if (count === 0) return [];
  if (smallInteger(column)) {
    const wide = `CAST(${name} AS BIGINT)`;
    return [`sum(${wide}) AS sum${index}`, `sum(${wide} * ${wide}) AS squares${index}`];
  }
  return [`${exactSum(x, fixedPoint(largest(column), count))} AS sum${index}`];
}

type Centred = Started & Pick<Moments, "mean" | "sum"> & { readonly spread: number };

function withMean(column: Started, row: Row): Centred {
  const { count, index, min, max } = column;
  if (count === 0) return { ...column, sum: 0, mean: Number.NaN, spread: 0 };
  const total = BigInt(row[`sum${index}`] ?? 0);
  const fixed = smallInteger(column) ? { shift: 0 } : fixedPoint(largest(column), count);
  const mean = fixedMean(total, fixed, count);
  return {
    ...column,
    sum: fromFixed(total, fixed),
    mean,
    spread: Math.max(max / 2 - mean / 2, mean / 2 - min / 2),
  };
}

/** Twice 2^`unit` is above every distance from the mean. */
const unitOf = ({ spread }: Centred): number => exponentAbove(spread);

const needsSquares = (column: Centred): boolean =>
  column.count > 0 && column.spread > 0 && !smallInteger(column);

function squareParts(column: Centred): string[] {
  if (!needsSquares(column)) return [];
  const { x, mean, index, count } = column;
  const halves = `(${x} / 2e0 - ${literal(mean / 2)})`;
  const part = scaled(halves, -unitOf(column));
  return [`${exactSum(`${part} * (${part})`, fixedPoint(1, count))} AS spread${index}`];
}

function withDeviation(column: Centred, sums: Row, squares: Row): Moments {
  const { count, missing, infinite, min, max, mean, sum, index } = column;
  const found = { count, missing, infinite, min, max, mean, sum };
  if (count === 0) return { ...found, deviation: Number.NaN };
  if (smallInteger(column)) {
    // n Σx² − (Σx)² is exact in whole numbers; only its root is rounded.
    const [first, second] = [BigInt(sums[`sum${index}`] ?? 0), BigInt(sums[`squares${index}`] ?? 0)];
    return {
      ...found,
      deviation: Math.sqrt(fixedMean(BigInt(count) * second - first * first, { shift: 0 }, count * count)),
    };
  }
  if (!needsSquares(column)) return { ...found, deviation: 0 };
  const variance = fixedMean(BigInt(squares[`spread${index}`] ?? 0), fixedPoint(1, count), count);
  return { ...found, deviation: 2 * Math.sqrt(variance) * 2 ** unitOf(column) };
}
