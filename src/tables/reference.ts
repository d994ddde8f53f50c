import {
  LEAST_ROWS,
  LONGEST_VALUE,
  MOST_BINS,
  MOST_VALUES,
  type Reference,
  type ReferenceCategories,
  type ReferenceColumn,
  type ReferenceNumbers,
} from "../core/drift/reference.ts";
import { timePartsOf } from "../core/drift/time-parts.ts";
import type { Recipe } from "../core/features/recipe.ts";
import type { ColumnKind } from "../core/tables/column.ts";
import { columnSql, numberSql } from "../core/tables/expression/index.ts";
import { TIME_PARTS_SQL } from "../core/tables/expression/operations/time.ts";
import { countWhere } from "../core/tables/sql/count-where.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine, Row } from "../ports/engine.ts";

/** A column, or part of a time, that is to be counted. */
interface Asked {
  readonly name: string;
  readonly of?: NonNullable<ReferenceColumn["of"]>;
  readonly column: string;
  readonly kind: ColumnKind;
  /** What is counted, as SQL: DOUBLE without NaN and infinity, or VARCHAR. */
  readonly sql: string;
  readonly numeric: boolean;
}

/** Numbers whose quantiles are asked at once: all of their values are in memory. */
const MOST_CELLS = 10_000_000;

/**
 * Counts what the training rows look like, column by column of a recipe's inputs, as they come in:
 * before any value step. All numbers are counts, extremes and values that stand in the rows, so that
 * neither the order of the rows nor the number of threads has a say.
 *
 * @param relation of `prepareRows`, with `__split`; no other rows than `train` are looked at
 * @param personal columns that are left out, and named as such
 */
export async function fitReference(
  engine: Engine,
  relation: string,
  recipe: Recipe,
  personal: readonly string[],
): Promise<Reference> {
  const from = ` FROM ${quoteName(relation)} WHERE __split = 'train'`;
  const left = new Set(personal);
  const asked = recipe.inputs
    .filter(({ name }) => !left.has(name))
    .flatMap((input) => askedOf(recipe, input));
  const [total = {}] = await engine.rows(`SELECT count(*) AS rows${from}`);
  const rows = Number(total.rows);
  const numbers = await fitNumbers(
    engine,
    asked.filter(({ numeric }) => numeric),
    from,
    rows,
  );
  const columns: ReferenceColumn[] = [];
  for (const one of asked) {
    columns.push(one.numeric ? present(numbers.get(one)) : await fitCategories(engine, one, from, rows));
  }
  return { schema: "trainyard/reference/1", rows, columns, personal: [...left] };
}

function askedOf(recipe: Recipe, { name, kind }: Recipe["inputs"][number]): Asked[] {
  const sql = columnSql(name, kind);
  const known = { name, column: name, kind };
  if (kind === "number") return [{ ...known, sql, numeric: true }];
  if (kind !== "time") return [{ ...known, sql: `CAST(${sql} AS VARCHAR)`, numeric: false }];
  return timePartsOf(recipe, name).map(({ part, numeric }): Asked => {
    const whole = `CAST(${TIME_PARTS_SQL[part]}(${sql}) AS BIGINT)`;
    const type = numeric ? "DOUBLE" : "VARCHAR";
    const of = { column: name, part };
    return { ...known, name: `${name} (${part})`, of, sql: `CAST(${whole} AS ${type})`, numeric };
  });
}

async function fitNumbers(
  engine: Engine,
  asked: readonly Asked[],
  from: string,
  rows: number,
): Promise<Map<Asked, ReferenceNumbers>> {
  const found = new Map<Asked, ReferenceNumbers>();
  const size = Math.min(100, Math.max(1, Math.floor(MOST_CELLS / Math.max(1, rows))));
  for (let start = 0; start < asked.length; start += size) {
    const some = asked.slice(start, start + size);
    const [known = {}] = await engine.rows(`SELECT ${some.flatMap(rangeParts).join(", ")}${from}`);
    const edges = some.map((_, i) => edgesOf(known, i));
    const parts = some.flatMap(({ sql }, i) =>
      (edges[i] ?? []).map((edge, k) => `${countWhere(`(${sql}) <= ${numberSql(edge)}`)} AS n${i}_${k}`),
    );
    const [counted = {}] = parts.length === 0 ? [] : await engine.rows(`SELECT ${parts.join(", ")}${from}`);
    for (const [i, one] of some.entries()) {
      found.set(one, numbersOf(one, rows, known, counted, i, edges[i] ?? []));
    }
  }
  return found;
}

function rangeParts({ sql, of, column }: Asked, i: number): string[] {
  const shares = Array.from({ length: MOST_BINS - 1 }, (_, k) => `${(k + 1) / MOST_BINS}`);
  const infinite = of === undefined ? `isinf(CAST(${quoteName(column)} AS DOUBLE))` : "false";
  return [
    `count(${sql}) AS present${i}`,
    `min(${sql}) AS min${i}`,
    `max(${sql}) AS max${i}`,
    `${countWhere(infinite)} AS infinite${i}`,
    `CAST(to_json(quantile_disc(${sql}, [${shares.join(", ")}])) AS VARCHAR) AS edges${i}`,
  ];
}

/** Quantiles of which none is there twice; beyond the last of them there are rows. */
function edgesOf(known: Row, i: number): number[] {
  const max = Number(known[`max${i}`]);
  const quantiles = JSON.parse(String(known[`edges${i}`] ?? "null")) as (number | null)[] | null;
  const edges = (quantiles ?? []).filter((edge) => edge !== null && edge < max) as number[];
  return [...new Set(edges)];
}

function numbersOf(
  { name, of }: Asked,
  rows: number,
  known: Row,
  counted: Row,
  i: number,
  edges: readonly number[],
): ReferenceNumbers {
  const [finite, infinite] = [Number(known[`present${i}`]), Number(known[`infinite${i}`])];
  const upTo = [...edges.map((_, k) => Number(counted[`n${i}_${k}`])), finite];
  return {
    name,
    ...(of === undefined ? {} : { of }),
    kind: "number",
    min: finite === 0 ? null : Number(known[`min${i}`]),
    max: finite === 0 ? null : Number(known[`max${i}`]),
    edges: [...edges],
    counts: upTo.map((sum, k) => sum - (upTo[k - 1] ?? 0)),
    missing: rows - finite - infinite,
    infinite,
  };
}

/** The most frequent values. Texts that few rows hold are not named; parts of times and truth values are. */
async function fitCategories(
  engine: Engine,
  { name, of, kind, sql }: Asked,
  from: string,
  rows: number,
): Promise<ReferenceCategories> {
  const least = kind === "text" ? LEAST_ROWS : 1;
  const [counted = {}] = await engine.rows(`SELECT count(${sql}) AS present${from}`);
  const found = await engine.rows(
    `SELECT v, n FROM (SELECT v, count(*) AS n FROM (SELECT ${sql} AS v${from}) WHERE v IS NOT NULL GROUP BY v)
     WHERE n >= ${least} AND length(v) <= ${LONGEST_VALUE} ORDER BY n DESC, v LIMIT ${MOST_VALUES}`,
  );
  const there = Number(counted.present);
  const counts = found.map(({ n }) => Number(n));
  return {
    name,
    ...(of === undefined ? {} : { of }),
    kind: "category",
    values: found.map(({ v }) => String(v)),
    counts,
    other: counts.reduce((rest, n) => rest - n, there),
    missing: rows - there,
  };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a column was not counted");
  return value;
}
