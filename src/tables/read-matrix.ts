import type { Recipe } from "../core/features/recipe.ts";
import type { Column } from "../core/tables/column.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";
import type { Side } from "./materialise.ts";

/** The features of one side of the split, with what is to be learnt, in the order of the rows. */
export interface SideFeatures {
  /** Row-major, `rows × width`, finite. */
  readonly matrix: Float32Array;
  readonly rows: number;
  readonly width: number;
  readonly names: readonly string[];
  /** The label's own values. */
  readonly label: Column;
  readonly weights?: Float64Array;
}

/** A Float32Array of 4 GB: what one matrix may take. */
const MOST = 2 ** 30;

/**
 * Reads a side of the features that `materialise` wrote.
 *
 * @param from the relation of the features' file
 * @throws {UserError} where the features do not fit into memory
 */
export async function readMatrix(
  engine: Engine,
  from: string,
  recipe: Recipe,
  split: Side,
): Promise<SideFeatures> {
  const { outputs: names } = recipe;
  const width = names.length;
  const where = `FROM ${quoteName(from)} WHERE __split = '${split}'`;
  const [count = {}] = await engine.rows(`SELECT count(*) AS rows ${where}`);
  const rows = Number(count.rows);
  if (rows * width > MOST) {
    throw new UserError(
      `${rows} ${split} rows of ${width} features do not fit into memory; take fewer categories, or hash into fewer columns`,
    );
  }
  const matrix = new Float32Array(rows * width);
  const list = names.map((name) => quoteName(name)).join(", ");
  let at = 0;
  for await (const batch of engine.batches(`SELECT ${list} ${where}`)) {
    for (const [place, name] of names.entries()) {
      const column = batch.columns.get(name);
      if (column === undefined || column.kind === "text") throw new Error(`no feature ${name} in ${from}`);
      for (let row = 0; row < batch.rows; row++)
        matrix[at + row * width + place] = column.values[row] as number;
    }
    at += batch.rows * width;
  }
  const weighted = (await engine.columns(`SELECT * ${where}`)).some(({ name }) => name === "__weight");
  const own = await engine.table(`SELECT __label${weighted ? ", __weight" : ""} ${where}`);
  const [label, weight] = ["__label", "__weight"].map((name) => own.columns.get(name));
  if (label === undefined) throw new Error(`no __label in ${from}`);
  const weights = weight === undefined || weight.kind === "text" ? {} : { weights: weight.values };
  return { matrix, rows, width, names, label, ...weights };
}
