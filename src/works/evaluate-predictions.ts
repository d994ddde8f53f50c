import { basename } from "node:path";
import { inferTask } from "../core/measures/infer-task.ts";
import { classIndices, classNames, orderClasses } from "../core/measures/labels.ts";
import type { Scored } from "../core/measures/scored.ts";
import { predictsNumbers, type Task } from "../core/measures/task.ts";
import { deciding, type LabelThreshold } from "../core/models/label-thresholds.ts";
import type { Report } from "../core/report/report.ts";
import type { Column, Table, TextColumn } from "../core/tables/column.ts";
import { placesByKey, requireKeys } from "../core/tables/keys.ts";
import { textColumn } from "../core/tables/text-column.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Ports } from "../ports/ports.ts";
import { keyMissing } from "./likely-key.ts";
import { interleave, numbers } from "./plain-columns.ts";
import { plainReport } from "./plain-report.ts";
import { columnOf, readPlain } from "./plain-table.ts";
import { requireOneEach, SEVERAL, type SeveralLabels, severalOf } from "./several-labels.ts";
import { queriesOf } from "./value-context.ts";

/** Columns of a predictions file, by what they are. */
export interface PredictionColumns {
  readonly label: string;
  readonly prediction: string | undefined;
  /** Where a row may carry any of several labels: their columns, in place of `label` and `prediction`. */
  readonly several?: SeveralLabels | undefined;
  /** One for two classes, one a class, in the classes' order, for more. */
  readonly scores: readonly string[];
  readonly sensitive: readonly string[];
  readonly positive: string | undefined;
  readonly threshold: number | undefined;
  /** Several labels: a threshold for each, in their order, in place of the one. */
  readonly thresholds?: readonly LabelThreshold[] | undefined;
  /** Tells rows apart, and joins a baseline's to them. */
  readonly key: string | undefined;
  /** Ranking: the column of each row's query. */
  readonly query: string | undefined;
  /** Forecast: quantiles in percent, each a column such as `q10`. */
  readonly quantiles: readonly number[];
  /** How much each row counts. */
  readonly weight: string | undefined;
}

/** Measures a file of predictions, and another beside it: the model that it is compared with. */
export async function evaluatePredictions(
  ports: Ports,
  file: string,
  asked: PredictionColumns & {
    readonly baseline: string | undefined;
    readonly task: Task | undefined;
    readonly resamples: number;
  },
): Promise<Report> {
  if (asked.prediction === undefined && asked.scores.length === 0) {
    throw new UserError(
      "nothing to judge: name the predicted column with --prediction, or its score with --score",
      { exit: EXIT.usage },
    );
  }
  if (asked.several !== undefined) requireOneEach(asked.several, asked);
  const engine = await ports.engine();
  const named = [...columnsOf(asked), ...asked.sensitive];
  const table = await readPlain(engine, "candidate", file, ports.folder, named, "only", asked.key);
  if (asked.key !== undefined) requireKeys(asked.key, { file, keys: keysIn(table, asked.key) });
  const { task, classes } = taskOf(table, asked);
  const candidate = scoredOf(table, task, classes, asked, file);
  const other =
    asked.baseline === undefined
      ? undefined
      : await matched(engine, ports, { file, table, baseline: asked.baseline }, asked);
  return plainReport({
    name: basename(file),
    task,
    classes,
    candidate,
    ...(other?.table === undefined
      ? {}
      : { baseline: scoredOf(other.table, task, classes, asked, asked.baseline ?? "") }),
    ...(other?.reason === undefined ? {} : { baselineReason: other.reason }),
    sensitive: new Map(
      asked.sensitive.map((name): [string, TextColumn] => [name, textColumn(columnOf(table, name))]),
    ),
    resamples: asked.resamples,
    ...(asked.thresholds === undefined ? {} : { thresholds: asked.thresholds }),
    ...(asked.weight === undefined ? {} : { weight: asked.weight }),
  });
}

/** What is predicted, and the names of its classes or labels. */
function taskOf(
  table: Table,
  asked: PredictionColumns & { readonly task: Task | undefined },
): { readonly task: Task; readonly classes: readonly string[] } {
  const { several, positive } = asked;
  if (several !== undefined) return { task: SEVERAL, classes: several.labels };
  const label = columnOf(table, asked.label);
  const task = asked.task ?? inferTask(label, { positive, scores: asked.scores.length });
  const prediction = asked.prediction === undefined ? undefined : columnOf(table, asked.prediction);
  const classes = predictsNumbers(task)
    ? []
    : orderClasses([...classNames(label), ...(prediction ? classNames(prediction) : [])], positive);
  return { task, classes };
}

