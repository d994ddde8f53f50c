import * as z from "zod";
import { ANSWERS, type Answer } from "./answers.ts";
import { type Generated, MADE_BY } from "./generated.ts";

/** What the commands of artifacts print with `--json`. */
export const jsonPage: Generated = { path: "docs/reference/json.md", make: page };

/** As much of JSON Schema as the shapes need. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly title?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

function page(): string {
  return `${[
    `<!-- ${MADE_BY} -->`,
    "# What `--json` prints",
    "Every command about data and models prints one JSON value on standard output with `--json`, and everything else on " +
      "standard error. Keys are written in snake_case, but for `not in cache`, which is DVC's. A key with `?` may be " +
      "absent; nothing else is. Paths are relative to the repository's root, with `/`. New keys may come with any " +
      "version; none goes, or changes its meaning, but with a new major one.",
    'Of an error that the user can put right it is `{ "error": { "message": …, "at": { "file": …, "line": …, "column": … } } }`, with `at` ' +
      "where it has a place, and [exit codes](exit-codes.md) tell its kind.",
    ...ANSWERS.flatMap(section),
  ].join("\n\n")}\n`;
}

function section({ command, when, shape }: Answer): readonly string[] {
  const schema = z.toJSONSchema(shape, { io: "output", unrepresentable: "any" }) as Schema;
  const block = `\`\`\`text\n${shown(schema, "")}\n\`\`\``;
  return when === undefined
    ? [`## ${command}`, block]
    : [`${when[0]?.toUpperCase()}${when.slice(1)}:`, block];
}

/** A shape as one would write a value of it down, a key a line. */
function shown(schema: Schema, indent: string): string {
  const { type, title, anyOf, items, properties, additionalProperties: others } = schema;
  if (title !== undefined) return title;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if (anyOf !== undefined) return anyOf.map((one) => shown(one, indent)).join(" | ");
  if (type === "array") return `[${shown(items ?? {}, indent)}]`;
  if (type !== "object") return [type ?? "any"].flat().join(" | ");
  if (properties === undefined || Object.keys(properties).length === 0) {
    return typeof others === "object" ? `{ KEY: ${shown(others, indent)} }` : "{ … }";
  }
  const more = `${indent}  `;
  const lines = Object.entries(properties).map(([key, one]) => {
    const name = `${/^\w+$/.test(key) ? key : JSON.stringify(key)}${schema.required?.includes(key) === true ? "" : "?"}`;
    const note = one.description === undefined ? "" : `${more}// ${one.description}\n`;
    return `${note}${more}${name}: ${shown(one, more)}`;
  });
  if (others !== false) lines.push(`${more}…`);
  return `{\n${lines.join("\n")}\n${indent}}`;
}
