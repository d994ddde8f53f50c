import type { Contract } from "../config/contract.ts";
import type { Answers } from "../core/features/answers.ts";
import { readsOf } from "../core/features/derive.ts";
import type { FeatureKind, Fitted, Spec } from "../core/features/feature-step.ts";
import { MAX_WIDTH, type Recipe } from "../core/features/recipe.ts";
import { featureNames, featureSpecs } from "../core/features/specs.ts";
import { FEATURE_STEPS, type FittedFeature, fittedFeature } from "../core/features/steps.ts";
import {
  type AnyValueSpec,
  type FittedValue,
  fittedValue,
  LEARNING,
  valueSpecs,
} from "../core/features/values.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { type DataColumn, dataColumnsOf } from "./columns.ts";
import { onBehalfOf, type StepPath } from "./step-error.ts";
import { stepPaths } from "./step-paths.ts";
import { afterValue, answers, kindIn, runsOf, type Training, trainingRows, withColumn } from "./training.ts";

/** `prepare.values`, fitted, and the columns it was fitted on. */
export interface FittedValues {
  readonly columns: readonly DataColumn[];
  readonly steps: readonly FittedValue[];
}

/** What fitting needs of a contract. */
export type FitContract = Pick<Contract, "prepare" | "features">;

/**
 * Fits `prepare.values` on the training rows: each step sees what the steps before it made.
 *
 * @param relation of `prepareRows`, with `__split`; no other rows than `train` are looked at
 * @throws {UserError} on an unknown column, a kind that does not fit, nothing to learn from
 */
export async function fitValues(
  engine: Engine,
  relation: string,
  contract: FitContract,
): Promise<FittedValues> {
  const columns = await dataColumnsOf(engine, relation);
  let training = trainingRows(relation, columns);
  const steps: FittedValue[] = [];
  const paths = stepPaths(["prepare", "values"], contract.prepare.values, valueSpecs);
  for (const run of runsOf([...paths.keys()])) {
    const fitted = await fitRun(engine, training, run, paths);
    for (const [i, spec] of run.entries()) {
      const step = fitted[i];
      if (step === undefined) throw new Error("no step was fitted");
      training = onBehalfOf(pathIn(paths, spec), () => afterValue(training, step));
      steps.push(step);
    }
  }
  return { columns, steps };
}

async function fitRun(
  engine: Engine,
  training: Training,
  run: readonly AnyValueSpec[],
  paths: ReadonlyMap<AnyValueSpec, StepPath>,
): Promise<FittedValue[]> {
  const asked = run.map((spec) =>
    onBehalfOf(pathIn(paths, spec), () => {
      const step = LEARNING.get(spec.step);
      if (step === undefined) {
        if (spec.step === "drop") kindIn(training, spec.column, "prepare.values: drop");
        return undefined;
      }
      const kind = kindIn(training, spec.column, `prepare.values: ${spec.step}`);
      return { step, kind, question: { column: spec.column, kind, asked: step.asks(spec, kind) } };
    }),
  );
  const found = await answers(
    engine,
    training,
    asked.flatMap((one) => (one === undefined ? [] : [one.question])),
  );
  return run.map((spec, i) => {
    const [one, answer] = [asked[i], found[i]];
    if (one === undefined || answer === undefined) return fittedValue.parse(spec); // nothing to learn
    return fittedValue.parse(onBehalfOf(pathIn(paths, spec), () => one.step.fit(spec, one.kind, answer)));
  });
}

function pathIn<S>(paths: ReadonlyMap<S, StepPath>, spec: S): StepPath {
  const path = paths.get(spec);
  if (path === undefined) throw new Error("a step of no contract");
  return path;
}

/**
 * Fits the features on the training rows after the fitted values, and puts all that serving needs
 * into one recipe: only columns that a feature needs are asked of a row.
 *
 * @throws {UserError} where a feature cannot be made of every training row, naming the mending
 */
export async function fitFeatures(
  engine: Engine,
  relation: string,
  contract: FitContract,
  values: FittedValues,
): Promise<Recipe> {
  const training = values.steps.reduce(afterValue, trainingRows(relation, values.columns));
  const common = { schema: "trainyard/recipe/1" as const };
  if (!Array.isArray(contract.features)) {
    const { columns } = contract.features;
    for (const name of columns) {
      onBehalfOf(["features", "columns", name], () => kindIn(training, name, "features"));
    }
    return { ...common, ...needed(values, columns), takes: "columns", features: [], outputs: columns };
  }
  const paths = stepPaths(["features"], contract.features, featureSpecs);
  const features = await fitSteps(engine, training, paths);
  const outputs = onBehalfOf(["features"], () => {
    const names = featureNames(features, new Set(training.kinds.keys()));
    if (names.length <= MAX_WIDTH) return names;
    throw new UserError(`features make ${names.length} columns, at most ${MAX_WIDTH}; hash into fewer`);
  });
  const columns = features.map(({ column }) => column).filter((name) => training.kinds.has(name));
  return { ...common, ...needed(values, columns), takes: "features", features, outputs };
}

