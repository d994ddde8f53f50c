import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { parseRecipe } from "../core/features/recipe.ts";
import { BUNDLE_FILE, type Bundle, RECIPE_FILE } from "../core/models/bundle.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { TrainRequest } from "../ports/trainer.ts";
import { bundleHead } from "./bundle-head.ts";
import { classesOf, matrixOf } from "./feature-rows.ts";
import type { StageProject } from "./project.ts";
import { decide } from "./threshold.ts";
import type { Lesson } from "./train.ts";

type BuiltIn = Extract<Contract["train"], { readonly with: string }>;

/** Trains a built-in model and writes its folder. */
export async function trainBuiltIn(
  project: StageProject,
  told: BuiltIn,
  engine: Engine,
  recipePath: string,
  out: string,
): Promise<Lesson> {
  const { contract, ports } = project;
  const recipeText = await readFile(recipePath, "utf8");
  const recipe = parseRecipe(recipeText);
  if (recipe.takes === "columns") {
    throw new UserError("a built-in trainer needs features; `features: { in: model }` goes with train.run", {
      at: project.parsed.place(["features"]),
    });
  }
  const classes = [...(project.classes ?? (await classesOf(engine, contract)))];
  const train = await matrixOf(engine, recipe, contract, "train", classes);
  const validation = await matrixOf(engine, recipe, contract, "validation", classes);
  const request: TrainRequest = {
    task: contract.task,
    classes: classes.length,
    train,
    validation: validation.rows === 0 ? undefined : validation,
    with: told.with,
    params: told.params,
    seed: told.seed,
    backend: told.backend,
    signal: ports.signal,
  };
  const task = ports.progress.start(`training ${told.with}`, told.params.epochs);
  const trained = await ports.trainer(request, task);
  task.end();
  const folds =
    told.cross_validate === undefined ? undefined : await ports.crossValidate(request, told.cross_validate);

  for (const [name, bytes] of trained.files) await writeFile(join(out, name), bytes);
  const decision = await decide(project, classes, validation, async () => {
    const model = await ports.model(out, { task: contract.task, width: train.width });
    try {
      return (await model.predict(validation.matrix, validation.rows)).values;
    } finally {
      await model.close();
    }
  });
  const bundle: Bundle = {
    ...bundleHead(contract, classes),
    ...decision,
    trainer: told.with,
    runtime: trained.runtime,
    kind: "tensorflow",
    file: "model.json",
    takes: "features",
    rows: { train: train.rows, validation: validation.rows },
  };
  await writeFile(join(out, BUNDLE_FILE), `${JSON.stringify(bundle, undefined, 2)}\n`);
  await writeFile(join(out, RECIPE_FILE), recipeText);
  const last = trained.history[trained.kept - 1];
  return {
    history: trained.history,
    warnings:
      folds === undefined ? [] : [{ title: `Cross-validation over ${folds.folds} folds`, text: folds.text }],
    facts: {
      epochs: trained.stopped,
      kept: trained.kept,
      loss: last?.loss ?? null,
      validation_loss: last?.validation_loss ?? null,
      threshold: bundle.threshold,
    },
  };
}
