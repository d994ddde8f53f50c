import * as z from "zod";
import { nearest } from "../core/text/nearest.ts";
import type { SchemaIssue } from "./explain.ts";
import { notYet } from "./later.ts";
import { foundText, orList, wordList } from "./words.ts";
import { type Located, type Path, pathText, plain } from "./yaml/located.ts";

/** The types of YAML, as an error names them. */
export type YamlKind = "text" | "a number" | "true or false" | "no value" | "a list" | "a map";

export function yamlKind(node: Located): YamlKind {
  if (node.kind === "list") return "a list";
  if (node.kind === "map") return "a map";
  if (node.value === null) return "no value";
  return typeof node.value === "string"
    ? "text"
    : typeof node.value === "number"
      ? "a number"
      : "true or false";
}

/** What a schema takes, in the words of YAML. */
export function kindOf(schema: z.core.$ZodType): string {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "string":
    case "enum":
      return "text";
    case "number":
      return z.safeParse(schema, 1.5).error?.issues.some(({ code }) => code === "invalid_type")
        ? "a whole number"
        : "a number";
    case "boolean":
      return "true or false";
    case "null":
      return "no value";
    case "array":
    case "tuple":
      return "a list";
    case "object":
    case "record":
      return "a map";
    case "literal":
      return def.values
        .map((value) => (typeof value === "string" ? `"${value}"` : String(value)))
        .join(" or ");
    case "pipe":
      return kindOf(def.in);
    case "optional":
    case "default":
    case "prefault":
      return kindOf(def.innerType);
    case "union":
      return orList(def.options.map(kindOf));
    default:
      return "another value";
  }
}

/** What is wrong with one value as such, from the schema's own issues. */
export function explainLeaf(schema: z.core.$ZodType, node: Located, path: Path): readonly SchemaIssue[] {
  const result = z.safeParse(schema, plain(node));
  if (result.success) return [];
  const at = path.length === 0 ? "" : ` at ${pathText(path)}`;
  return result.error.issues.slice(0, 1).map((issue) => ({
    path,
    place: node.at,
    message: messageOf(issue, schema, node, path, at),
  }));
}

function messageOf(
  issue: z.core.$ZodIssue,
  schema: z.core.$ZodType,
  node: Located,
  path: Path,
  at: string,
): string {
  const found = `found ${foundText(node)}${at}`;
  switch (issue.code) {
    case "invalid_value":
      return wrongWord(issue.values, node, path, at);
    case "invalid_type": {
      const noSuchNumber = typeof plain(node) === "number" && !Number.isFinite(plain(node));
      const old = node.kind === "scalar" && typeof node.value === "string" && issue.expected === "boolean";
      const hint =
        old && /^(yes|no|on|off)$/i.test(String(node.value)) ? ' (in YAML 1.2 "yes" and "no" are texts)' : "";
      const empty = node.kind === "scalar" && node.value === null ? ", or leave the key out" : "";
      const bare =
        node.kind === "scalar" && (typeof node.value === "number" || typeof node.value === "boolean");
      if (bare && issue.expected === "string")
        return `${found}; expected text: "${String(node.value)}" in quotes`;
      return `${found}; expected ${noSuchNumber ? "a finite number" : kindOf(schema)}${hint}${path.length > 0 ? empty : ""}`;
    }
    case "too_small":
    case "too_big":
      return `${found}; ${ownMessage(issue) ?? limitText(issue)}`;
    default:
      return `${found}; ${issue.message}`;
  }
}

/** A message that the schema states itself; those of zod begin with a capital. */
const ownMessage = ({ message }: z.core.$ZodIssue) => (/^[a-z]/.test(message) ? message : undefined);

function limitText(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const small = issue.code === "too_small";
  const limit = small ? issue.minimum : issue.maximum;
  const side =
    issue.inclusive === false ? (small ? "more than" : "less than") : small ? "at least" : "at most";
  switch (issue.origin) {
    case "string":
      return `expected ${side} ${limit} characters`;
    case "array":
      return `expected ${side} ${limit} ${Number(limit) === 1 ? "entry" : "entries"}`;
    default:
      return `expected ${side} ${limit}`;
  }
}

function wrongWord(values: readonly unknown[], node: Located, path: Path, at: string): string {
  const words = values.map(String);
  const written = node.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
  if (written === undefined) return `found ${foundText(node)}${at}; expected ${choices(words)}`;
  const later = notYet(path, written);
  if (later !== undefined) return `${later}; it knows ${orList(words)}`;
  const near = nearest(written, words);
  const guess = near === undefined || words.length === 1 ? "" : `did you mean "${near}"? `;
  return `unknown value "${written.slice(0, 60)}"${at}; ${guess}${words.length === 1 ? `expected "${words[0]}"` : choices(words)}`;
}

const choices = (words: readonly string[]) =>
  words.length === 1 ? `"${words[0]}"` : `one of: ${wordList(words)}`;
