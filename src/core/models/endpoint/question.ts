import { UserError } from "../../../errors.ts";
import type { Column, Table } from "../../tables/column.ts";
import { quoted } from "../onnx/quoted.ts";
import type { Protocol } from "./address.ts";

/** An input that a model says it takes. */
export interface EndpointInput {
  readonly name: string;
  /** KServe's word for the type: `FP32`; undefined where the protocol has none. */
  readonly datatype: string | undefined;
  /** Sizes, of which the first are the rows; undefined where it does not say. */
  readonly shape: readonly number[] | undefined;
}

/** Whether a model takes one matrix: it says so, or names one input that is wider than a column. */
export const takesMatrix = (inputs: readonly EndpointInput[]): boolean =>
  inputs.length === 1 && inputs[0]?.shape?.length === 2 && inputs[0].shape[1] !== 1;

/** Rows of a table. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The body of a request with columns by name.
 *
 * @param inputs what the model says it takes; empty where it does not say
 * @throws {UserError} where it takes a column that is not there
 */
export function columnsBody(
  protocol: Protocol,
  table: Table,
  range: RowRange,
  inputs: readonly EndpointInput[],
  output: string | undefined,
): string {
  const said = new Map(inputs.map((input) => [input.name, input]));
  const names = said.size === 0 ? [...table.columns.keys()] : [...said.keys()];
  const columns = names.map((name) => {
    const column = table.columns.get(name);
    if (column === undefined)
      throw new UserError(
        `it takes a column ${quoted(name)}, which is not in the data; its columns are ${[...table.columns.keys()].slice(0, 20).map(quoted).join(", ")}`,
      );
    return { name, column, input: said.get(name), at: valueAt(column) };
  });
  const rows = Array.from({ length: range.end - range.start }, (_, row) => range.start + row);
  if (protocol === "v1") {
    // a tensor of shape [rows, 1] has for each row a list of one
    const instances = rows.map((row) =>
      Object.fromEntries(
        columns.map(({ name, input, at }) => [name, input?.shape?.length === 2 ? [at(row)] : at(row)]),
      ),
    );
    return JSON.stringify({ instances });
  }
  return v2(
    columns.map(({ name, column, input, at }) => ({
      name,
      shape: input?.shape?.length === 1 ? [rows.length] : [rows.length, 1],
      datatype: input?.datatype ?? DATATYPES[column.kind],
      data: rows.map((row) => filled(at(row), column, name)),
    })),
    output,
  );
}

/** The body of a request with one matrix of numbers, row by row. */
export function matrixBody(
  protocol: Protocol,
  matrix: ArrayLike<number>,
  width: number,
  { start, end }: RowRange,
  [input]: readonly EndpointInput[],
  output: string | undefined,
): string {
  const row = (at: number): (number | null)[] =>
    Array.from({ length: width }, (_, place) => finite(matrix[at * width + place] ?? Number.NaN));
  const rows = Array.from({ length: end - start }, (_, place) => row(start + place));
  if (protocol === "v1") return JSON.stringify({ instances: rows });
  const data = rows.flat();
  if (data.includes(null))
    throw new UserError(
      "a feature is missing, for which its protocol has no value; fill it in prepare.values",
    );
  const { name = "input", datatype = "FP32" } = input ?? {};
  return v2([{ name, shape: [rows.length, width], datatype, data }], output);
}

function v2(inputs: readonly object[], output: string | undefined): string {
  return JSON.stringify({ inputs, ...(output === undefined ? {} : { outputs: [{ name: output }] }) });
}

const DATATYPES: Readonly<Record<Column["kind"], string>> = {
  number: "FP64",
  time: "FP64",
  boolean: "BOOL",
  text: "BYTES",
};

type Value = number | string | boolean | null;

/** A row's value as JSON has it; null where it is missing. */
function valueAt(column: Column): (row: number) => Value {
  if (column.kind === "text") return (row) => column.words[column.codes[row] ?? -1] ?? null;
  const { values } = column;
  if (column.kind === "number") return (row) => finite(values[row] ?? Number.NaN);
  return (row) => {
    const value = values[row] ?? Number.NaN;
    if (Number.isNaN(value)) return null;
    return column.kind === "boolean" ? value === 1 : new Date(value).toISOString();
  };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The Open Inference Protocol has no missing values: a text is empty, and a number cannot be sent. */
function filled(value: Value, column: Column, name: string): Value {
  if (value !== null) return value;
  if (column.kind === "text") return "";
  throw new UserError(
    `column ${quoted(name)} has a missing value, for which its protocol has none; fill it in prepare.values`,
  );
}
