import type { Answers } from "../core/features/answers.ts";
import { type DeriveSpec, isApproximate, readsOf } from "../core/features/derive.ts";
import { type AnyValueSpec, type FittedValue, LEARNING } from "../core/features/values.ts";
import type { ColumnKind } from "../core/tables/column.ts";
import { check, columnSql, type Kinds, parseExpression, toSql } from "../core/tables/expression/index.ts";
import { inParts } from "../core/tables/sql/in-parts.ts";
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
  readonly relation: string;
  readonly columns: readonly DataColumn[];
  /** What steps made of the columns, in their order. */
  readonly levels: readonly Level[];
  readonly kinds: ReadonlyMap<string, ColumnKind>;
  /** Columns whose SQL went through ln, exp and their like: see `answers`. */
  readonly approximate: ReadonlySet<string>;
}

/** Columns that are made at once, by name: none of them reads what another one becomes. */
type Level = ReadonlyMap<string, Pick<MadeColumn, "sql" | "reads">>;

interface MadeColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly sql: string;
  /** The columns that `sql` names. */
  readonly reads: readonly string[];
  readonly approximate: boolean;
}

/** The rows of `__split = 'train'`, no step applied. */
export function trainingRows(relation: string, columns: readonly DataColumn[]): Training {
  return {
    relation,
    columns,
    levels: [],
    kinds: new Map(columns.map(({ name, kind }) => [name, kind])),
    approximate: new Set(),
  };
}

/**
 * The query of some columns: of a wide table whose every column was filled, one column is one filled column.
 *
 * @example trainingSql(trainingRows("rows", [{ name: "a", kind: "text" }]), ["a"]) // => `SELECT __split, "a" AS "a" FROM "rows" WHERE __split = 'train'`
 */
export function trainingSql(training: Training, names: Iterable<string>): string {
  const { relation, columns, levels } = training;
  const wanted = [...new Set(names)];
  const level = levels.at(-1);
  if (level === undefined) {
    const read = columns.filter(({ name }) => wanted.includes(name));
    const list = read.map(({ name, kind }) => `${columnSql(name, kind)} AS ${quoteName(name)}`);
    return `SELECT ${["__split", ...list].join(", ")} FROM ${quoteName(relation)} WHERE __split = 'train'`;
  }
  const below = { ...training, levels: levels.slice(0, -1) };
  const from = trainingSql(
    below,
    wanted.flatMap((name) => level.get(name)?.reads ?? [name]),
  );
  const list = wanted.map((name) => `${level.get(name)?.sql ?? quoteName(name)} AS ${quoteName(name)}`);
  return wanted.some((name) => level.has(name)) ? `SELECT ${list.join(", ")} FROM (${from})` : from;
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
  const found: Answers[] = [];
  for (const some of inParts(questions)) {
    const sql = trainingSql(
      training,
      some.map(({ column }) => column),
    );
    await engine.run(`CREATE OR REPLACE VIEW ${VIEW} AS ${sql}`);
    found.push(...(await answersTo(engine, VIEW, some)));
  }
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
export function withColumn(training: Training, { name, sql, reads, ...column }: MadeColumn): Training {
  const { levels, kinds, approximate } = training;
  const last = levels.at(-1) ?? new Map();
  const apart = [name, ...reads].some((one) => last.has(one));
  const marked = new Set(approximate);
  if (column.approximate) marked.add(name);
  else marked.delete(name);
  return {
    ...training,
    levels: apart
      ? [...levels, new Map([[name, { sql, reads }]])]
      : [...levels.slice(0, -1), new Map(last).set(name, { sql, reads })],
    kinds: new Map(kinds).set(name, column.kind),
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
    return { ...training, kinds: left };
  }
  if (step.step === "derive") {
    const { kind, sql } = derived(step, kinds);
    const reads = readsOf(step);
    const inexact = isApproximate(step) || reads.some((column) => approximate.has(column));
    return withColumn(training, { name, kind, sql, reads, approximate: inexact });
  }
  const kind = kinds.get(name) ?? "number";
  const sql = LEARNING.get(step.step)?.sql(step, quoteName(name), kind) ?? quoteName(name);
  return withColumn(training, { name, kind, sql, reads: [name], approximate: approximate.has(name) });
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
