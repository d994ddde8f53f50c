import { cp, lstat, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { unsafePath } from "../core/artifacts/path.ts";
import { parseRecipe, type Recipe } from "../core/features/recipe.ts";
import { BUNDLE_FILE, type Bundle, RECIPE_FILE } from "../core/models/bundle.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { bundleHead, UNDECIDED } from "./bundle-head.ts";
import { openBundle } from "./bundles.ts";
import { watchLive } from "./experiments/live.ts";
import { classesOf } from "./feature-rows.ts";
import { importPredictions, quantilesOf } from "./import-predictions.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { scoreSide } from "./score.ts";
import { type Decided, decide } from "./threshold.ts";
import type { Lesson } from "./train.ts";

type ByCommand = Extract<Contract["train"], { readonly run: string }>;

/** What a training command is given lies here while it runs. */
const GIVEN = ".trainyard/command";

/** Runs the contract's training command, checks what it left, and makes the model's folder of it. */
export async function trainByCommand(
  project: StageProject,
  told: ByCommand,
  engine: Engine,
  recipePath: string,
  out: string,
): Promise<Lesson> {
  const { contract, folder, ports } = project;
  await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
  const recipeText = await readFile(recipePath, "utf8");
  const recipe = parseRecipe(recipeText);
  const classes = [...(project.classes ?? (await classesOf(engine, contract)))];
  const unsafe = unsafePath(told.out);
  if (unsafe !== undefined) {
    throw new UserError(`train.out is "${told.out}", which ${unsafe}`, {
      at: project.parsed.place(["train", "out"]),
    });
  }
  const left = join(folder, told.out);
  const given = await give(project, told, engine, recipe, classes, left);
  const counts = await counted(engine);
  const live = await watchLive(project);
  try {
    await ports.commands({ line: told.run, folder, environment: given, out: left, signal: ports.signal });
    const kind = await take(project, engine, left, out, classes);
    const bundle: Bundle = {
      ...bundleHead(contract, classes),
      ...UNDECIDED,
      trainer: "command",
      runtime: kind.runtime,
      ...(kind.kind === "predictions" && contract.evaluate.forecast?.quantiles !== undefined
        ? { quantiles: [...quantilesOf(contract)] }
        : {}),
      kind: kind.kind,
      file: kind.file,
      takes: recipe.takes,
      ...(told.scores === "logits" ? { scores: told.scores } : {}),
      rows: { train: counts.train ?? 0, validation: counts.validation ?? 0 },
    };
    await writeFile(join(out, RECIPE_FILE), recipeText);
    await writeFile(join(out, BUNDLE_FILE), `${JSON.stringify(bundle, undefined, 2)}\n`);
    const decided = await decideWith(project, engine, out, classes, bundle);
    await writeFile(join(out, BUNDLE_FILE), `${JSON.stringify({ ...bundle, ...decided }, undefined, 2)}\n`);
    const said = await live();
    return {
      history: [],
      warnings: [],
      facts: { threshold: decided.threshold },
      ...(said === undefined ? {} : { live: said }),
    };
  } finally {
    await rm(join(folder, GIVEN), { recursive: true, force: true });
  }
}

/** Writes what the command is given: rows and parameters, and never the holdout's labels. */
async function give(
  { contract, folder }: StageProject,
  told: ByCommand,
  engine: Engine,
  recipe: Recipe,
  classes: readonly string[],
  out: string,
): Promise<Record<string, string>> {
  const { label, labels } = contract.data.roles;
  const place = join(folder, GIVEN);
  await mkdir(place, { recursive: true });
  const paths = {
    train: join(place, "train.parquet"),
    validation: join(place, "validation.parquet"),
    holdout: join(place, "holdout.parquet"),
  };
  const names = recipe.outputs.map((name) => `f.${quoteName(name)}`).join(", ");
  const rows = (side: string, columns: string): string =>
    `SELECT p.__id AS id, ${columns} FROM features f JOIN prepared p USING (__row) WHERE f.__split = '${side}' ORDER BY f.__row`;
  const answer =
    labels === undefined
      ? `f.__label AS ${quoteName(label)}`
      : labels.map((name) => `p.${quoteName(name)}`).join(", ");
  const taught = `${answer}, ${names}`;
  await engine.save(rows("train", taught), paths.train);
  await engine.save(rows("validation", taught), paths.validation);
  await engine.save(rows("holdout", names), paths.holdout);
  const inputs = join(place, "inputs.json");
  const { model, task } = contract;
  const value = {
    model,
    task,
    params: told.params,
    seed: told.seed,
    ...paths,
    label: labels ?? label,
    classes,
    features: recipe.outputs,
    out,
  };
  await writeFile(inputs, `${JSON.stringify(value, undefined, 2)}\n`);
  return {
    TRAINYARD_INPUTS: inputs,
    TRAINYARD_TRAIN: paths.train,
    TRAINYARD_VALIDATION: paths.validation,
    TRAINYARD_HOLDOUT: paths.holdout,
    TRAINYARD_PARAMS: JSON.stringify(told.params),
    TRAINYARD_SEED: String(told.seed),
    TRAINYARD_OUT: out,
  };
}

/** Copies what the command left into the model's folder; its own file stays, since the command may go on from it. */
async function take(
  project: StageProject,
  engine: Engine,
  left: string,
  out: string,
  classes: readonly string[],
): Promise<Pick<Bundle, "kind" | "file" | "runtime">> {
  const name = basename(left);
  if (/\.(csv|parquet)$/.test(name)) {
    await importPredictions(project, engine, left, join(out, "predictions.parquet"), classes);
    return { kind: "predictions", file: "predictions.parquet", runtime: "predictions" };
  }
  if ((await stat(left)).isDirectory()) {
    await cp(left, out, { recursive: true, filter: async (path) => !(await lstat(path)).isSymbolicLink() });
    return { kind: "tensorflow", file: "model.json", runtime: "tensorflow.js" };
  }
  if (name.endsWith(".onnx")) {
    await project.ports.keepModel(left, join(out, "model.onnx"));
    return { kind: "onnx", file: "model.onnx", runtime: "onnxruntime" };
  }
  throw new UserError(
    `train.out is "${name}"; it takes an .onnx file, a TensorFlow.js folder, or predictions as .csv or .parquet`,
    {
      at: project.parsed.place(["train", "out"]),
    },
  );
}

/** Opens the new folder, which checks the model, and chooses the threshold with it. */
async function decideWith(
  project: StageProject,
  engine: Engine,
  out: string,
  classes: readonly string[],
  bundle: Bundle,
): Promise<Decided> {
  const opened = await openBundle(project.ports, engine, out);
  try {
    const side = opened.general
      ? await scoreSide(engine, opened, project.contract, "validation", classes)
      : undefined;
    const rows = {
      labels: side?.labels ?? new Float64Array(0),
      rows: side?.labels.length ?? 0,
      ...(side?.truth === undefined ? {} : { truth: side.truth }),
      ...(side?.weights === undefined ? {} : { weights: side.weights }),
    };
    if (bundle.kind === "predictions" && !("threshold" in project.contract.evaluate.decision)) {
      throw new UserError(
        "predictions for the holdout alone leave nothing to choose a threshold on; say decision: { threshold: 0.5 }",
        {
          at: project.parsed.place(["evaluate", "decision"]),
        },
      );
    }
    return await decide(project, classes, rows, async () => side?.scores ?? new Float64Array(0));
  } finally {
    await opened.close();
  }
}

async function counted(engine: Engine): Promise<Record<string, number>> {
  const rows = await engine.rows("SELECT __split AS side, count(*) AS rows FROM features GROUP BY 1");
  return Object.fromEntries(rows.map(({ side, rows: count }) => [String(side), Number(count)]));
}
