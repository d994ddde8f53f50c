import { stringify } from "yaml";
import { contractJsonSchema, type JsonSchema } from "../../src/config/json-schema.ts";
import { type Generated, MADE_BY } from "./generated.ts";
import { typeOf } from "./type-words.ts";

/** The reference of `trainyard.yaml`: every key, what it is, its type, default and an example. */
export const contractPage: Generated = {
  path: "docs/reference/contract.md",
  make: () => pageOf(contractJsonSchema()),
};

interface Row {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
}

/** A heading and the table of the keys below it. */
interface Section {
  readonly title: string;
  readonly depth: number;
  readonly intro: readonly string[];
  readonly rows: readonly Row[];
}

export function pageOf(schema: JsonSchema): string {
  const sections: Section[] = [];
  collect("", schema, 0, sections);
  return `${[
    `<!-- ${MADE_BY} -->`,
    "# The contract, `trainyard.yaml`",
    "The contract of one model: what it is for, where its data come from, how it is made, what decides whether it may go out, and what becomes of it then. " +
      "It is YAML 1.2, so `no` is a text; SQL and conditions stand in quotes wherever they are between brackets. " +
      "Editors complete and check it with `schema/trainyard.schema.json`; put this line first:",
    "```yaml\n# yaml-language-server: $schema=./node_modules/trainyard/schema/trainyard.schema.json\n```",
    ...sections.flatMap(sectionText),
  ].join("\n\n")}\n`;
}

function sectionText({ title, depth, intro, rows }: Section): string[] {
  const heading = depth === 0 ? [] : [`${"#".repeat(Math.min(depth + 1, 5))} ${title}`];
  const lines = rows.map(({ key, schema, required }) =>
    [`\`${key}\``, textOf(schema.description), typeOf(schema), defaultOf(schema, required), exampleOf(schema)]
      .map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " "))
      .join(" | "),
  );
  const table = ["key | what it is | type | default | example", "--- | --- | --- | --- | ---", ...lines];
  return [...heading, ...intro, table.map((line) => `| ${line} |`).join("\n")];
}

/** The sections of a map's keys, then those of the maps below it. */
function collect(
  path: string,
  schema: JsonSchema,
  depth: number,
  sections: Section[],
  title = `\`${path}\``,
): void {
  const properties = (schema.properties ?? {}) as Record<string, JsonSchema>;
  const required = (schema.required ?? []) as readonly string[];
  const rows = Object.entries(properties).map(([key, child]) => ({
    key,
    schema: child,
    required: required.includes(key),
  }));
  sections.push({ title, depth, intro: path === "" ? [] : sentence(schema.description), rows });
  for (const { key, schema: child } of rows) {
    below(path === "" ? key : `${path}.${key}`, child, depth + 1, sections);
  }
}

function below(path: string, schema: JsonSchema, depth: number, sections: Section[]): void {
  const items = schema.items as JsonSchema | readonly JsonSchema[] | undefined;
  const values = schema.additionalProperties;
  const branches = ((schema.anyOf ?? []) as readonly JsonSchema[]).filter(holdsMaps);
  const oneKeyOnly = branches.every((branch) => Object.keys(branch.properties ?? {}).length === 1);
  if (schema.properties !== undefined) collect(path, schema, depth, sections);
  else if (items !== undefined && !Array.isArray(items)) {
    below(`${path}[]`, { description: schema.description, ...items }, depth, sections);
  } else if (typeof values === "object" && values !== null) {
    below(`${path}.NAME`, values as JsonSchema, depth, sections);
  } else if (branches.length > 1 && oneKeyOnly) {
    steps(path, branches, schema, depth, sections);
  } else {
    for (const branch of branches) {
      const telling = ((branch.required ?? []) as readonly string[])[0];
      if (branch.properties === undefined) below(path, branch, depth, sections);
      else
        collect(
          path,
          branch,
          depth,
          sections,
          `\`${path}\`${branches.length > 1 ? ` with the key \`${telling}\`` : ""}`,
        );
    }
  }
}

/** Whether a branch is a map with fixed keys, or a list of such maps. */
const holdsMaps = (branch: JsonSchema): boolean =>
  branch.properties !== undefined ||
  (branch.items !== undefined && branch.items !== null && holdsMapsWithin(branch.items as JsonSchema));

const holdsMapsWithin = (schema: JsonSchema): boolean =>
  schema.properties !== undefined || ((schema.anyOf ?? []) as readonly JsonSchema[]).some(holdsMaps);

/** Steps are told in one table: each entry of the list has exactly one of these keys. */
function steps(
  path: string,
  branches: readonly JsonSchema[],
  schema: JsonSchema,
  depth: number,
  sections: Section[],
): void {
  const rows = branches.flatMap((branch) =>
    Object.entries(branch.properties as Record<string, JsonSchema>).map(([key, child]) => ({
      key,
      schema: child,
      required: false,
    })),
  );
  const intro = [...sentence(schema.description), "It has exactly one of these keys."];
  sections.push({ title: `\`${path}\``, depth, intro, rows });
  for (const { key, schema: child } of rows) below(`${path}.${key}`, child, depth + 1, sections);
}

const sentence = (description: unknown) => (typeof description === "string" ? [`${description}.`] : []);
const textOf = (value: unknown) => (typeof value === "string" ? value : "");

function defaultOf(schema: JsonSchema, required: boolean): string {
  if (required) return "**required**";
  return "default" in schema ? code(schema.default) : "";
}

const exampleOf = ({ examples }: JsonSchema) =>
  Array.isArray(examples) ? examples.map(code).join(" or ") : "";

/** A value as one writes it in brackets. */
function code(value: unknown): string {
  const text = stringify(value, {
    collectionStyle: "flow",
    lineWidth: 0,
    flowCollectionPadding: true,
  }).trim();
  return `\`${text
    .replace(/^\[ (.*) \]$/, "[$1]")
    .replaceAll(": [ ", ": [")
    .replaceAll(" ]", "]")}\``;
}
