import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parseRecipe } from "../core/features/recipe.ts";
import { labelColumns } from "../core/tables/labels.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { classesOf } from "./feature-rows.ts";
import { FEATURES, RECIPE, REFERENCE } from "./features.ts";
import { PREPARED } from "./prepare.ts";
import type { StageProject } from "./project.ts";
import { withEngine } from "./with-engine.ts";

/** The classes in the order of the scores: the labels that are left need not hold all of them. */
export const CLASSES = ".trainyard/classes.json";

/**
 * Writes what a training may see of a project whose features were made: the recipe, the classes, and
 * the rows, of which only those to learn from have a label and a weight. Of the prepared columns only
 * those stay that features are made of.
 *
 * Rows that the base holds back are held back here, too: predictions are asked for them as well. Where which
 * of them are there would tell their labels, they are left out altogether.
 *
 * @param held Parquet file of the `__row` of these, and whether they are `unseen`
 * @param to absolute path of the folder that gets `.trainyard/`
 * @returns how many rows there are to train on
 */
export async function writeBlinded(project: StageProject, held: string, to: string): Promise<number> {
  const { contract, folder } = project;
  const recipeText = await readFile(join(folder, RECIPE), "utf8");
  const recipe = parseRecipe(recipeText);
  const labels = labelColumns(contract.data.roles);
  await mkdir(dirname(join(to, RECIPE)), { recursive: true });
  await copyFile(join(folder, RECIPE), join(to, RECIPE));
  await copyFile(join(folder, REFERENCE), join(to, REFERENCE));
  return withEngine(project, async (engine) => {
    await engine.load("prepared", { paths: [join(folder, PREPARED)], format: "parquet" });
    await engine.load("features", { paths: [join(folder, FEATURES)], format: "parquet" });
    await engine.load("held", { paths: [held], format: "parquet" });
    const classes = await classesOf(engine, contract);
    await writeFile(join(to, CLASSES), `${JSON.stringify({ classes }, undefined, 2)}\n`);

    const hidden = "__row IN (SELECT __row FROM held)";
    const seen = "__row NOT IN (SELECT __row FROM held WHERE unseen)";
    const side = `CASE WHEN ${hidden} THEN 'holdout' ELSE __split END`;
    const taught = `__split IN ('train', 'validation') AND NOT (${hidden})`;
    const blind = (column: string): string =>
      `CASE WHEN ${taught} THEN ${quoteName(column)} END AS ${quoteName(column)}`;

    const asked = recipe.inputs.map(({ name }) => name).filter((name) => !labels.includes(name));
    const { weight } = contract.data.roles;
    const weighed = weight === undefined || asked.includes(weight) ? [] : [blind(weight)];
    const columns = [
      "__row",
      ...asked.map(quoteName),
      ...labels.map(blind),
      ...weighed,
      "__id",
      `${side} AS __split`,
    ];
    await engine.save(
      `SELECT ${columns.join(", ")} FROM prepared WHERE ${seen} ORDER BY __row`,
      join(to, PREPARED),
    );

    const all = (await engine.columns("SELECT * FROM features")).map(({ name }) => name);
    const features = all.map((name) =>
      name === "__split"
        ? `${side} AS __split`
        : name === "__label" || name === "__weight"
          ? blind(name)
          : quoteName(name),
    );
    await engine.save(
      `SELECT ${features.join(", ")} FROM features WHERE ${seen} ORDER BY __row`,
      join(to, FEATURES),
    );
    const [count = {}] = await engine.rows(
      `SELECT count(*) AS rows FROM features WHERE __split = 'train' AND NOT (${hidden})`,
    );
    return Number(count.rows);
  });
}
