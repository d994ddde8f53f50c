import { join } from "node:path";
import type { Contract } from "../config/contract.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import {
  backendIngredient,
  codeIngredients,
  dataIngredients,
  parameterIngredients,
  toolIngredient,
} from "../pipeline/ingredients.ts";
import type { Work } from "../pipeline/work.ts";
import type { Engine } from "../ports/engine.ts";
import { describeFile } from "../tables/sources.ts";
import { onBehalfOf, StepError } from "../tables/step-error.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";

/** The rows as they came, typed, in one Parquet file: `__row` counts them from 1. */
export const INGESTED = ".trainyard/ingested.parquet";

/** Reads the sources, joins them where the contract says how, and fixes types and order of the rows. */
export const ingest: Work<StageProject> = {
  name: "ingest",
  needs: [],

  async ingredients(project) {
    const { sources, table } = project.contract.data;
    const files = await Promise.all(
      Object.entries(sources).map(([name, source]) =>
        dataIngredients(project, source.path, project.parsed.place(["data", "sources", name])),
      ),
    );
    if (isQuery(table)) await tableQuery(project, table ?? "");
    return [
      ...files.flat(),
      ...(table !== undefined && isQuery(table) ? await codeIngredients(project, [table]) : []),
      ...parameterIngredients(sources, "data.sources", "says how the sources are read"),
      ...parameterIngredients(table ?? null, "data.table", "says which rows there are"),
      backendIngredient(project.ports.engineName),
      toolIngredient(),
    ];
  },

  outputs: () => [{ path: INGESTED, kind: "work" }],

  perform: (project, draft) =>
    withEngine(project, async (engine) => {
      const { sources, table } = project.contract.data;
      for (const [name, source] of Object.entries(sources)) {
        const path = ["data", "sources", name];
        const described = onBehalfOf(path, () => describeFile(source, project.folder));
        await engine.load(name, described);
      }

      const query = await tableQuery(project, table ?? Object.keys(sources)[0] ?? "");
      try {
        const select = table !== undefined && isQuery(table) ? await engine.checkSelect(query, table) : query;
        await engine.run(
          `CREATE TABLE ingested AS SELECT row_number() OVER () AS __row, * FROM (${select})`,
          {
            steady: isQuery(table),
          },
        ); // a sum of the user's own is added in one order
      } catch (error) {
        throw await becauseEmpty(engine, sources, error);
      }
      const columns = await engine.columns("SELECT * EXCLUDE (__row) FROM ingested");
      const [count] = await engine.rows("SELECT count(*)::INTEGER AS rows FROM ingested");
      const rows = Number(count?.rows ?? 0);
      if (rows === 0)
        throw new UserError("the data hold no rows; check data.sources and data.table", {
          at: project.parsed.place(["data"]),
        });
      await engine.save("SELECT * FROM ingested ORDER BY __row", draft.path(INGESTED));
      return { facts: { rows, columns: Object.fromEntries(columns.map(({ name, type }) => [name, type])) } };
    }),
};

const isQuery = (table: string | undefined): boolean => table?.endsWith(".sql") === true;

async function tableQuery(project: StageProject, table: string): Promise<string> {
  if (!isQuery(table)) return `SELECT * FROM ${quoteName(table)}`;
  const sql = await project.files.read(join(project.folder, table));
  if (sql === undefined)
    throw new UserError(`there is no SQL file "${table}"`, { at: project.parsed.place(["data", "table"]) });
  return sql;
}

/** The types of a file without rows are nobody's: the query that trips over them is not what is to be put right. */
async function becauseEmpty(
  engine: Engine,
  sources: Contract["data"]["sources"],
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof UserError)) return error;
  for (const [name, { path }] of Object.entries(sources)) {
    const [row] = await engine.rows(`SELECT count(*)::INTEGER AS rows FROM ${quoteName(name)}`);
    if (Number(row?.rows ?? 0) > 0) continue;
    return new StepError(`${path} has no rows; ${error.message}`, ["data", "sources", name], {
      cause: error,
    });
  }
  return error;
}
