import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import type { Digest } from "../core/artifacts/digest.ts";
import type { Live } from "../core/experiments/dvclive.ts";
import { REFERENCE_FILE } from "../core/models/bundle.ts";
import {
  backendIngredient,
  codeIngredients,
  environmentIngredient,
  parameterIngredients,
  toolIngredient,
} from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import type { Epoch } from "../ports/trainer.ts";
import { FEATURES, RECIPE, REFERENCE } from "./features.ts";
import type { Findings } from "./findings.ts";
import type { StageProject } from "./project.ts";
import { trainBuiltIn } from "./train-built-in.ts";
import { trainByCommand } from "./train-command.ts";
import { trainAtEndpoint } from "./train-endpoint.ts";
import { withEngine } from "./with-engine.ts";

export const TRAINING = ".trainyard/training.json";

/** Where a contract's model lies: the folder that `models/NAME.dvc` points to. */
export const modelFolder = (contract: Contract): string => `models/${contract.model}`;

/** What `train` leaves beside the model. */
export interface TrainingRecord {
  readonly schema: "trainyard/training/1";
  /** Of the model's folder: the bytes that are judged. */
  readonly digest: Digest;
  readonly history: readonly Epoch[];
  readonly warnings: Findings;
  /** What a command said of itself by DVCLive; nobody has checked it. */
  readonly live?: Live;
}

/** What a way of training answers. */
export interface Lesson {
  readonly history: readonly Epoch[];
  readonly warnings: Findings;
  readonly facts: Readonly<Record<string, number | string | null>>;
  readonly live?: Live;
}

/** Trains the model, and makes the folder that holds all that serving needs. */
export const train: Work<StageProject> = {
  name: "train",
  needs: ["prepare", "features"],

  async ingredients(project) {
    const { contract, ports } = project;
    const { when: _, ...told } = contract.train; // when it runs does not change what it makes
    const shared = [
      ...parameterIngredients(heeded(told), "train", "says how the model is trained"),
      ...parameterIngredients(contract.task, "task", "says what the model predicts"),
      ...parameterIngredients(
        contract.data.roles,
        "data.roles",
        "says what is learnt, and which class is positive",
      ),
      ...parameterIngredients(
        contract.evaluate.decision,
        "evaluate.decision",
        "says how the threshold is chosen",
      ),
      ...parameterIngredients(
        contract.plan.costs ?? null,
        "plan.costs",
        "the threshold may be chosen by cost",
      ),
      toolIngredient(),
    ];
    if ("endpoint" in told) return shared;
    if ("with" in told) return [...shared, backendIngredient(ports.backendName(told.backend))];
    return [
      ...shared,
      ...(await codeIngredients(project, told.code)),
      ...(told.env === undefined ? [] : [await environmentIngredient(project, told.env)]),
    ];
  },

  outputs: ({ contract }) => [
    { path: modelFolder(contract), kind: "model" },
    { path: TRAINING, kind: "work" },
  ],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      const { contract, folder, files } = project;
      await engine.load("features", { paths: [join(folder, FEATURES)], format: "parquet" });
      const out = draft.path(modelFolder(contract));
      await mkdir(out, { recursive: true });
      const told = contract.train;
      const lesson =
        "run" in told
          ? await trainByCommand(project, told, engine, join(folder, RECIPE), out)
          : "endpoint" in told
            ? await trainAtEndpoint(project, told, engine, join(folder, RECIPE), out)
            : await trainBuiltIn(project, told, engine, join(folder, RECIPE), out);
      await copyFile(join(folder, REFERENCE), join(out, REFERENCE_FILE));
      const content = await files.content(out);
      if (content === undefined) throw new Error("training left no model's folder");
      const record: TrainingRecord = {
        schema: "trainyard/training/1",
        digest: { md5: content.md5, sha256: content.sha256 },
        history: lesson.history,
        warnings: lesson.warnings,
        ...(lesson.live === undefined ? {} : { live: lesson.live }),
      };
      await writeFile(draft.path(TRAINING), `${JSON.stringify(record, undefined, 2)}\n`);
      return { facts: lesson.facts };
    }),
};

/** What a trainer heeds of what it is told: only a dense network has hidden layers. */
function heeded(told: Omit<Contract["train"], "when">): unknown {
  if (!("with" in told) || told.with === "mlp") return told;
  const { params, ...rest } = told as Extract<Contract["train"], { readonly with: string }>;
  const { hidden: _, ...others } = params;
  return { ...rest, params: others };
}
