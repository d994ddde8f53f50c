import type { Recipe } from "../features/recipe.ts";
import type { Column } from "../tables/column.ts";

/** What a column is to the model: a quantity, a category, or a moment. */
export type Role = "number" | "category" | "time";

/** What perturbations must know of a column. */
export interface Facts {
  readonly name: string;
  readonly role: Role;
  /** Of its present values, with all of them in the denominator; 0 where it holds no number. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
  /** Whether all of its numbers are whole: then they stay so. */
  readonly whole: boolean;
}

/** Steps that take a number as the name of a category. */
const CATEGORICAL: ReadonlySet<string> = new Set(["one_hot", "ordinal", "hash"]);

/** What each input of a recipe is to the model. A number of which only categories are made is one. */
export function rolesOf({ inputs, features }: Pick<Recipe, "inputs" | "features">): Map<string, Role> {
  return new Map(
    inputs.map(({ name, kind }): [string, Role] => {
      if (kind === "time") return [name, "time"];
      if (kind !== "number") return [name, "category"];
      const steps = features.filter(({ column }) => column === name);
      const coded = steps.length > 0 && steps.every(({ step }) => CATEGORICAL.has(step));
      return [name, coded ? "category" : "number"];
    }),
  );
}

/** Whether a number is one of two whole ones in every row, such as 0 or 1. */
function isFlag(values: Float64Array): boolean {
  const [first, ...different] = new Set(values);
  return different.length === 1 && [first, ...different].every(Number.isInteger);
}

/**
 * What there is to know of a column's values.
 *
 * @example factsOf("a", "number", { kind: "number", values: new Float64Array([1, 2, 3, NaN, 2]) }) // => { name: "a", role: "number", deviation: 0.7071067811865476, least: 1, most: 3, whole: true }
 */
export function factsOf(name: string, role: Role, column: Column): Facts {
  const values = column.kind === "text" ? new Float64Array(0) : column.values.filter(Number.isFinite);
  const rows = Math.max(1, values.length);
  const mean = values.reduce((sum, value) => sum + value / rows, 0);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / rows, 0);
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const empty = values.length === 0;
  return {
    name,
    role: role === "number" && isFlag(values) ? "category" : role,
    deviation: least === most ? 0 : Math.sqrt(variance), // rounding is no spread
    least: empty ? 0 : least,
    most: empty ? 0 : most,
    whole: values.every(Number.isInteger),
  };
}
