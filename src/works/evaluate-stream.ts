import { basename } from "node:path";
import { inferTask } from "../core/measures/infer-task.ts";
import { classIndices, classNames, orderClasses } from "../core/measures/labels.ts";
import type { Scored } from "../core/measures/scored.ts";
import { Streamed } from "../core/measures/streamed/streamed.ts";
import { CLASSIFICATION, REGRESSION, type Task } from "../core/measures/task.ts";
import type { Report } from "../core/report/report.ts";
import type { Table } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import type { PredictionColumns } from "./evaluate-predictions.ts";
import { interleave, numbers } from "./plain-columns.ts";
import { reportOf } from "./plain-report.ts";
import { columnOf, loadPlain } from "./plain-table.ts";

const RELATION = "candidate";
/** A label of more values than these is no class. */
const MOST_CLASSES = 1000;

type Asked = PredictionColumns & {
  readonly baseline: string | undefined;
  readonly task: Task | undefined;
  readonly resamples: number;
};

/**
 * Measures a file of predictions of any length, in memory that does not grow with it: batch by batch, what adds up
 * alone. What would have to hold rows beside each other is refused.
 */
export async function evaluateStream(ports: Ports, file: string, asked: Asked): Promise<Report> {
  refuse(asked);
  const engine = await ports.engine();
  const named = [asked.label, ...(asked.prediction === undefined ? [] : [asked.prediction]), ...asked.scores];
  await loadPlain(engine, RELATION, file, ports.folder, named);
  const { task, classes } = await taskOf(engine, asked, file);
  const rows = await rowsIn(engine, file, asked);
  const settings = { confidence: 0.95, seed: 7, resamples: asked.resamples, task, classes };
  const stream = new Streamed(settings);
  const scoredOf =
    classes.length === 0 ? await numbersOf(engine, asked, file) : classesOf(classes, asked, file);
  const progress = ports.progress.start(`measuring ${basename(file)}`, rows);
  const columns = [...new Set(named)].map(quoteName).join(", ");
  for await (const batch of engine.batches(`SELECT ${columns} FROM ${quoteName(RELATION)}`)) {
    stream.add(scoredOf(batch));
    progress.update(stream.rows, rows);
  }
  progress.end();
  const counts = stream.confusion();
  const metrics = stream.metrics();
  return reportOf({
    name: basename(file),
    task,
    classes,
    rows: stream.rows,
    threshold: asked.threshold,
    evaluation: {
      metrics,
      shown: metrics.filter(({ value }) => value !== null).length,
      confusion: counts === null ? null : { labels: [...classes], counts },
      curves: NO_CURVES,
      fairness: [],
    },
  });
}

const NO_CURVES = {
  roc: [],
  roc_baseline: [],
  precision_recall: [],
  precision_recall_baseline: [],
  calibration: [],
  residuals: [],
};

/** @throws {UserError} exit 2 for what has to see rows beside each other */
function refuse(asked: Asked): void {
  const apart = {
    "--baseline": asked.baseline !== undefined,
    "--key": asked.key !== undefined,
    "--sensitive": asked.sensitive.length > 0,
    "--weight": asked.weight !== undefined,
    "--query": asked.query !== undefined,
    "--quantiles": asked.quantiles.length > 0,
    "several labels": asked.several !== undefined,
  };
  const stray = Object.entries(apart).find(([, is]) => is)?.[0];
  const exit = { exit: EXIT.usage };
  if (stray !== undefined) {
    throw new UserError(
      `${stray} asks for rows beside each other, and --stream holds none; leave one of them out`,
      exit,
    );
  }
  const { task } = asked;
  if (task !== undefined && !CLASSIFICATION.includes(task) && task !== "regression") {
    throw new UserError(
      `--stream measures classifications and regressions; ${task} needs all rows at once`,
      exit,
    );
  }
}