async function fitSteps(
  engine: Engine,
  start: Training,
  paths: ReadonlyMap<Spec, StepPath>,
): Promise<FittedFeature[]> {
  let training = start;
  let waiting: Spec[] = [];
  const fitted: FittedFeature[] = [];
  const fitWaiting = async (): Promise<void> => {
    for (const step of await fitTogether(engine, training, waiting, paths)) {
      fitted.push(step);
      training = afterFeature(training, step);
    }
    waiting = [];
  };
  for (const spec of paths.keys()) {
    if (!training.kinds.has(spec.column)) await fitWaiting(); // it may name what a waiting step makes
    waiting.push(spec);
  }
  await fitWaiting();
  return fitted;
}

async function fitTogether(
  engine: Engine,
  training: Training,
  specs: readonly Spec[],
  paths: ReadonlyMap<Spec, StepPath>,
): Promise<FittedFeature[]> {
  const asked = specs.map((spec) => onBehalfOf(pathIn(paths, spec), () => questionOf(spec, training)));
  const found = await answers(
    engine,
    training,
    asked.map(({ question }) => question),
  );
  return asked.map(({ spec, step }, i) => {
    const answer = found[i];
    if (answer === undefined) throw new Error("no answer");
    return fittedFeature.parse(onBehalfOf(pathIn(paths, spec), () => fitOne(spec, step, answer)));
  });
}

function questionOf(spec: Spec, training: Training) {
  const step = FEATURE_STEPS.get(spec.step);
  if (step === undefined) throw new TypeError(`no feature step ${spec.step}`);
  const kind = kindIn(training, spec.column, `features: ${spec.step}`);
  if (!step.accepts.includes(kind)) {
    throw new UserError(
      `features: ${spec.step} takes ${step.accepts.join(", ")}, and "${spec.column}" holds ${kind}${mending(kind)}`,
    );
  }
  return { spec, step, question: { column: spec.column, kind, asked: step.asks(spec) } };
}

function fitOne(spec: Spec, step: FeatureKind, answer: Answers): Fitted {
  if (answer.rows === 0) throw new UserError("features: there are no training rows to fit them on");
  const missing = answer.rows - answer.present;
  if (missing > 0 && !step.takesMissing) {
    throw new UserError(
      `features: ${spec.step} finds "${spec.column}" missing in ${missing} of ${answer.rows} training rows; fill it in prepare.values, such as \`fill: { ${spec.column}: ${answerFor(step.accepts)} }\`, or leave those rows out`,
    );
  }
  return step.fit(spec, answer);
}

function mending(kind: string): string {
  if (kind === "time") return "; take its parts with date";
  return kind === "text" ? "; use one_hot, ordinal or hash" : "";
}

function answerFor(accepts: readonly string[]): string {
  return accepts[0] === "number" ? "median" : "mode";
}

/** A feature of one number a row is a column for the steps after it. */
function afterFeature(training: Training, fitted: FittedFeature): Training {
  const step = FEATURE_STEPS.get(fitted.step);
  const [name = ""] = fitted.outputs;
  if (step?.sql === undefined || training.kinds.has(name)) return training;
  return withColumn(training, {
    name,
    kind: "number",
    sql: step.sql(fitted, quoteName(fitted.column)),
    reads: [fitted.column],
    approximate: step.approximate === true || training.approximate.has(fitted.column),
  });
}

/** The value steps without which the columns are not what they are, and the columns that those read. */
function needed(values: FittedValues, columns: readonly string[]): Pick<Recipe, "inputs" | "values"> {
  const names = new Set(columns);
  const steps: FittedValue[] = [];
  for (const step of values.steps.toReversed()) {
    if (step.step === "drop" || !names.has(step.column)) continue;
    steps.unshift(step);
    if (step.step !== "derive") continue;
    names.delete(step.column);
    for (const column of readsOf(step)) names.add(column);
  }
  const inputs = values.columns
    .filter(({ name }) => names.has(name))
    .map(({ name, kind }) => ({ name, kind }));
  return { inputs, values: steps };
}
