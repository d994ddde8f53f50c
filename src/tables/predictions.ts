import { classNames } from "../core/measures/labels.ts";
import { predictsNumbers, scoresEach, type Task } from "../core/measures/task.ts";
import type { Column, Table } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Scores } from "../ports/model.ts";

/** What predictions are held against. */
export interface AskedRows {
  readonly task: Task;
  /** In the order of the scores; [1] is the positive of two. */
  readonly classes: readonly string[];
  /** Forecast: quantiles in percent, each a column such as `q10`. */
  readonly quantiles?: readonly number[];
  /** A relation with `__id` and `__split`, whose holdout the predictions are for. */
  readonly holdout: string;
}

/** Predictions for the holdout's rows, in the holdout's order. */
export interface Predictions {
  readonly ids: Column;
  readonly scores: Scores;
}

const GIVEN = "__given_predictions";
const TOLERANCE = 3.5e-4; // of a sum of probabilities: the square root of float32's precision

/**
 * Reads a training command's predictions: a CSV or Parquet file with `id`, and `score` or one column
 * a class or label that bears its name.
 *
 * @throws {UserError} where the rows are not exactly the holdout's, or a score is no number or out of range
 */
export async function readPredictions(engine: Engine, path: string, asked: AskedRows): Promise<Predictions> {
  const columns = await loaded(engine, path);
  const names = scoreColumns(columns, asked, path);
  await checkRows(engine, asked.holdout, path);
  const list = names.map((name) => `g.${quoteName(name)}`).join(", ");
  const table = await engine.table(
    `SELECT h.__id, ${list} FROM (SELECT __id, row_number() OVER () AS place FROM ${quoteName(asked.holdout)} WHERE __split = 'holdout') h JOIN ${GIVEN} g ON CAST(g."id" AS VARCHAR) = CAST(h.__id AS VARCHAR) ORDER BY h.place`,
  );
  const ids = table.columns.get("__id");
  if (ids === undefined) throw new Error("the holdout has no __id");
  return { ids, scores: checkedScores(table, names, ids, asked.task, path) };
}

/** Loads the file, ids as text: `007` is not 7. */
async function loaded(engine: Engine, path: string): Promise<readonly string[]> {
  const format = path.endsWith(".parquet") ? "parquet" : "csv";
  const header = format === "csv" ? { header: true } : {}; // classes may be called 0, 1 and 2
  await engine.load(GIVEN, { paths: [path], format, ...header });
  const columns = await engine.columns(`SELECT * FROM ${GIVEN}`);
  const id = columns.find(({ name }) => name === "id");
  if (id === undefined)
    throw new UserError(`${path} has no column "id"; found: ${columns.map(({ name }) => name).join(", ")}`);
  if (format === "csv" && id.kind !== "text")
    await engine.load(GIVEN, { paths: [path], format, ...header, types: { id: "text" } });
  return columns.map(({ name }) => name);
}

function scoreColumns(
  columns: readonly string[],
  { task, classes, quantiles = [] }: AskedRows,
  path: string,
): readonly string[] {
  const [, positive = "1"] = classes;
  if (!scoresEach(task)) {
    const one = ["score", ...(predictsNumbers(task) ? [] : [positive])].find((name) =>
      columns.includes(name),
    );
    const named = quantiles.map((percent) => `q${percent}`);
    const lost = named.filter((name) => !columns.includes(name));
    if (one !== undefined && lost.length > 0) {
      throw new UserError(
        `${path} has no column ${lost.map((name) => `"${name}"`).join(", ")}, and the contract asks for the quantiles; found: ${columns.join(", ")}`,
      );
    }
    if (one !== undefined) return [one, ...named];
    throw new UserError(`${path} has no column "score"; found: ${columns.join(", ")}`);
  }
  const noun = task === "multilabel" ? "label" : "class";
  const missing = classes.filter((name) => !columns.includes(name));
  if (missing.length === 0) return classes;
  throw new UserError(
    `${path} has no column for ${noun} ${missing.map((name) => `"${name}"`).join(", ")}; right is one column a ${noun}, named as it: ${classes.join(", ")}`,
  );
}

