import type { JsonSchema } from "../../src/config/json-schema.ts";

/**
 * What a JSON Schema takes, in the words of YAML: `whole number from 1`.
 */
export function typeOf(schema: JsonSchema): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((word) => `\`${word}\``).join(", ");
  if ("const" in schema) return `\`${JSON.stringify(schema.const).replaceAll('"', "")}\``;
  if (Array.isArray(schema.anyOf)) return distinct(schema.anyOf.map(typeOf)).join(" or ");
  if (Array.isArray(schema.type)) return distinct(schema.type.map((type) => typeOf({ type }))).join(" or ");
  switch (schema.type) {
    case "string":
      return "text";
    case "integer":
      return `whole number${rangeOf(schema)}`;
    case "number":
      return `number${rangeOf(schema)}`;
    case "boolean":
      return "true or false";
    case "array":
      return Array.isArray(schema.items)
        ? `list of ${schema.items.length}`
        : `list of ${listed(schema.items as JsonSchema)}`;
    case "object":
      return "map";
    case "null":
      return "null";
    default:
      return "anything";
  }
}

function listed(items: JsonSchema | undefined): string {
  const type = typeOf(items ?? {});
  return items?.properties !== undefined || items?.anyOf !== undefined
    ? "entries"
    : type.replace(/^text$/, "texts");
}

function rangeOf({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const limits = [
    typeof exclusiveMinimum === "number" ? `above ${exclusiveMinimum}` : "",
    typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : "",
    typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : "",
  ].filter((limit) => limit !== "");
  return limits.length === 0 ? "" : ` ${limits.join(" ")}`;
}

const distinct = (words: readonly string[]) => [...new Set(words)];
