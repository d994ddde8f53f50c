import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Work } from "../pipeline/work.ts";
import type { Engine } from "../ports/engine.ts";
import { classesOf } from "./feature-rows.ts";
import { FEATURES, RECIPE, REFERENCE } from "./features.ts";
import { checkBundle } from "./given-bundle.ts";
import type { TrainingSaid } from "./given-said.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { modelFolder, TRAINING, type TrainingRecord, train } from "./train.ts";
import { withEngine } from "./with-engine.ts";

/** A model that somebody made. */
export interface GivenModel {
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly said: TrainingSaid;
}

/**
 * The training as a work that trains nothing: it takes a model that was given, once that is found to be
 * what the contract's training makes. Name, ingredients and outputs are those of `train`, so that the
 * lock is the one that a training here would have written.
 */
export function givenTrain(given: GivenModel): Work<StageProject> {
  return {
    ...train,
    perform: (project, draft) =>
      withEngine(project, async (engine) => {
        const { contract, folder } = project;
        const out = draft.path(modelFolder(contract));
        await cp(given.folder, out, { recursive: true, verbatimSymlinks: true });
        await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
        await engine.load("features", { paths: [join(folder, FEATURES)], format: "parquet" });
        const expected = {
          classes: await classesOf(engine, contract),
          recipe: await readFile(join(folder, RECIPE), "utf8"),
          reference: await readFile(join(folder, REFERENCE), "utf8"),
          rows: await sides(engine),
        };
        const { threshold } = await checkBundle(project, engine, out, expected).catch(mendable);
        await record(project, out, draft.path(TRAINING), given.said);
        return { facts: { ...given.said.facts, threshold } };
      }),
  };
}

/**
 * The same for rows that others prepared: the model was checked against its own contract and is now
 * asked by another one, so that nothing is held to this one's training.
 */
export function foreignTrain(given: GivenModel): Work<StageProject> {
  return {
    ...train,
    ingredients: async () => [],
    async perform(project, draft) {
      const out = draft.path(modelFolder(project.contract));
      await cp(given.folder, out, { recursive: true });
      await record(project, out, draft.path(TRAINING), given.said);
      return { facts: {} };
    },
  };
}

/** Whatever a runtime throws at bytes that a stranger wrote, it is the bytes that are wrong. */
function mendable(error: unknown): never {
  if (error instanceof UserError) throw error;
  const said = error instanceof Error ? error.message.split("\n")[0] : String(error);
  throw new UserError(`the given model cannot be opened: ${said}`, { cause: error });
}

/** Writes what `train` leaves beside the model. */
async function record(project: StageProject, out: string, path: string, said: TrainingSaid): Promise<void> {
  const content = await project.files.content(out);
  if (content === undefined) throw new Error("the given model is gone");
  const left: TrainingRecord = {
    schema: "trainyard/training/1",
    digest: { md5: content.md5, sha256: content.sha256 },
    history: said.history,
    warnings: said.warnings,
  };
  await writeFile(path, `${JSON.stringify(left, undefined, 2)}\n`);
}

async function sides(engine: Engine): Promise<{ readonly train: number; readonly validation: number }> {
  const rows = await engine.rows("SELECT __split AS side, count(*) AS rows FROM features GROUP BY 1");
  const of = (side: string): number => Number(rows.find((row) => row.side === side)?.rows ?? 0);
  return { train: of("train"), validation: of("validation") };
}
