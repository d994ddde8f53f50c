import * as z from "zod";
import { nearest } from "../core/text/nearest.ts";
import type { Issue } from "./issues.ts";
import { notYet } from "./later.ts";
import { explainLeaf, kindOf } from "./leaf.ts";
import { chooseBranch } from "./union.ts";
import { foundText, orList, wordList } from "./words.ts";
import {
  type Located,
  type LocatedList,
  type LocatedMap,
  type Path,
  pathText,
  plain,
} from "./yaml/located.ts";

/** An issue of the schema, with the path whose value it is about. */
export interface SchemaIssue extends Issue {
  readonly path: Path;
}

/**
 * Why a value does not fit a schema, all reasons at once, each at its place.
 *
 * The schema itself decides whether a value fits; this walks beside it only to say it well: the branch
 * of a union that was meant, the nearest key, the words of YAML for types. The message is empty for a
 * value of which all was said when it was read.
 */
export function explain(schema: z.core.$ZodType, node: Located, path: Path = []): readonly SchemaIssue[] {
  if (node.kind === "scalar" && node.refused === true) return [{ path, place: node.at, message: "" }];
  if (z.safeParse(schema, plain(node)).success) return [];
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case "optional":
    case "default":
    case "prefault":
    case "nullable":
    case "readonly":
      return explain(def.innerType, node, path);
    case "pipe": {
      const inner = explain(def.in, node, path);
      return inner.length > 0 ? inner : explainLeaf(schema, node, path);
    }
    case "object":
      return node.kind === "map" ? explainObject(def, node, path) : explainLeaf(schema, node, path);
    case "record":
      return node.kind === "map" ? explainRecord(def, schema, node, path) : explainLeaf(schema, node, path);
    case "array":
      return node.kind === "list"
        ? orLeaf(explainItems(def.element, node, path), schema, node, path)
        : explainLeaf(schema, node, path);
    case "tuple":
      return node.kind === "list" && node.items.length === def.items.length
        ? def.items.flatMap((item, index) => explain(item, node.items[index] ?? node, [...path, index]))
        : [
            {
              path,
              place: node.at,
              message: `found ${lengthText(node)} at ${pathText(path)}; expected a list of ${def.items.length} values`,
            },
          ];
    case "union":
      return explainUnion(def.options, schema, node, path);
    default:
      return explainLeaf(schema, node, path);
  }
}

const lengthText = (node: Located) =>
  node.kind === "list" ? `a list of ${node.items.length}` : foundText(node);

/** What the parts did not explain, such as a length, the whole must. */
function orLeaf(found: readonly SchemaIssue[], schema: z.core.$ZodType, node: Located, path: Path) {
  return found.length > 0 ? found : explainLeaf(schema, node, path);
}

/** More wrong entries of one list or map than these are not looked at: a person did not write them. */
const ENOUGH = 50;

function explainItems(schema: z.core.$ZodType, node: LocatedList, path: Path): readonly SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  for (const [index, item] of node.items.entries()) {
    issues.push(...explain(schema, item, [...path, index]));
    if (issues.length > ENOUGH) break;
  }
  return issues;
}

function explainObject(def: z.core.$ZodObjectDef, node: LocatedMap, path: Path): readonly SchemaIssue[] {
  const keys = Object.keys(def.shape);
  const issues: SchemaIssue[] = [];
  for (const [key, child] of node.entries) {
    if (issues.length > ENOUGH) break;
    const schema = Object.hasOwn(def.shape, key) ? def.shape[key] : undefined;
    issues.push(
      ...(schema === undefined
        ? [unknownKey(key, child, keys, path)]
        : explain(schema, child, [...path, key])),
    );
  }
  for (const [key, schema] of Object.entries(def.shape)) {
    if (node.entries.has(key) || schema._zod.optin !== undefined) continue;
    const description = z.globalRegistry.get(schema)?.description;
    const what =
      description === undefined ? "" : `: ${description.charAt(0).toLowerCase()}${description.slice(1)}`;
    issues.push({
      path: [...path, key],
      place: node.key,
      message: `missing key "${key}"${underText(path)}${what}`,
    });
  }
  return issues;
}

/** The message of a key that the schema does not know. */
export function unknownKey(key: string, node: Located, keys: readonly string[], path: Path): SchemaIssue {
  const whole = [...path, key];
  const later = notYet(whole);
  if (later !== undefined) return { path: whole, place: node.key, message: later };
  const near = nearest(key, keys);
  const guess = near === undefined ? "" : `did you mean "${near}"? `;
  return {
    path: whole,
    place: node.key,
    message: `unknown key "${key}"${underText(path)}; ${guess}the keys here: ${wordList(keys)}`,
  };
}

const underText = (path: Path) => (path.length === 0 ? "" : ` under ${pathText(path)}`);

function explainRecord(
  def: z.core.$ZodRecordDef,
  schema: z.core.$ZodType,
  node: LocatedMap,
  path: Path,
): readonly SchemaIssue[] {
  const issues: SchemaIssue[] = [];
  for (const [key, child] of node.entries) {
    if (issues.length > ENOUGH) break;
    const wrongKey = z.safeParse(def.keyType, key);
    if (!wrongKey.success) {
      const message = `the name "${key}"${underText(path)} cannot stand; ${wrongKey.error.issues[0]?.message ?? ""}`;
      issues.push({ path: [...path, key], place: child.key, message });
    }
    issues.push(...explain(def.valueType, child, [...path, key]));
  }
  return orLeaf(issues, schema, node, path);
}

function explainUnion(
  options: readonly z.core.$ZodType[],
  schema: z.core.$ZodType,
  node: Located,
  path: Path,
): readonly SchemaIssue[] {
  const choice = chooseBranch(options, node);
  const noun = z.globalRegistry.get(schema)?.title ?? "entry";
  switch (choice.kind) {
    case "branch":
      return orLeaf(explain(choice.schema, node, path), schema, node, path);
    case "no branch of this type": {
      const expected = orList(options.map(kindOf));
      return [
        {
          path,
          place: node.at,
          message: `found ${foundText(node)} at ${pathText(path)}; expected ${expected}`,
        },
      ];
    }
    case "several keys":
      return [
        {
          path,
          place: choice.second.key,
          message: `${choice.keys.map((key) => `"${key}"`).join(" and ")} stand in one ${noun} at ${pathText(path)}; ${
            noun === "step" ? "each is a list entry of its own" : "keep one of them"
          }`,
        },
      ];
    case "no key": {
      const keys = choice.words;
      const first =
        node.kind === "map" ? [...node.entries].find(([key]) => !choice.common.includes(key)) : undefined;
      if (first === undefined) {
        return [
          {
            path,
            place: node.at,
            message: `found ${foundText(node)} at ${pathText(path)}; it needs one of the keys: ${wordList(keys)}`,
          },
        ];
      }
      return [unknownKey(first[0], first[1], keys, path)];
    }
  }
}
