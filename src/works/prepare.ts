import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parameterIngredients, toolIngredient } from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import { fitValues } from "../tables/fit.ts";
import { prepareRows } from "../tables/prepare.ts";
import { INGESTED } from "./ingest.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";

/** The rows that there are, each with its `__id` and its side of the split, with their own values. */
export const PREPARED = ".trainyard/prepared.parquet";
/** The fitted value steps, the counts and what was noticed on the way. */
export const PREPARATION = ".trainyard/preparation.json";

/** Decides which rows there are and on which side each stands, and fits `prepare.values`. */
export const prepare: Work<StageProject> = {
  name: "prepare",
  needs: ["ingest"],

  async ingredients({ contract }) {
    return [
      ...parameterIngredients(contract.data.roles, "data.roles", "says what each column is"),
      ...parameterIngredients(
        contract.data.personal,
        "data.personal",
        "says what becomes of personal columns",
      ),
      ...parameterIngredients(
        contract.prepare,
        "prepare",
        "says which rows there are and how values are mended",
      ),
      ...parameterIngredients(contract.split, "split", "says which rows are held back"),
      toolIngredient(),
    ];
  },

  outputs: () => [
    { path: PREPARED, kind: "work" },
    { path: PREPARATION, kind: "work" },
  ],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      await engine.load("ingested", { paths: [join(project.folder, INGESTED)], format: "parquet" });
      const { counts, findings } = await prepareRows(engine, project.contract, "ingested");
      const values = await fitValues(engine, "prepared", project.contract);
      await engine.save("SELECT * FROM prepared ORDER BY __row", draft.path(PREPARED));
      const preparation = { schema: "trainyard/preparation/1", counts, findings, values };
      await writeFile(draft.path(PREPARATION), `${JSON.stringify(preparation, undefined, 2)}\n`);
      return { facts: { ...counts } };
    }),
};