/** The columns that both files have. */
const columnsOf = (asked: PredictionColumns): string[] => {
  const { label, prediction, several, scores, key, weight, query, quantiles } = asked;
  return [
    ...(several === undefined ? [label] : [...several.labels, ...several.predictions]),
    ...(query === undefined ? [] : [query]),
    ...quantiles.map((percent) => `q${percent}`),
    ...(weight === undefined ? [] : [weight]),
    ...(prediction === undefined || several !== undefined ? [] : [prediction]),
    ...scores,
    ...(key === undefined ? [] : [key]),
  ];
};

function scoredOf(
  table: Table,
  task: Task,
  classes: readonly string[],
  asked: PredictionColumns,
  file: string,
): Scored {
  const { weight, several } = asked;
  const weighed = weight === undefined ? {} : { weights: numbers(columnOf(table, weight), weight, file) };
  const scores = interleave(
    asked.scores.map((name) => numbers(columnOf(table, name), name, file)),
    table.rows,
  );
  const { threshold: said = null, thresholds } = asked;
  const threshold = deciding({ threshold: said, thresholds });
  if (several !== undefined) {
    const outputs = several.labels.length;
    return { ...severalOf(table, several, file), scores, outputs, ...threshold, ...weighed };
  }
  const label = columnOf(table, asked.label);
  if (predictsNumbers(task)) {
    const context = contextOf(table, asked, task, file);
    const name = asked.prediction ?? asked.scores[0] ?? "";
    const labels = numbers(label, asked.label, file);
    return { labels, scores: numbers(columnOf(table, name), name, file), outputs: 1, ...weighed, ...context };
  }
  const labels = Float64Array.from(classIndices(label, classes, `label "${asked.label}" in ${file}`));
  const decisions =
    asked.prediction === undefined
      ? {}
      : {
          decisions: classIndices(
            columnOf(table, asked.prediction),
            classes,
            `prediction "${asked.prediction}" in ${file}`,
          ),
        };
  return {
    labels,
    scores,
    outputs: Math.max(1, asked.scores.length),
    ...decisions,
    ...threshold,
    ...weighed,
  };
}

/** What rankings and forecasts are measured by beside the numbers themselves. */
export function contextOf(
  table: Table,
  { query, quantiles }: Pick<PredictionColumns, "query" | "quantiles">,
  task: Task,
  file: string,
): Pick<Scored, "context"> {
  if (task === "ranking") {
    if (query === undefined) {
      throw new UserError("--query is missing: the column that says which rows answer the same query", {
        exit: EXIT.usage,
      });
    }
    return { context: { queries: queriesOf(columnOf(table, query)) } };
  }
  if (task !== "forecast" || quantiles.length === 0) return {};
  const by = quantiles.map((percent): [number, Float64Array] => {
    const name = `q${percent}`;
    return [percent, numbers(columnOf(table, name), name, file)];
  });
  return { context: { quantiles: new Map(by) } };
}

/**
 * The baseline's rows in the candidate's order, or why the two cannot be compared.
 *
 * @throws {UserError} where no key was named, or it does not say of each row which one it is in the other file
 */
async function matched(
  engine: Engine,
  ports: Ports,
  { file, table, baseline }: { readonly file: string; readonly table: Table; readonly baseline: string },
  asked: PredictionColumns,
): Promise<{ readonly table?: Table; readonly reason?: string }> {
  const { key } = asked;
  if (key === undefined) {
    const files = { candidate: file, baseline, folder: ports.folder };
    throw await keyMissing(engine, files, [...columnsOf(asked), ...asked.sensitive]);
  }
  const other = await readPlain(engine, "baseline", baseline, ports.folder, columnsOf(asked), "only", key);
  const own = { file, keys: keysIn(table, key) };
  const places = placesByKey(key, own, { file: baseline, keys: keysIn(other, key) });
  return sameLabels(table, take(other, places), asked, baseline);
}

const keysIn = (table: Table, key: string): (string | undefined)[] => classNames(columnOf(table, key));

function sameLabels(
  candidate: Table,
  baseline: Table,
  { label, several }: PredictionColumns,
  file: string,
): { table?: Table; reason?: string } {
  const other = new Set<number>();
  for (const name of several?.labels ?? [label]) {
    const theirs = classNames(columnOf(baseline, name));
    for (const [row, own] of classNames(columnOf(candidate, name)).entries()) {
      if (own !== theirs[row]) other.add(row);
    }
  }
  if (other.size === 0) return { table: baseline };
  return { reason: `${other.size} of ${candidate.rows} rows have another label in ${file}` };
}

function take(table: Table, order: Int32Array): Table {
  const columns = new Map<string, Column>();
  for (const [name, from] of table.columns) {
    columns.set(
      name,
      from.kind === "text"
        ? { ...from, codes: Int32Array.from(order, (row) => from.codes[row] ?? -1) }
        : { ...from, values: Float64Array.from(order, (row) => from.values[row] ?? Number.NaN) },
    );
  }
  return { rows: order.length, columns };
}
