import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { parseRecipe } from "../core/features/recipe.ts";
import { decidesByThreshold } from "../core/measures/task.ts";
import { BUNDLE_FILE, type Bundle, RECIPE_FILE } from "../core/models/bundle.ts";
import { ENDPOINT_FILE, endpointText } from "../core/models/endpoint/file.ts";
import type { Engine } from "../ports/engine.ts";
import { bundleHead, UNDECIDED } from "./bundle-head.ts";
import { openBundle } from "./bundles.ts";
import { classesOf } from "./feature-rows.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { scoreSide } from "./score.ts";
import { decide } from "./threshold.ts";
import type { Lesson } from "./train.ts";

type ByEndpoint = Extract<Contract["train"], { readonly endpoint: string }>;

/**
 * Makes the folder of a model that lies at an address. Nothing is trained: the address is asked for the
 * validation rows where the threshold is chosen on them, and is not asked at all where it is fixed.
 */
export async function trainAtEndpoint(
  project: StageProject,
  told: ByEndpoint,
  engine: Engine,
  recipePath: string,
  out: string,
): Promise<Lesson> {
  const { contract, folder, ports } = project;
  await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
  const recipeText = await readFile(recipePath, "utf8");
  const classes = [...(project.classes ?? (await classesOf(engine, contract)))];
  const bundle: Bundle = {
    ...bundleHead(contract, classes),
    ...UNDECIDED,
    trainer: "endpoint",
    runtime: "endpoint",
    kind: "endpoint",
    file: ENDPOINT_FILE,
    takes: parseRecipe(recipeText).takes,
    ...(told.scores === "logits" ? { scores: told.scores } : {}),
    rows: { train: 0, validation: 0 }, // it has seen none of them here
  };
  await writeFile(join(out, RECIPE_FILE), recipeText);
  await writeFile(join(out, ENDPOINT_FILE), endpointText(told));
  const write = (one: Bundle) => writeFile(join(out, BUNDLE_FILE), `${JSON.stringify(one, undefined, 2)}\n`);
  await write(bundle);
  const fixed =
    !decidesByThreshold(contract.task, classes.length) || "threshold" in contract.evaluate.decision;
  const opened = fixed ? undefined : await openBundle(ports, engine, out);
  try {
    const side =
      opened === undefined ? undefined : await scoreSide(engine, opened, contract, "validation", classes);
    const rows = {
      labels: side?.labels ?? new Float64Array(0),
      rows: side?.labels.length ?? 0,
      ...(side?.truth === undefined ? {} : { truth: side.truth }),
      ...(side?.weights === undefined ? {} : { weights: side.weights }),
    };
    const decided = await decide(project, classes, rows, async () => side?.scores ?? new Float64Array(0));
    await write({ ...bundle, ...decided });
    return { history: [], warnings: [], facts: { threshold: decided.threshold } };
  } finally {
    await opened?.close();
  }
}
