import * as z from "zod";

/*
 * Reports and judgements in which every text that the schema lets through is one of a stranger's: whoever
 * can forge a file of a report can write anything into any of its texts.
 */

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
interface Node {
  readonly type?: string;
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly anyOf?: readonly Node[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly minItems?: number;
}

/** A text's place, with `*` for each place of a list: `metrics.*.title`. */
type Path = string;

function mapped(
  value: Json,
  change: (path: Path, text: string) => string,
  path: readonly string[] = [],
): Json {
  if (typeof value === "string") return change(path.join("."), value);
  if (Array.isArray(value)) return value.map((one: Json) => mapped(one, change, [...path, "*"]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, mapped(one, change, [...path, key])]),
  );
}

/** Where a schema leaves a text to whoever writes it, as long as the payload at least. */
export function freePaths(schema: z.ZodType, payload: string): Path[] {
  const found: Path[] = [];
  const walk = (node: Node, path: readonly string[]): void => {
    const given = node.enum !== undefined || node.const !== undefined || node.pattern !== undefined;
    const room = (node.maxLength ?? Number.POSITIVE_INFINITY) >= payload.length + 10; // the mark, too
    if (node.type === "string" && !given && room) found.push(path.join("."));
    for (const one of node.anyOf ?? []) walk(one, path);
    for (const [key, one] of Object.entries(node.properties ?? {})) walk(one, [...path, key]);
    if (node.items !== undefined) walk(node.items, [...path, "*"]);
  };
  walk(z.toJSONSchema(schema, { reused: "inline" }) as Node, []);
  return found;
}

/**
 * A value whose texts at these paths are the payload, each with a mark of its own in front. Equal texts stay
 * equal, so that what is looked up by its name is found.
 */
export function replaced<T>(value: T, payload: string, at: (path: Path) => boolean): T {
  const marks = new Map<string, string>();
  const change = (path: Path, text: string): string => {
    if (!at(path)) return text;
    const mark = marks.get(text) ?? `k${marks.size}`;
    marks.set(text, mark);
    return `${mark}${payload}`;
  };
  return mapped(value as Json, change) as T;
}

/**
 * A value that has all that a schema knows of: every list two entries, every text the same, so that whatever
 * is looked up by its name is found.
 *
 * @param variant which of its words each enumeration takes
 */
export function wholeOf<S extends z.ZodType>(schema: S, variant: number): z.output<S> {
  const value = (node: Node): Json => {
    if (node.const !== undefined) return node.const;
    if (node.enum !== undefined) return node.enum[variant % node.enum.length] ?? null;
    if (node.anyOf !== undefined) return value(node.anyOf[0] as Node);
    if (node.properties !== undefined)
      return Object.fromEntries(Object.entries(node.properties).map(([key, one]) => [key, value(one)]));
    const { items } = node;
    if (items !== undefined) return Array.from({ length: node.minItems ?? 2 }, () => value(items));
    if (node.type === "string") return textFor(node.pattern);
    if (node.type === "boolean") return variant % 2 === 0;
    return node.type === "integer" ? 1 : node.type === "number" ? 0.25 + variant / 8 : null;
  };
  const parsed = schema.safeParse(value(z.toJSONSchema(schema, { reused: "inline" }) as Node));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  return parsed.data;
}

/** A text that its pattern lets through. */
function textFor(pattern = ""): string {
  const known = ["text", "v1.0.0", "0".repeat(16), "0".repeat(32), "0".repeat(40), "0".repeat(64)];
  const found = known.find((one) => new RegExp(pattern, "u").test(one));
  if (found === undefined) throw new Error(`no text is known for ${pattern}`);
  return found;
}
