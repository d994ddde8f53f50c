import type { Answers, Asked, Value } from "../core/features/answers.ts";
import type { ColumnKind } from "../core/tables/column.ts";
import { numberSql } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { compareText } from "../core/text/order.ts";
import type { Engine, Row, SqlValue } from "../ports/engine.ts";
import { exactMomentsOf } from "./moments.ts";

export interface Question {
  readonly column: string;
  readonly kind: ColumnKind;
  readonly asked: Asked;
}

/**
 * Answers what steps ask of the rows of a view, whose columns are as the dialect sees them: DOUBLE
 * without NaN and infinity, BOOLEAN, VARCHAR, TIMESTAMP.
 *
 * Nothing depends on the order of the rows or on threads: counts, extremes and quantiles are exact,
 * means are sums in fixed point.
 */
export async function answersTo(
  engine: Engine,
  view: string,
  questions: readonly Question[],
): Promise<Answers[]> {
  if (questions.length === 0) return [];
  const from = ` FROM ${quoteName(view)}`;
  const counts = await one(
    engine,
    `SELECT count(*) AS rows, ${questions.flatMap(countParts).join(", ")}${from}`,
  );
  const wanted = questions.filter(({ asked }) => asked.moments === true).map(({ column }) => column);
  const names = [...new Set(wanted)];
  const moments = await exactMomentsOf(engine, view, names);
  const answers: Answers[] = [];
  for (const [index, question] of questions.entries()) {
    const { column, asked } = question;
    const known = moments[names.indexOf(column)];
    answers.push({
      rows: number(counts.rows),
      present: number(counts[`present${index}`]),
      least: number(counts[`least${index}`]),
      greatest: number(counts[`greatest${index}`]),
      mean: known?.mean ?? NaN,
      deviation: known?.deviation ?? NaN,
      quantiles: await quantiles(engine, column, asked, from),
      mode: asked.mode === true ? await mode(engine, question, from) : undefined,
      categories: await categories(engine, column, asked, from),
    });
  }
  return answers;
}

function countParts({ column, asked }: Question, index: number): string[] {
  const name = quoteName(column);
  const range = [`min(${name}) AS least${index}`, `max(${name}) AS greatest${index}`];
  return [`count(${name}) AS present${index}`, ...(asked.range === true ? range : [])];
}

/** One query a column: a quantile holds all its values in memory. */
async function quantiles(engine: Engine, column: string, { quantiles = [] }: Asked, from: string) {
  if (quantiles.length === 0) return [];
  const shares = quantiles.map((share) => numberSql(share)).join(", ");
  const list = `quantile_cont(${quoteName(column)}, [${shares}])`;
  const parts = quantiles.map((_, i) => `q[${i + 1}] AS q${i}`).join(", ");
  const row = await one(engine, `SELECT ${parts} FROM (SELECT ${list} AS q${from})`);
  return quantiles.map((_, i) => number(row[`q${i}`]));
}

async function mode(engine: Engine, { column, kind }: Question, from: string): Promise<Value | undefined> {
  const name = quoteName(column);
  const rows = await engine.rows(
    `SELECT ${kind === "time" ? `epoch_us(${name}) / 1000e0` : name} AS value, count(*) AS n${from}
     WHERE ${name} IS NOT NULL GROUP BY ${name} ORDER BY n DESC, ${name} LIMIT 1`,
  );
  return value(rows[0]?.value ?? null);
}

async function categories(engine: Engine, column: string, asked: Asked, from: string): Promise<Value[]> {
  if (asked.categories === undefined) return [];
  const { most, least } = asked.categories;
  const name = quoteName(column);
  const rows = await engine.rows(
    `SELECT ${name} AS value, count(*) AS n${from} WHERE ${name} IS NOT NULL
     GROUP BY ${name} HAVING n >= ${least} ORDER BY n DESC, ${name} LIMIT ${most}`,
  );
  return rows.flatMap((row) => value(row.value ?? null) ?? []).sort(ascending);
}

function value(found: SqlValue): Value | undefined {
  return found === null ? undefined : typeof found === "bigint" ? Number(found) : found;
}

function ascending(a: Value, b: Value): number {
  return typeof a === "string" && typeof b === "string" ? compareText(a, b) : Number(a) - Number(b);
}

async function one(engine: Engine, sql: string): Promise<Row> {
  const [row = {}] = await engine.rows(sql);
  return row;
}

function number(found: SqlValue | undefined): number {
  return found === null || found === undefined ? NaN : Number(found);
}
