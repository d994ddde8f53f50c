import { lstat, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { predictsNumbers } from "../core/measures/task.ts";
import { BUNDLE_FILE, type Bundle, parseBundle, RECIPE_FILE, REFERENCE_FILE } from "../core/models/bundle.ts";
import { decisionMisfit } from "../core/models/decision-fit.ts";
import { ENDPOINT_FILE, endpointText } from "../core/models/endpoint/file.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import { openBundle } from "./bundles.ts";
import type { StageProject } from "./project.ts";
import { scoreSide } from "./score.ts";

const MOST_FILES = 200; // TensorFlow.js cuts weights into parts of 4 MB
const MOST_BYTES = 4 * 2 ** 30; // two ONNX files at their format's limit
const LARGEST_JSON = 64 * 2 ** 20; // a recipe of 100,000 columns

/** What a given model must be, as the judge computed it. */
export interface ExpectedBundle {
  readonly classes: readonly string[];
  /** The recipe's text: it was fitted here, so that the given one must be the same byte for byte. */
  readonly recipe: string;
  /** The same of what was counted of the training rows, which production will be held against. */
  readonly reference: string;
  /** How many rows there are on each side, before any were held back. */
  readonly rows: { readonly train: number; readonly validation: number };
}

/**
 * Holds a model's folder that anybody may have written to what it must be: plain files, a description
 * that fits the contract, the recipe that was fitted here, and a model that answers with numbers.
 *
 * @param engine with the relation `prepared`
 * @param folder absolute
 * @throws {UserError} with the first thing that is not right
 */
export async function checkBundle(
  project: StageProject,
  engine: Engine,
  folder: string,
  expected: ExpectedBundle,
): Promise<Bundle> {
  await plainFiles(folder);
  const bundle = parseBundle(await small(folder, BUNDLE_FILE), "the given model");
  const wrong = unfit(bundle, project.contract, expected);
  if (wrong !== undefined) throw new UserError(`the given model does not fit the contract: ${wrong}`);
  const { train } = project.contract;
  if ("endpoint" in train && (await small(folder, ENDPOINT_FILE)) !== endpointText(train)) {
    throw new UserError("the given model is not at the address that the contract names");
  }
  if ((await small(folder, RECIPE_FILE)) !== expected.recipe) {
    throw new UserError(
      "the given model has another recipe than the one that was fitted here; its features are not those that are served",
    );
  }
  if ((await small(folder, REFERENCE_FILE)) !== expected.reference) {
    throw new UserError(
      "the given model has another reference than the one that was counted here; production would be held against other rows",
    );
  }
  const opened = await openBundle(project.ports, engine, folder);
  try {
    const { scores } = await scoreSide(engine, opened, project.contract, "holdout", expected.classes);
    const probabilities = !predictsNumbers(project.contract.task);
    const bad = scores.find(
      (score) => !Number.isFinite(score) || (probabilities && (score < -SLACK || score > 1 + SLACK)),
    );
    if (bad !== undefined) throw new UserError(`the given model answers ${bad} for some row of the holdout`);
  } finally {
    await opened.close();
  }
  return bundle;
}

const SLACK = 1e-5; // what a softmax in float32 may be off

/** Why the description is not that of this contract's model; undefined where it is. */
function unfit(bundle: Bundle, contract: Contract, { classes, rows }: ExpectedBundle): string | undefined {
  const { model, task, data, train, evaluate } = contract;
  if (bundle.model !== model) return `it is called "${bundle.model}", and the contract's is "${model}"`;
  if (bundle.task !== task) return `its task is ${bundle.task}, and the contract's is ${task}`;
  if (bundle.label !== data.roles.label)
    return `it predicts "${bundle.label}", and the label is "${data.roles.label}"`;
  if (bundle.classes.join("\0") !== classes.join("\0")) return "its classes are not those of the rows";
  const trainer = "run" in train ? "command" : "endpoint" in train ? "endpoint" : train.with;
  if (bundle.trainer !== trainer)
    return `its trainer is "${bundle.trainer}", and the contract's is "${trainer}"`;
  if ("with" in train && bundle.kind !== "tensorflow")
    return `a built-in trainer leaves no ${bundle.kind} model`;
  if ("endpoint" in train !== (bundle.kind === "endpoint"))
    return `it is of kind ${bundle.kind}, and the contract's train ${"endpoint" in train ? "names an address" : "names none"}`;
  if ((bundle.scores === "logits") !== ("scores" in train && train.scores === "logits"))
    return `it gives ${bundle.scores ?? "probabilities"}, and the contract says otherwise`;
  if (bundle.file !== FILES[bundle.kind])
    return `its file is "${bundle.file}", and is called "${FILES[bundle.kind]}"`;
  if (!RUNTIMES[bundle.kind].test(bundle.runtime)) return `its runtime is "${bundle.runtime}"`;
  const decided = decisionMisfit(bundle, evaluate.decision, task, classes);
  if (decided !== undefined) return decided;
  for (const side of ["train", "validation"] as const) {
    if (bundle.rows[side] < 0 || bundle.rows[side] > rows[side]) {
      return `it says that it has seen ${bundle.rows[side]} ${side} rows, and there are ${rows[side]}`;
    }
  }
  return undefined;
}

const FILES: Readonly<Record<Bundle["kind"], string>> = {
  tensorflow: "model.json",
  onnx: "model.onnx",
  predictions: "predictions.parquet",
  endpoint: ENDPOINT_FILE,
};

const RUNTIMES: Readonly<Record<Bundle["kind"], RegExp>> = {
  tensorflow: /^tensorflow\.js( [\w.-]+ \([\w-]+\))?$/,
  onnx: /^onnxruntime$/,
  predictions: /^predictions$/,
  endpoint: /^endpoint$/,
};

/** @throws {UserError} where there is anything but files and folders, or too much of them */
async function plainFiles(folder: string): Promise<void> {
  let count = 0;
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) throw new UserError(`"${entry.name}" of the given model is no plain file`);
    bytes += (await lstat(join(entry.parentPath, entry.name))).size;
    if (++count > MOST_FILES) throw new UserError(`the given model has more than ${MOST_FILES} files`);
    if (bytes > MOST_BYTES) throw new UserError(`the given model has more than ${MOST_BYTES} bytes`);
  }
}

async function small(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const there = await lstat(path).catch(() => undefined);
  if (there?.isFile() !== true) throw new UserError(`the given model has no ${name}`);
  if (there.size > LARGEST_JSON)
    throw new UserError(`${name} of the given model is ${there.size} bytes large`);
  return readFile(path, "utf8");
}
