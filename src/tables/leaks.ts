import type { Contract } from "../config/contract.ts";
import { readsOf } from "../core/features/derive.ts";
import { featureSpecs } from "../core/features/specs.ts";
import { valueSpecs } from "../core/features/values.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import { columnSql } from "../core/tables/expression/index.ts";
import { labelColumns } from "../core/tables/labels.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import type { Engine } from "../ports/engine.ts";
import { type DataColumn, dataColumnsOf } from "./columns.ts";
import type { Finding } from "./warnings.ts";

export type LeakContract = Pick<Contract, "task" | "data" | "prepare" | "features">;

/** So many pairs of a column and a label are looked at, each by a query. */
const PAIRS = 2000;
/** A number that ranks two classes this well, or this badly, knows the answer. */
const AUC = 0.99;
/** Share of training rows whose label a category tells, and how many fewer errors than by guessing. */
const ACCURACY = 0.995;
const ERRORS = 0.25;
/** Share of a numeric label's variance that one number explains. */
const EXPLAINED = 0.999;

/**
 * Columns that enter the model and tell the label alone, on the training rows: usually something
 * that was only known afterwards. And those that the contract itself says must not enter.
 *
 * For two classes, a number whose ROC AUC is at least 0.99 or at most 0.01. For classes, a category
 * that names the label right in 99.5 % of the rows with at most a quarter of the errors of guessing,
 * where a category that stands once tells nothing. For regression, a number that explains 99.9 % of
 * the variance. Of several labels each is two classes.
 */
export async function leakFindings(
  engine: Engine,
  relation: string,
  contract: LeakContract,
): Promise<Finding[]> {
  const { leaks, labels } = contract.data.roles;
  const answers = labelColumns(contract.data.roles);
  const columns = await dataColumnsOf(engine, relation);
  const used = usedColumns(contract);
  const findings = [...used].filter((name) => answers.includes(name) || leaks.includes(name)).map(named);
  const targets = columns.filter(({ name }) => answers.includes(name));
  const asked = columns.filter(
    ({ name }) => used.has(name) && !answers.includes(name) && !leaks.includes(name),
  );
  const room = Math.floor(PAIRS / Math.max(1, asked.length));
  const left = targets.length - Math.min(targets.length, Math.max(1, room));
  if (left > 0) {
    findings.push({
      title: "Not every label was looked for",
      text: `Whether a column tells a label alone was not looked at for ${left} of ${targets.length} labels: ${asked.length} columns enter the model, and there are too many pairs.`,
    });
  }
  const pairs = asked.flatMap((column) =>
    targets.slice(0, targets.length - left).map((target) => ({ column, target })),
  );
  for (const { column, target } of pairs) {
    const evidence = await evidenceOf(engine, relation, contract, column, target);
    if (evidence === undefined) continue;
    const what = labels === undefined ? "the label" : `the label "${target.name}"`;
    findings.push({
      title: `"${column.name}" tells ${what} alone`,
      text: `In the training rows, ${evidence}. A column that knows the answer is usually filled in after it; if so, leave it out of features and name it under data.roles.leaks.`,
    });
  }
  return findings;
}

function named(name: string): Finding {
  return {
    title: `"${name}" enters the model`,
    text: `data.roles says that "${name}" knows the answer, and features name it. Leave it out of features.`,
  };
}

/** The data's columns that features read, themselves or through derived ones. */
export function usedColumns({ prepare, features }: LeakContract): ReadonlySet<string> {
  const names = Array.isArray(features)
    ? featureSpecs(features).map(({ column }) => column)
    : features.columns;
  const used = new Set(names);
  for (const spec of valueSpecs(prepare.values).toReversed()) {
    if (spec.step === "derive" && used.has(spec.column)) for (const name of readsOf(spec)) used.add(name);
  }
  return used;
}

async function evidenceOf(
  engine: Engine,
  relation: string,
  { task }: LeakContract,
  column: DataColumn,
  label: DataColumn,
): Promise<string | undefined> {
  const rows = `(SELECT ${columnSql(column.name, column.kind)} AS x, ${columnSql(label.name, label.kind)} AS y
    FROM ${quoteName(relation)} WHERE __split = 'train')`;
  const numeric = column.kind === "number" || column.kind === "time";
  if (predictsNumbers(task)) return numeric ? explained(engine, rows, column, label) : undefined;
  if ((task === "binary-classification" || task === "multilabel") && numeric) {
    const found = await ranked(engine, rows);
    if (found !== undefined) return found;
  }
  return mapped(engine, rows);
}

/** ROC AUC by counting: for each value, the rows of the other class below it, and half of the tied ones. */
async function ranked(engine: Engine, rows: string): Promise<string | undefined> {
  const [row = {}] = await engine.rows(`
    WITH pair AS (SELECT x, y = (SELECT max(y) FROM ${rows}) AS high FROM ${rows} WHERE x IS NOT NULL),
      tied AS (SELECT x, count(*) FILTER (high) AS p, count(*) FILTER (NOT high) AS n FROM pair GROUP BY x),
      summed AS (SELECT p, n, coalesce(sum(n) OVER (ORDER BY x ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS below FROM tied)
    SELECT CAST(sum(CAST(p AS HUGEINT) * (2 * below + n)) AS DOUBLE) / (2e0 * sum(p) * sum(n)) AS auc,
      least(sum(p), sum(n)) AS rarer FROM summed`);
  const auc = row.auc === null ? NaN : Number(row.auc);
  if (Number(row.rarer) < 2 || !(auc >= AUC || auc <= 1 - AUC)) return undefined;
  return `its ROC AUC on its own is ${auc.toFixed(3)}`;
}

async function mapped(engine: Engine, rows: string): Promise<string | undefined> {
  const [row = {}] = await engine.rows(`
    WITH cells AS (SELECT x, y, count(*) AS n FROM ${rows} GROUP BY x, y),
      told AS (SELECT sum(n) AS n, max(n) AS most FROM cells GROUP BY x),
      guessed AS (SELECT max(n) AS most FROM (SELECT sum(n) AS n FROM cells GROUP BY y))
    SELECT sum(n) AS rows, sum(CASE WHEN n > 1 THEN most ELSE 0 END) AS told,
      (SELECT most FROM guessed) AS guessed FROM told`);
  const [all, told, guessed] = [Number(row.rows), Number(row.told), Number(row.guessed)];
  const accuracy = told / all;
  if (!(accuracy >= ACCURACY) || all - told > ERRORS * (all - guessed) || guessed === all) return undefined;
  return `its value names the label in ${(accuracy * 100).toFixed(1)} % of the rows`;
}

async function explained(
  engine: Engine,
  rows: string,
  column: DataColumn,
  label: DataColumn,
): Promise<string | undefined> {
  if (label.kind !== "number") return undefined;
  const x = column.kind === "time" ? "epoch_us(x) / 1e6" : "x";
  const [row = {}] = await engine.rows(
    `SELECT count(*) AS n, power(corr(${x}, y), 2) AS r2 FROM ${rows} WHERE x IS NOT NULL AND y IS NOT NULL`,
  );
  const r2 = row.r2 === null ? NaN : Number(row.r2);
  if (Number(row.n) < 3 || !(r2 >= EXPLAINED)) return undefined;
  return `it explains ${(Math.min(r2, 0.99999) * 100).toFixed(1)} % of the label's variance`;
}