/** Every row of the holdout once, and no other. */
async function checkRows(engine: Engine, holdout: string, path: string): Promise<void> {
  const given = `(SELECT CAST("id" AS VARCHAR) AS id FROM ${GIVEN})`;
  const wanted = `(SELECT CAST(__id AS VARCHAR) AS id FROM ${quoteName(holdout)} WHERE __split = 'holdout')`;
  const count = async (sql: string): Promise<{ readonly rows: number; readonly first: string }> => {
    const [found] = await engine.rows(`SELECT count(*) AS rows, min(id) AS first FROM (${sql})`);
    return { rows: Number(found?.rows ?? 0), first: String(found?.first) };
  };
  const empty = await count(`SELECT id FROM ${given} WHERE id IS NULL`);
  if (empty.rows > 0) throw new UserError(`${path} has ${rowsText(empty.rows)} without an id`);
  const shared = await count(`SELECT id FROM ${wanted} GROUP BY id HAVING count(*) > 1`);
  if (shared.rows > 0)
    throw new UserError(
      `the holdout has ${shared.rows === 1 ? "an id" : `${shared.rows} ids`} that several rows bear, such as "${shared.first}", so no prediction in ${path} is known to be theirs; name a column that tells rows apart in data.roles.id`,
    );
  const doubled = await count(`SELECT id FROM ${given} GROUP BY id HAVING count(*) > 1`);
  if (doubled.rows > 0)
    throw new UserError(
      `${path} predicts ${rowsText(doubled.rows)} more than once, such as id "${doubled.first}"`,
    );
  const missing = await count(`SELECT id FROM ${wanted} EXCEPT SELECT id FROM ${given}`);
  if (missing.rows > 0)
    throw new UserError(
      `${path} has no prediction for ${rowsText(missing.rows)} of the holdout, such as id "${missing.first}"`,
    );
  const extra = await count(`SELECT id FROM ${given} EXCEPT SELECT id FROM ${wanted}`);
  if (extra.rows > 0)
    throw new UserError(
      `${path} predicts ${rowsText(extra.rows)} that the holdout does not have, such as id "${extra.first}"`,
    );
}

function checkedScores(
  table: Table,
  names: readonly string[],
  ids: Column,
  task: Task,
  path: string,
): Scores {
  const outputs = names.length;
  const values = new Float64Array(table.rows * outputs);
  const bad = (row: number, text: string) => {
    const id = classNames(ids)[row] ?? "";
    return new UserError(`${path} has ${text} for id "${id}"`);
  };
  for (const [output, name] of names.entries()) {
    const column = table.columns.get(name);
    if (column === undefined || column.kind === "text" || column.kind === "time")
      throw new UserError(`${path}: column "${name}" does not hold numbers`);
    for (let row = 0; row < table.rows; row++) {
      const score = column.values[row] ?? Number.NaN;
      if (!Number.isFinite(score))
        throw bad(
          row,
          `the score "${Number.isNaN(score) ? "" : score}" in column "${name}"; right is a finite number`,
        );
      if (!predictsNumbers(task) && (score < 0 || score > 1))
        throw bad(row, `the score "${score}" in column "${name}"; right is a probability from 0 to 1`);
      values[row * outputs + output] = score;
    }
  }
  const shares = outputs > 1 && !predictsNumbers(task) && task !== "multilabel";
  for (let row = 0; shares && row < table.rows; row++) {
    const sum = values
      .subarray(row * outputs, (row + 1) * outputs)
      .reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) > TOLERANCE) throw bad(row, `probabilities that add up to ${sum}; right is 1`);
  }
  return { outputs, values };
}

const rowsText = (rows: number): string => (rows === 1 ? "1 row" : `${rows} rows`);
