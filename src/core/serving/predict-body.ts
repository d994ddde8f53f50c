import type { Recipe } from "../features/recipe.ts";
import type { Table } from "../tables/column.ts";
import { type ColumnBuilder, columnBuilder, isBase64 } from "./column-builder.ts";
import { parseJson } from "./json.ts";
import { Refusal } from "./refusal.ts";

/** Whether the rows came one by one, or column by column; the answer goes back the same way. */
export type Format = "instances" | "inputs";

/** Rows to predict for, as columns of the recipe's kinds. */
export interface Question {
  readonly format: Format;
  readonly table: Table;
}

type Inputs = Recipe["inputs"];

/** Rows of one request: more of them are better asked for in several. */
export const MOST_ROWS = 10_000;

/** The only signature that a model here has. */
export const SIGNATURE = "serving_default";

/**
 * Reads the body of a `:predict` request: rows as `instances`, or columns as `inputs`, by the names of the
 * columns that the recipe asks for.
 *
 * @throws {Refusal} with the first thing that is wrong, and where
 * @example parsePredict('{"instances": [{"age": 30}]}', [{ name: "age", kind: "number" }]).table.rows // => 1
 * @example parsePredict('{"inputs": {"age": [30, null]}}', [{ name: "age", kind: "number" }]).table.rows // => 2
 * @example parsePredict("{}", []) // throws "Missing 'inputs' or 'instances' key"
 */
export function parsePredict(text: string, inputs: Inputs): Question {
  const body = parseJson(text);
  if (!isObject(body)) throw invalid("JSON Value: Is not object");
  signed(body);
  const [rows, columns] = [own(body, "instances"), own(body, "inputs")];
  if (rows !== undefined && columns !== undefined) {
    throw invalid("Not formatted correctly expecting only one of 'inputs' or 'instances' keys to exist");
  }
  if (rows !== undefined) return { format: "instances", table: fromRows(rows, inputs) };
  if (columns !== undefined) return { format: "inputs", table: fromColumns(columns, inputs) };
  throw invalid("Missing 'inputs' or 'instances' key");
}

function signed(body: Readonly<Record<string, unknown>>): void {
  const signature = own(body, "signature_name") ?? "";
  if (typeof signature !== "string") throw invalid("'signature_name' key must be a string value.");
  if (signature !== "" && signature !== SIGNATURE) {
    throw invalid(`Serving signature name: ${short(signature)} not found in signature def`);
  }
}

function fromRows(list: unknown, inputs: Inputs): Table {
  if (!Array.isArray(list)) throw invalid("Expecting 'instances' to be an list/array");
  const rows = countOf(list.length, "instances");
  const [first] = list;
  const named = isObject(first) && !isBase64(first);
  if (!named && inputs.length !== 1) {
    throw invalid(
      `instances is a plain list, but expecting list of objects as multiple input tensors required: ${namesOf(inputs)}`,
    );
  }
  const builders = buildersOf(inputs, rows);
  const entries = [...builders];
  for (let row = 0; row < rows; row++) {
    const item: unknown = list[row];
    const isRow = isObject(item) && !isBase64(item);
    if (isRow !== named) {
      const [right, found] = named ? ["object", "value/list"] : ["value/list", "object"];
      throw invalid(`Expecting ${right} but got ${found} at item ${row} of input list`);
    }
    if (isRow) putRow(item, row, entries, builders, inputs);
    else put(entries[0] as (typeof entries)[number], row, item, `element: ${row} of 'instances' list`);
  }
  return tableOf(builders, rows);
}

function putRow(
  item: Readonly<Record<string, unknown>>,
  row: number,
  entries: readonly (readonly [string, ColumnBuilder])[],
  builders: ReadonlyMap<string, ColumnBuilder>,
  inputs: Inputs,
): void {
  for (const entry of entries) {
    const [name] = entry;
    const value = own(item, name);
    if (value === undefined) {
      throw invalid(
        `Failed to process element: ${row} of 'instances' list. JSON object: does not have ${short(name)}; it must have the keys: ${namesOf(inputs)}`,
      );
    }
    put(entry, row, value, `element: ${row} key: ${name} of 'instances' list`);
  }
  const keys = Object.keys(item);
  if (keys.length === entries.length) return;
  const stranger = keys.find((key) => !builders.has(key)) ?? "";
  throw invalid(
    `Failed to process element: ${row} key: ${short(stranger)} of 'instances' list. Error: JSON object: does not have named input; the inputs are ${namesOf(inputs)}`,
  );
}

function fromColumns(given: unknown, inputs: Inputs): Table {
  const [only] = inputs;
  const plain = !isObject(given) || isBase64(given);
  if (plain && (only === undefined || inputs.length > 1)) {
    throw invalid(
      `inputs is a plain value/list, but expecting an object as multiple input tensors required: ${namesOf(inputs)}`,
    );
  }
  const columns = plain ? new Map([[only?.name ?? "", given]]) : new Map(Object.entries(given));
  let rows: number | undefined;
  for (const { name } of inputs) {
    const values = columns.get(name);
    if (values === undefined) throw invalid(`Missing named input: ${name} in 'inputs' object.`);
    if (!Array.isArray(values)) throw invalid(`Expecting a list of values for input: ${name}`);
    rows ??= countOf(values.length, "inputs");
    if (values.length !== rows) {
      throw invalid(
        `Encountered list at unexpected size: ${values.length} for input: ${name} expected size: ${rows}`,
      );
    }
  }
  if (columns.size > inputs.length) {
    const stranger = [...columns.keys()].find((key) => !inputs.some(({ name }) => name === key)) ?? "";
    throw invalid(
      `JSON object: does not have named input: ${short(stranger)}; the inputs are ${namesOf(inputs)}`,
    );
  }
  const builders = buildersOf(inputs, rows ?? 0);
  for (const entry of builders) {
    const values = columns.get(entry[0]) as readonly unknown[];
    for (let row = 0; row < values.length; row++) {
      put(entry, row, values[row], `element: ${row} of input: ${entry[0]}`);
    }
  }
  return tableOf(builders, rows ?? 0);
}

function put(
  [, builder]: readonly [string, ColumnBuilder],
  row: number,
  value: unknown,
  place: string,
): void {
  try {
    builder.put(row, value);
  } catch (error) {
    if (error instanceof Refusal) throw invalid(`Failed to process ${place}. Error: ${error.message}`);
    throw error;
  }
}

function countOf(rows: number, key: Format): number {
  if (rows === 0) throw invalid(`No values in '${key}' array`);
  if (rows <= MOST_ROWS) return rows;
  throw invalid(`'${key}' has ${rows} rows; a request may have ${MOST_ROWS}, so send several`);
}

const buildersOf = (inputs: Inputs, rows: number): ReadonlyMap<string, ColumnBuilder> =>
  new Map(inputs.map(({ name, kind }) => [name, columnBuilder(kind, rows)]));

const tableOf = (builders: ReadonlyMap<string, ColumnBuilder>, rows: number): Table => ({
  rows,
  columns: new Map([...builders].map(([name, builder]) => [name, builder.column()])),
});

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A member that is the object's own: `constructor` is nobody's column. */
const own = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

const SHOWN = 50;

const short = (text: string): string =>
  JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);

function namesOf(inputs: Inputs): string {
  const names = inputs.slice(0, SHOWN).map(({ name }) => name);
  return names.join(",") + (inputs.length > SHOWN ? ` and ${inputs.length - SHOWN} more` : "");
}

const invalid = (message: string): Refusal => new Refusal("INVALID_ARGUMENT", message);
