import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node } from "yaml";
import { type Place, UserError } from "../../errors.ts";
import { pythonNumber } from "./python-json.ts";
import { parsed, repeatedKey } from "./yaml-file.ts";

/** A value of `dvc.yaml` or of a file of parameters, with its place. */
export type Value =
  | { readonly kind: "map"; readonly at: Place; readonly entries: ReadonlyMap<string, Value> }
  | { readonly kind: "list"; readonly at: Place; readonly items: readonly Value[] }
  | {
      readonly kind: "scalar";
      readonly at: Place;
      readonly value: string | number | boolean | null;
      /** As DVC's Python puts it into a text: `1.0` is no `1`, and nothing is `None`. */
      readonly text: string;
    };

/** Far beyond any pipeline; aliases could make more of a few lines. */
const MOST_VALUES = 1_000_000;
const LARGEST = 10_000_000;

/**
 * Reads YAML or JSON that people write for DVC: other than in what DVC writes, aliases and merges are
 * expanded.
 *
 * @throws {UserError} at the line and column of the first error
 *
 * @example readValues("a: &x {b: 1.0}\nc: *x\n", "params.yaml").entries.get("c").entries.get("b").text // => "1.0"
 */
export function readValues(text: string, file: string): Value {
  if (text.length > LARGEST) throw new UserError(`is larger than ${LARGEST} characters`, { at: { file } });
  const lines = new LineCounter();
  const document = parsed(text, lines, file, true);
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const said = error.message.split("\n")[0]?.replace(/\.$/, "") ?? "is not YAML";
    throw new UserError(said, { at: placeOf(error.pos[0]) });
  }
  return reader(document, placeOf)(document.contents, 0);
}

function reader(
  document: Document,
  placeOf: (offset: number) => Place,
): (node: unknown, depth: number) => Value {
  let count = 0;
  const read = (node: unknown, depth: number): Value => {
    const at = placeOf((node as Node | null)?.range?.[0] ?? 0);
    if (++count > MOST_VALUES || depth > 100) {
      throw new UserError("holds more values than any pipeline; its aliases repeat each other", { at });
    }
    if (isAlias(node)) return read(node.resolve(document), depth + 1);
    if (isSeq(node)) return { kind: "list", at, items: node.items.map((item) => read(item, depth + 1)) };
    if (isMap(node)) {
      const twice = repeatedKey(node);
      if (twice !== undefined) throw new UserError("Map keys must be unique", { at: placeOf(twice) });
      const entries = new Map<string, Value>();
      for (const { key, value } of node.items) {
        const name = String(isScalar(key) ? (key.source ?? key.value) : key);
        const inner = read(value, depth + 1);
        if (name !== "<<") entries.set(name, inner);
        else
          for (const [other, merged] of mergedIn(inner)) if (!entries.has(other)) entries.set(other, merged);
      }
      return { kind: "map", at, entries };
    }
    const { value, source } = isScalar(node) ? node : { value: null, source: undefined };
    return scalar(value, at, source);
  };
  return read;
}

function mergedIn(value: Value): readonly (readonly [string, Value])[] {
  if (value.kind === "map") return [...value.entries];
  return value.kind === "list" ? value.items.flatMap(mergedIn) : [];
}

/** A scalar with its text. */
export function scalar(value: unknown, at: Place, source?: string): Value & { kind: "scalar" } {
  if (typeof value === "number") return { kind: "scalar", at, value, text: pythonNumber(value, source) };
  if (typeof value === "boolean") return { kind: "scalar", at, value, text: String(value) };
  if (value === null || value === undefined) return { kind: "scalar", at, value: null, text: "None" };
  return { kind: "scalar", at, value: String(value), text: String(value) };
}

/** The value under a key of a map. */
export function entryOf(value: Value | undefined, key: string): Value | undefined {
  const found = value?.kind === "map" ? value.entries.get(key) : undefined;
  return found?.kind === "scalar" && found.value === null ? undefined : found;
}
