import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as z from "zod";
import { stale } from "../../scripts/generate.ts";
import { contract } from "../../src/config/contract.ts";
import { contractJsonSchema, type JsonSchema } from "../../src/config/json-schema.ts";
import { REFERENCE } from "../../src/config/schema/train.ts";

interface Key {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

/** Every key that a schema names, however deep, with the keys beside it that it cannot do without. */
function* keysOf(schema: JsonSchema, path: readonly string[] = []): Iterable<Key> {
  for (const [key, child] of Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>)) {
    yield { path: [...path, key], schema: child };
    yield* keysOf(child, [...path, key]);
  }
  for (const branch of (schema.anyOf ?? []) as JsonSchema[]) yield* keysOf(branch, path);
  if (typeof schema.items === "object" && !Array.isArray(schema.items)) {
    yield* keysOf(schema.items as JsonSchema, [...path, "[]"]);
  }
  if (typeof schema.additionalProperties === "object") {
    yield* keysOf(schema.additionalProperties as JsonSchema, [...path, "NAME"]);
  }
}

const keys = [...keysOf(contractJsonSchema())];

describe("the JSON Schema of the contract", () => {
  it("describes every key", () => {
    assert.ok(keys.length > 80, `${keys.length} keys`);
    const silent = keys.filter(({ schema }) => typeof schema.description !== "string");
    assert.deepEqual(
      silent.map(({ path }) => path.join(".")),
      [],
    );
  });

  it("has an example for every key that is not a map of keys or a list of them", () => {
    const without = keys.filter(
      ({ schema }) => !Array.isArray(schema.examples) && [...keysOf(schema)].length === 0,
    );
    assert.deepEqual(
      without.map(({ path }) => path.join(".")),
      [],
    );
  });

  it("gives examples and defaults that the schema takes", () => {
    let held = 0;
    for (const schema of schemasIn(contract)) {
      for (const value of written(schema)) {
        held++;
        if (REFERENCE.test(String(value))) continue; // the parser replaces it before the schema looks
        assert.ok(z.safeParse(schema, value).success, JSON.stringify(value));
      }
    }
    assert.ok(held > 100, `${held} values`);
  });
});

describe("the generated files", () => {
  it("are what their declarations make", async () => {
    assert.deepEqual(
      (await stale()).map(({ path }) => path),
      [],
      "run `npm run generate`",
    );
  });
});

/** A schema and all that it is made of. */
function* schemasIn(schema: z.core.$ZodType): Iterable<z.core.$ZodType> {
  yield schema;
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const parts: readonly z.core.$ZodType[] =
    def.type === "object"
      ? Object.values(def.shape)
      : def.type === "union"
        ? def.options
        : def.type === "array"
          ? [def.element]
          : def.type === "record"
            ? [def.valueType]
            : def.type === "tuple"
              ? def.items
              : def.type === "pipe"
                ? [def.in]
                : "innerType" in def && def.innerType !== undefined
                  ? [def.innerType]
                  : [];
  for (const part of parts) yield* schemasIn(part);
}

/** What a schema says that one may write: its examples, and its default. */
function written(schema: z.core.$ZodType): readonly unknown[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const examples = (z.globalRegistry.get(schema)?.examples ?? []) as readonly unknown[];
  return def.type === "default" || def.type === "prefault" ? [...examples, def.defaultValue] : examples;
}
