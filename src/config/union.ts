import type * as z from "zod";
import { kindOf, type YamlKind, yamlKind } from "./leaf.ts";
import type { Located, LocatedMap } from "./yaml/located.ts";

/** Which branch of a union a value was meant for. */
export type Choice =
  | { readonly kind: "branch"; readonly schema: z.core.$ZodType }
  | { readonly kind: "no branch of this type" }
  | { readonly kind: "several keys"; readonly keys: readonly string[]; readonly second: Located }
  | { readonly kind: "no key"; readonly words: readonly string[]; readonly common: readonly string[] };

/**
 * Chooses by the value's type first; among maps, by the key that only one branch requires
 * (`column`, `table` or `sql` of an expectation; the one key of a step).
 */
export function chooseBranch(options: readonly z.core.$ZodType[], node: Located): Choice {
  const fitting = options.filter((option) => takes(option, yamlKind(node)));
  const [only, ...others] = fitting;
  if (only === undefined) return { kind: "no branch of this type" };
  if (others.length === 0) return { kind: "branch", schema: only };
  if (node.kind !== "map") return { kind: "branch", schema: only };

  const objects = fitting.flatMap((schema) => {
    const shape = shapeOf(schema);
    return shape === undefined ? [] : [{ schema, required: requiredKeys(shape), keys: Object.keys(shape) }];
  });
  const telling = objects.map(({ schema, required }) => ({
    schema,
    keys: required.filter((key) =>
      objects.every((other) => other.schema === schema || !other.keys.includes(key)),
    ),
  }));
  const named = telling.flatMap(({ schema, keys }) =>
    keys.filter((key) => node.entries.has(key)).map((key) => ({ schema, key })),
  );
  const [first, second] = named;
  if (first === undefined) {
    const words = telling.flatMap(({ keys }) => keys);
    const common = objects.flatMap(({ keys }) => keys).filter((key) => !words.includes(key));
    // A map of free names, such as the columns of `ordinal`, takes what no other branch does.
    const free = fitting.find((schema) => shapeOf(schema) === undefined);
    return free === undefined ? { kind: "no key", words, common } : { kind: "branch", schema: free };
  }
  if (second === undefined || second.schema === first.schema) return { kind: "branch", schema: first.schema };
  return severalKeys(
    named.map(({ key }) => key),
    node,
  );
}

function severalKeys(keys: readonly string[], node: LocatedMap): Choice {
  const inOrder = [...node.entries].filter(([key]) => keys.includes(key));
  return { kind: "several keys", keys: inOrder.map(([key]) => key), second: inOrder[1]?.[1] ?? node };
}

const requiredKeys = (shape: z.core.$ZodShape) =>
  Object.keys(shape).filter((key) => shape[key]?._zod.optin === undefined);

/** The keys of a map with fixed keys, also behind a transformation; `undefined` for all else. */
export function shapeOf(schema: z.core.$ZodType): z.core.$ZodShape | undefined {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === "object") return def.shape;
  if (def.type === "pipe") return shapeOf(def.in);
  if (def.type === "default" || def.type === "prefault" || def.type === "optional")
    return shapeOf(def.innerType);
  return undefined;
}

function takes(option: z.core.$ZodType, kind: YamlKind): boolean {
  const { def } = (option as z.core.$ZodTypes)._zod;
  if (def.type === "union") return def.options.some((inner) => takes(inner, kind));
  if (def.type === "literal") return def.values.some((value) => yamlKindOfValue(value) === kind);
  return kindOf(option) === kind || (kindOf(option) === "a whole number" && kind === "a number");
}

const yamlKindOfValue = (value: unknown): YamlKind =>
  typeof value === "string"
    ? "text"
    : typeof value === "number"
      ? "a number"
      : value === null
        ? "no value"
        : "true or false";
