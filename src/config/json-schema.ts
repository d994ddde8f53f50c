import * as z from "zod";
import { contract } from "./contract.ts";

/** A JSON Schema, as plain JSON. */
export type JsonSchema = { readonly [key: string]: unknown };

/**
 * The JSON Schema of what may be written in `trainyard.yaml`, for editors: in draft 7, as the YAML
 * language server (1.18) does not know the lists of fixed length of later drafts.
 *
 * @example contractJsonSchema().required // => ["model", "task", "data", "features", "train"]
 */
export const contractJsonSchema = (): JsonSchema =>
  jsonSchemaOf(contract, { io: "input", target: "draft-7" });

/**
 * The JSON Schema of a zod schema: of what is written (`input`) or of what comes of it (`output`).
 *
 * Where a value is transformed when it is read, zod leaves examples and defaults out, as they might be
 * given in the transformed form. Here they are what a person writes, so they are put back.
 */
export function jsonSchemaOf(
  schema: z.ZodType,
  form: { readonly io: "input" | "output"; readonly target: "draft-7" | "draft-2020-12" },
): JsonSchema {
  return z.toJSONSchema(schema, {
    ...form,
    override({ zodSchema, jsonSchema }) {
      const examples = z.globalRegistry.get(zodSchema)?.examples;
      if (Array.isArray(examples)) jsonSchema.examples = examples;
      const { def } = (zodSchema as z.core.$ZodTypes)._zod;
      // An empty map as default only says that the key may be left out.
      if (def.type === "prefault") delete jsonSchema.default;
      if (def.type === "default") jsonSchema.default = def.defaultValue;
    },
  }) as JsonSchema;
}
