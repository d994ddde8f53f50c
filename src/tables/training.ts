import type { Answers } from "../core/features/answers.ts";
import { type DeriveSpec, isApproximate, readsOf } from "../core/features/derive.ts";
import { type AnyValueSpec, type FittedValue, LEARNING } from "../core/features/values.ts";
import type { ColumnKind } from "../core/tables/column.ts";
import { check, columnSql, type Kinds, parseExpression, toSql } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { answersTo, type Question } from "./answers.ts";
import { type DataColumn, requireColumn } from "./columns.ts";

/** The view in which steps are fitted. */
const VIEW = "__training";

/**
 * The training rows as the next step sees them: all steps before it are applied, as SQL. Every
 * column is as the dialect sees it, so SQL and memory mean the same values.
 */
export interface Training {
  readonly sql: string;
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  /** Columns whose SQL went through ln, exp and their like: see `answers`. */
  readonly approximate: ReadonlySet<string>;
}

/** The rows of `__split = 'train'`, no step applied. */
export function trainingRows(relation: string, columns: readonly DataColumn[]): Training {
  const list = columns.map(({ name, kind }) => `${columnSql(name, kind)} AS ${quoteName(name)}`);
  return {
    sql: `SELECT ${list.join(", ")} FROM ${quoteName(relation)} WHERE __split = 'train'`,
    kinds: new Map(columns.map(({ name, kind }) => [name, kind])),
    approximate: new Set(),
  };
}

/**
 * Answers about the training rows. Numbers of columns that went through a function whose last digit
 * depends on the C library are rounded to 12 digits, so that a recipe is the same on all machines.
 */
export async function answers(
  engine: Engine,
  training: Training,
  questions: readonly Question[],
): Promise<Answers[]> {
  if (questions.length === 0) return [];
  await engine.run(`CREATE OR REPLACE VIEW ${VIEW} AS ${training.sql}`);
  const found = await answersTo(engine, VIEW, questions);
  return found.map((answer, i) => {
    return training.approximate.has(questions[i]?.column ?? "") ? rounded(answer) : answer;
  });
}

function rounded(answer: Answers): Answers {
  const round = (x: number): number => Number(x.toPrecision(12));
  const { mean, deviation, least, greatest, quantiles } = answer;
  return {
    ...answer,
    mean: round(mean),
    deviation: round(deviation),
    least: round(least),
    greatest: round(greatest),
    quantiles: quantiles.map(round),
  };
}

/** A column more, or another in its place. */
export function withColumn(
  { sql, kinds, approximate }: Training,
  column: {
    readonly name: string;
    readonly kind: ColumnKind;
    readonly sql: string;
    readonly approximate: boolean;
  },
): Training {
  const name = quoteName(column.name);
  const list = kinds.has(column.name)
    ? `* REPLACE (${column.sql} AS ${name})`
    : `*, ${column.sql} AS ${name}`;
  const marked = new Set(approximate);
  if (column.approximate) marked.add(column.name);
  else marked.delete(column.name);
  return {
    sql: `SELECT ${list} FROM (${sql})`,
    kinds: new Map(kinds).set(column.name, column.kind),
    approximate: marked,
  };
}

/** The training rows after one fitted value step. */
export function afterValue(training: Training, step: FittedValue): Training {
  const { kinds, approximate } = training;
  const name = step.column;
  if (step.step === "drop") {
    const left = new Map(kinds);
    left.delete(name);
    if (left.size === 0) throw new UserError(`prepare.values: drop leaves no column, "${name}" is the last`);
    return { sql: `SELECT * EXCLUDE (${quoteName(name)}) FROM (${training.sql})`, kinds: left, approximate };
  }
  if (step.step === "derive") {
    const { kind, sql } = derived(step, kinds);
    const inexact = isApproximate(step) || readsOf(step).some((column) => approximate.has(column));
    return withColumn(training, {
      name,
      kind,
      sql,
      approximate: inexact,
    });
  }
  const kind = kinds.get(name) ?? "number";
  const sql = LEARNING.get(step.step)?.sql(step, quoteName(name), kind) ?? quoteName(name);
  return withColumn(training, { name, kind, sql, approximate: approximate.has(name) });
}

function derived(step: DeriveSpec, kinds: Kinds): { readonly kind: ColumnKind; readonly sql: string } {
  try {
    const expression = parseExpression(step.expression);
    return { kind: check(expression, kinds).kind, sql: toSql(expression, kinds) };
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`prepare.values: derive: ${step.column}: ${cause.message}`, { cause });
  }
}

/** Runs of steps that can be fitted at once: learning steps of one sort, each on a column of its own. */
export function runsOf(specs: readonly AnyValueSpec[]): AnyValueSpec[][] {
  const runs: AnyValueSpec[][] = [];
  for (const spec of specs) {
    const run = runs.at(-1);
    const first = run?.[0];
    const joins =
      first?.step === spec.step &&
      LEARNING.has(spec.step) &&
      !run?.some(({ column }) => column === spec.column);
    if (run !== undefined && joins) run.push(spec);
    else runs.push([spec]);
  }
  return runs;
}

/** @throws {UserError} on a column that is not there by then */
export function kindIn(training: Training, column: string, where: string): ColumnKind {
  requireColumn(column, training.kinds.keys(), where);
  return training.kinds.get(column) ?? "number";
}