/** What is predicted, from the different values of the label, and of the prediction. */
async function taskOf(
  engine: Engine,
  asked: Asked,
  file: string,
): Promise<{ readonly task: Task; readonly classes: readonly string[] }> {
  const distinct = async (name: string): Promise<Table> =>
    engine.table(
      `SELECT DISTINCT ${quoteName(name)} FROM ${quoteName(RELATION)} WHERE ${quoteName(name)} IS NOT NULL LIMIT ${MOST_CLASSES + 1}`,
    );
  if (asked.task === "regression") return { task: "regression", classes: [] };
  const labels = await distinct(asked.label);
  if (labels.rows === 0)
    throw new UserError(`${file} has no rows with a ${asked.label}; there is nothing to measure`);
  const label = columnOf(labels, asked.label);
  const task = asked.task ?? inferTask(label, { positive: asked.positive, scores: asked.scores.length });
  if (REGRESSION.includes(task)) return { task, classes: [] };
  if (labels.rows > MOST_CLASSES) {
    throw new UserError(`"${asked.label}" has more than ${MOST_CLASSES} values; a class has a name of few`);
  }
  const decided = asked.prediction === undefined ? undefined : await distinct(asked.prediction);
  const others = decided === undefined ? [] : classNames(columnOf(decided, asked.prediction ?? ""));
  return { task, classes: orderClasses([...classNames(label), ...others], asked.positive) };
}

/** How many rows there are. @throws {UserError} that counts those without a label or a finite number */
async function rowsIn(engine: Engine, file: string, asked: Asked): Promise<number> {
  const names = [asked.label, ...(asked.prediction === undefined ? [] : [asked.prediction]), ...asked.scores];
  const kinds = new Map(
    (await engine.columns(`SELECT * FROM ${quoteName(RELATION)}`)).map(({ name, kind, type }) => [
      name,
      { kind, type },
    ]),
  );
  const bad = names.map((name) => {
    const own = quoteName(name);
    const isFloat = /^(FLOAT|DOUBLE|REAL)$/.test(kinds.get(name)?.type ?? "");
    return `count_if(${own} IS NULL${isFloat ? ` OR NOT isfinite(${own})` : ""})`;
  });
  const list = bad.map((one, place) => `${one} AS bad${place}`).join(", ");
  const [found] = await engine.rows(`SELECT count(*) AS n, ${list} FROM ${quoteName(RELATION)}`);
  const rows = Number(found?.n ?? 0);
  if (rows === 0) throw new UserError(`${file} has no rows; there is nothing to measure`);
  names.forEach((name, place) => {
    const count = Number(found?.[`bad${place}`] ?? 0);
    if (count === 0) return;
    const have = count === 1 ? "has" : "have";
    throw new UserError(
      `${count} of ${rows} rows in ${file} ${have} no "${name}", or none that is finite; leave these rows out or mend them`,
    );
  });
  return rows;
}

function classesOf(classes: readonly string[], asked: Asked, file: string): (batch: Table) => Scored {
  return (batch) => ({
    labels: Float64Array.from(classIndices(columnOf(batch, asked.label), classes, `label "${asked.label}"`)),
    scores: interleave(
      asked.scores.map((name) => numbers(columnOf(batch, name), name, file)),
      batch.rows,
    ),
    outputs: Math.max(1, asked.scores.length),
    ...(asked.threshold === undefined ? {} : { threshold: asked.threshold }),
    ...(asked.prediction === undefined
      ? {}
      : {
          decisions: classIndices(
            columnOf(batch, asked.prediction),
            classes,
            `prediction "${asked.prediction}"`,
          ),
        }),
  });
}

/** Squares are taken of what is left when a number near the mean is taken off, so that no digits are lost. */
async function numbersOf(engine: Engine, asked: Asked, file: string): Promise<(batch: Table) => Scored> {
  const label = quoteName(asked.label);
  const [found] = await engine.rows(`SELECT avg(${label}) AS center FROM ${quoteName(RELATION)}`);
  const center = Number(found?.center ?? 0);
  const name = asked.prediction ?? asked.scores[0] ?? "";
  return (batch) => ({
    labels: numbers(columnOf(batch, asked.label), asked.label, file),
    scores: numbers(columnOf(batch, name), name, file),
    outputs: 1,
    context: { center },
  });
}
