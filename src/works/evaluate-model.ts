import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { inferTask } from "../core/measures/infer-task.ts";
import { classIndices, classNames, orderClasses } from "../core/measures/labels.ts";
import type { Scored } from "../core/measures/scored.ts";
import { predictsNumbers, scoresEach, type Task } from "../core/measures/task.ts";
import { BUNDLE_FILE } from "../core/models/bundle.ts";
import { type EndpointOptions, isEndpoint } from "../core/models/endpoint/address.ts";
import { deciding, type LabelThreshold } from "../core/models/label-thresholds.ts";
import type { Report } from "../core/report/report.ts";
import type { Table, TextColumn } from "../core/tables/column.ts";
import { textColumn } from "../core/tables/text-column.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Model } from "../ports/model.ts";
import type { Ports } from "../ports/ports.ts";
import { answered, openBundle } from "./bundles.ts";
import { contextOf, type PredictionColumns } from "./evaluate-predictions.ts";
import { plainReport } from "./plain-report.ts";
import { columnOf, readPlain } from "./plain-table.ts";
import { requireOneEach, SEVERAL, severalOf } from "./several-labels.ts";

type Asked = PredictionColumns & {
  readonly baseline: string | undefined;
  readonly task: Task | undefined;
  readonly resamples: number;
  /** Whether the model's numbers are logits. */
  readonly logits: boolean;
  /** How an address is asked. */
  readonly endpoint: EndpointOptions;
};

/** What turns scores into decisions: what was asked for, or else the model's own. */
interface Decides {
  readonly threshold?: number | undefined;
  readonly thresholds?: readonly LabelThreshold[] | undefined;
}

/** Measures a model on the rows of a file, and another model beside it on the same rows. */
export async function evaluateModel(
  ports: Ports,
  model: string,
  data: string,
  asked: Asked,
): Promise<Report> {
  const engine = await ports.engine();
  const { weight, query, several } = asked;
  if (several !== undefined) requireOneEach({ ...several, predictions: [] }, { ...asked, scores: [] });
  const own = [weight, query].filter((name) => name !== undefined);
  const named = [...(several?.labels ?? [asked.label]), ...own, ...asked.sensitive];
  const table = await readPlain(engine, "data", data, ports.folder, named, "all");
  const weighed = weight === undefined ? {} : { weights: numbersOf(table, weight, data) };
  const { task, classes, truth } = truthOf(table, asked, data);
  const ask = async (path: string): Promise<{ readonly scored: Scored } & Pick<Decides, "thresholds">> => {
    const place = isEndpoint(path) ? path : resolve(ports.folder, path);
    const found = await scoresOf(ports, engine, place, table, asked, task, classes);
    const { threshold = null, thresholds, ...scores } = found;
    const context = contextOf(table, { query, quantiles: [] }, task, data);
    const decides = deciding({ threshold, thresholds });
    return { scored: { ...truth, ...weighed, ...context, ...scores, ...decides }, thresholds };
  };
  const { scored: candidate, thresholds } = await ask(model);
  return plainReport({
    name: isEndpoint(model) ? nameIn(model) : basename(model),
    task,
    classes,
    candidate,
    ...(thresholds === undefined ? {} : { thresholds }),
    ...(asked.baseline === undefined ? {} : { baseline: (await ask(asked.baseline)).scored }),
    sensitive: new Map(
      asked.sensitive.map((name): [string, TextColumn] => [name, textColumn(columnOf(table, name))]),
    ),
    resamples: asked.resamples,
    ...(weight === undefined ? {} : { weight }),
  });
}

/** What is predicted, the names of its classes or labels, and what the rows say of them. */
function truthOf(
  table: Table,
  asked: Asked,
  data: string,
): {
  readonly task: Task;
  readonly classes: readonly string[];
  readonly truth: Pick<Scored, "labels" | "truth">;
} {
  const { several, positive } = asked;
  if (several !== undefined) {
    const truth = severalOf(table, { ...several, predictions: [] }, data);
    return { task: SEVERAL, classes: several.labels, truth };
  }
  const label = columnOf(table, asked.label);
  const task = asked.task ?? inferTask(label, { positive });
  if (predictsNumbers(task)) {
    return { task, classes: [], truth: { labels: numbersOf(table, asked.label, data) } };
  }
  const classes = orderClasses(classNames(label), positive);
  const indices = classIndices(label, classes, `label "${asked.label}"`);
  return { task, classes, truth: { labels: Float64Array.from(indices) } };
}

/** A model's name in its address. */
const nameIn = (address: string): string =>
  /\/models\/([^/:]+)/.exec(new URL(address).pathname)?.[1] ?? address;

async function scoresOf(
  ports: Ports,
  engine: Engine,
  path: string,
  table: Table,
  asked: Asked,
  task: Task,
  classes: readonly string[],
): Promise<Pick<Scored, "scores" | "outputs"> & Decides> {
  const { threshold, thresholds } = asked;
  const said = threshold !== undefined || thresholds !== undefined;
  if (!isEndpoint(path) && existsSync(join(path, BUNDLE_FILE))) {
    const bundle = await openBundle(ports, engine, path);
    try {
      if (bundle.bundle.classes.join("\0") !== classes.join("\0")) {
        throw new UserError(
          `${path} tells ${bundle.bundle.classes.join(", ")} apart; the label holds ${classes.join(", ")}`,
        );
      }
      const own = bundle.bundle;
      return {
        scores: await bundle.score(table),
        outputs: bundle.outputs,
        ...(said
          ? { threshold, thresholds }
          : { threshold: own.threshold ?? undefined, thresholds: own.thresholds }),
      };
    } finally {
      await bundle.close();
    }
  }
  const model = await ports.model(path, {
    task: answered(task),
    ...(scoresEach(task) ? { outputs: classes.length } : {}),
    classes,
    ...(asked.logits ? { scores: "logits" } : {}),
    endpoint: asked.endpoint,
  });
  try {
    const scores = await predicted(model, featuresOf(table, asked));
    return { scores: scores.values, outputs: scores.outputs, threshold, thresholds };
  } finally {
    await model.close();
  }
}

/** What the model is asked with: all columns in the file's order, but those that were named for something else. */
function featuresOf(table: Table, { label, several, sensitive, key, weight, query }: Asked): Table {
  const named = new Set([...(several?.labels ?? [label]), ...sensitive, key, weight, query]);
  return { rows: table.rows, columns: new Map([...table.columns].filter(([name]) => !named.has(name))) };
}

async function predicted(
  model: Model,
  table: Table,
): Promise<{ readonly values: Float64Array; readonly outputs: number }> {
  if (model.predictColumns !== undefined) return model.predictColumns(table);
  const columns = [...table.columns];
  const text = columns.find(([, column]) => column.kind === "text");
  if (text !== undefined) {
    throw new UserError(
      `the model takes numbers, and column "${text[0]}" is text; leave it out of the data, or make numbers of it`,
    );
  }
  const matrix = new Float32Array(table.rows * columns.length);
  for (const [place, [, column]] of columns.entries()) {
    if (column.kind === "text") continue;
    for (let row = 0; row < table.rows; row++)
      matrix[row * columns.length + place] = column.values[row] ?? Number.NaN;
  }
  return model.predict(matrix, table.rows);
}

function numbersOf(table: Table, name: string, file: string): Float64Array {
  const column = columnOf(table, name);
  if (column.kind !== "text") return column.values;
  throw new UserError(`"${name}" in ${file} is text; a number is right`);
}
