import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { compareText } from "../core/text/order.ts";
import { parameterIngredients, toolIngredient } from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import { type FittedValues, fitFeatures } from "../tables/fit.ts";
import { leakFindings } from "../tables/leaks.ts";
import { materialise } from "../tables/materialise.ts";
import { fitReference } from "../tables/reference.ts";
import type { Finding } from "../tables/warnings.ts";
import { PREPARATION, PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";

/** The fitted steps: the one recipe that training, evaluation, batch and server apply. */
export const RECIPE = ".trainyard/recipe.json";
/** What the training rows looked like: what production is held against. */
export const REFERENCE = ".trainyard/reference.json";
/** What the recipe makes of every prepared row. */
export const FEATURES = ".trainyard/features.parquet";

/** What was noticed of the features, for the report. */
export const NOTICED = ".trainyard/features.json";

/** What `prepare` leaves beside the rows. */
export interface Preparation {
  readonly schema: "trainyard/preparation/1";
  readonly counts: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  readonly values: FittedValues;
}

/** Columns of a contract that are about persons, and are never logged: sorted, each once. */
export function personalColumns({ data }: Pick<Contract, "data">): string[] {
  return [...new Set([...data.roles.sensitive, ...Object.keys(data.personal)])].sort(compareText);
}

/** Fits the features on the training rows and applies them to all. */
export const features: Work<StageProject> = {
  name: "features",
  needs: ["prepare"],

  async ingredients({ contract }) {
    return [
      ...parameterIngredients(contract.features, "features", "says what enters the model, and how"),
      ...parameterIngredients(contract.data.roles, "data.roles", "says which columns are label and weight"),
      ...parameterIngredients(contract.data.personal, "data.personal", "says what is counted of no row"),
      toolIngredient(),
    ];
  },

  outputs: () => [
    { path: RECIPE, kind: "work" },
    { path: REFERENCE, kind: "work" },
    { path: FEATURES, kind: "work" },
    { path: NOTICED, kind: "work" },
  ],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      await engine.load("prepared", { paths: [join(project.folder, PREPARED)], format: "parquet" });
      const preparation = JSON.parse(
        await readFile(join(project.folder, PREPARATION), "utf8"),
      ) as Preparation;
      const recipe = await fitFeatures(engine, "prepared", project.contract, preparation.values);
      const reference = await fitReference(engine, "prepared", recipe, personalColumns(project.contract));
      const findings = await leakFindings(engine, "prepared", project.contract);
      await writeFile(draft.path(RECIPE), `${JSON.stringify(recipe, undefined, 2)}\n`);
      await writeFile(draft.path(REFERENCE), `${JSON.stringify(reference, undefined, 2)}\n`);
      await writeFile(draft.path(NOTICED), `${JSON.stringify({ findings }, undefined, 2)}\n`);
      await engine.write(materialise(engine, recipe, "prepared", project.contract), draft.path(FEATURES));
      return { facts: { features: recipe.outputs.length } };
    }),
};
