import * as z from "zod";
import type { Recipe } from "../features/recipe.ts";

/** The file in a model's folder that says which columns may be looked at later. */
export const REFERENCE_FILE = "reference.json";

const reference = z.object({
  schema: z.literal("trainyard/reference/1"),
  columns: z.array(z.object({ name: z.string() })),
  personal: z.array(z.string()),
});

/**
 * The columns of a request that are written into the prediction log: those that the model's reference
 * speaks of, and none that it calls personal. Without a reference nobody knows which are sensitive, and
 * none is written.
 *
 * A time is spoken of by its parts, `hired (month)`.
 *
 * @param text of `reference.json`; undefined where the model has none
 * @returns undefined where the text is no reference
 * @example loggedColumns(undefined, [{ name: "age", kind: "number" }]) // => []
 * @example loggedColumns('{"schema":"trainyard/reference/1","columns":[{"name":"hired (month)"}],"personal":[]}', [{ name: "age", kind: "number" }, { name: "hired", kind: "time" }]) // => ["hired"]
 */
export function loggedColumns(
  text: string | undefined,
  inputs: Recipe["inputs"],
): readonly string[] | undefined {
  if (text === undefined) return [];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = reference.safeParse(value);
  if (!parsed.success) return undefined;
  const named = new Set(parsed.data.columns.map(({ name }) => name));
  const personal = new Set(parsed.data.personal);
  const isNamed = (name: string, kind: string): boolean =>
    named.has(name) || (kind === "time" && PARTS.some((part) => named.has(`${name} (${part})`)));
  return inputs
    .filter(({ name, kind }) => isNamed(name, kind) && !personal.has(name))
    .map(({ name }) => name);
}

const PARTS = ["hour", "weekday", "month"] as const;
