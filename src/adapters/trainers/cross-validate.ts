import { metricNamed } from "../../core/measures/metrics/catalogue.ts";
import { answersOf, pointOf } from "../../core/measures/points.ts";
import { MODEL_FILE } from "../../core/models/layers-model.ts";
import { random } from "../../core/stats/random.ts";
import { type Matrix, takeRows } from "../../core/tables/matrix.ts";
import { foldsOf, partOf } from "../../core/training/folds.ts";
import { type Spread, spreadOf, spreadText } from "../../core/training/spread.ts";
import { UserError } from "../../errors.ts";
import type { Scores } from "../../ports/model.ts";
import type { Task } from "../../ports/progress.ts";
import type { TrainRequest } from "../../ports/trainer.ts";
import { artifactsOf } from "../models/tensorflow/artifacts.ts";
import { openTensorflow } from "../models/tensorflow/model.ts";
import { trainBuiltin } from "./tensorflow.ts";

/** What is said of each fold, by task. */
const METRICS = {
  "binary-classification": ["roc_auc", "log_loss"],
  "multiclass-classification": ["accuracy", "log_loss"],
  multilabel: [], // no built-in trainer learns it
  ranking: [], // no built-in trainer learns these two
  forecast: [],
  regression: ["rmse", "r2"],
} as const;

const SILENT: Task = { update: () => {}, end: () => {} };

export interface CrossValidation {
  readonly folds: number;
  readonly spreads: readonly Spread[];
  /** The spreads as one sentence. */
  readonly text: string;
}

/**
 * Trains k models, each without one of k parts of the training rows, and measures each on the part
 * that it has not seen. Parts are drawn with the seed, each class spread over all of them; early
 * stopping looks at the request's validation rows, never at the part.
 *
 * @throws {UserError} where there are fewer rows than parts, or a model cannot be trained
 */
export async function crossValidate(
  request: TrainRequest,
  k: number,
  progress: Task = SILENT,
): Promise<CrossValidation> {
  const { train, task, classes, seed } = request;
  if (train.rows < k)
    throw new UserError(
      `train.cross_validate is ${k}, but there are ${train.rows} training rows; right is at most one fold a row`,
    );
  const folds = foldsOf(
    train.rows,
    k,
    random(seed, "folds"),
    task === "regression" ? undefined : train.labels,
  );
  const metrics = METRICS[task].map((name) => metricNamed(name, task));
  const values = metrics.map((): number[] => []);
  for (let fold = 0; fold < k; fold++) {
    const { inside, outside } = partOf(folds, fold);
    const unseen = takeRows(train, inside);
    const scores = await scoresOf(request, takeRows(train, outside), unseen);
    const answers = answersOf(
      { labels: unseen.labels, scores: scores.values, outputs: scores.outputs },
      task,
      classes,
    );
    for (const [place, metric] of metrics.entries())
      values[place]?.push(pointOf(metric, answers, undefined).value);
    progress.update(fold + 1, k);
  }
  const spreads = metrics.map(({ name, title }, place) => spreadOf(name, title, values[place] ?? []));
  return { folds: k, spreads, text: spreadText(spreads) };
}

/** Trains on one part of the rows and answers for the other. */
async function scoresOf(request: TrainRequest, train: Matrix, unseen: Matrix): Promise<Scores> {
  const { files } = await trainBuiltin({ ...request, train }, SILENT);
  const read = (name: string) => files.get(name) ?? new Uint8Array(0);
  const path = "the model of a fold"; // for messages: it is never written
  const folder = { read, size: (name: string) => read(name).length };
  const artifacts = artifactsOf(new TextDecoder().decode(read(MODEL_FILE)), folder, path);
  const expects = { task: request.task, width: train.width, outputs: request.classes };
  const model = await openTensorflow(artifacts, expects, path, request.backend);
  try {
    return await model.predict(unseen.matrix, unseen.rows);
  } finally {
    await model.close();
  }
}
