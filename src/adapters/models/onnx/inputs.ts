import type { Tensor, TensorConstructor } from "onnxruntime-web";
import type { Port } from "../../../core/models/onnx/inspect.ts";
import { quoted } from "../../../core/models/onnx/quoted.ts";
import type { Column, Table } from "../../../core/tables/column.ts";
import { UserError } from "../../../errors.ts";

/** Rows of a question: those from start to end, and the last of them again until there are so many. */
export interface Slice {
  readonly start: number;
  readonly end: number;
  readonly rows: number;
}

/**
 * Some rows of a column as the tensor that an input takes. A missing number is NaN, a missing text
 * is empty, as scikit-learn's converters have them.
 *
 * @throws {UserError} where the column is not of the input's type
 */
export function columnTensor(
  make: TensorConstructor,
  { name, type, shape }: Port,
  table: Table,
  slice: Slice,
  path: string,
): Tensor {
  const column = table.columns.get(name) ?? respelled(table, name);
  if (column === undefined)
    throw new UserError(
      `${path} takes a column ${quoted(name)}, which is not in the data; its columns are ${[...table.columns.keys()].slice(0, 20).map(quoted).join(", ")}`,
    );
  const size = shape?.length === 1 ? [slice.rows] : [slice.rows, 1];
  return tensorOf(make, type, [[name, column]], slice, size, path);
}

/** The one column that scikit-learn's converter calls so: it writes "job title" as "job_title". */
function respelled({ columns }: Table, name: string): Column | undefined {
  const found = [...columns].filter(([column]) => column.replace(/[^\p{L}\p{N}_+]/gu, "_") === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
}

/**
 * Some rows of all columns, in their order, as the one matrix that a model takes.
 *
 * @throws {UserError} where a column is not of the input's type
 */
export function matrixTensor(
  make: TensorConstructor,
  { type }: Port,
  table: Table,
  slice: Slice,
  path: string,
): Tensor {
  const columns = [...table.columns];
  return tensorOf(make, type, columns, slice, [slice.rows, columns.length], path);
}

/**
 * Some rows of features, row by row, as the one matrix that a model takes.
 *
 * @throws {UserError} where the input takes no numbers, or whole ones and there are others
 */
export function featuresTensor(
  make: TensorConstructor,
  { type }: Port,
  features: Float32Array,
  width: number,
  { start, end, rows }: Slice,
  path: string,
): Tensor {
  const size = [rows, width];
  let values = features.subarray(start * width, end * width);
  if (rows > end - start) {
    const filled = new Float32Array(rows * width);
    filled.set(values);
    for (let row = end - start; row < rows; row++) filled.set(values.subarray(-width), row * width);
    values = filled;
  }
  if (type === "float") return new make("float32", values, size);
  if (type === "double") return new make("float64", Float64Array.from(values), size);
  const broken = values.find((value) => !Number.isInteger(value));
  if (broken !== undefined)
    throw new UserError(`${path} takes whole numbers, and one of the features is ${broken}`);
  if (type === "int64") return new make("int64", BigInt64Array.from(values, BigInt), size);
  if (type === "int32") return new make("int32", Int32Array.from(values), size);
  throw new UserError(`${path} takes features as "${type}"; right is float, double, int64 or int32`);
}

type Named = readonly [name: string, column: Column];

function tensorOf(
  make: TensorConstructor,
  type: string | undefined,
  columns: readonly Named[],
  slice: Slice,
  size: readonly number[],
  path: string,
): Tensor {
  const count = slice.rows * columns.length;
  const fill = <T>(values: { [place: number]: T }, of: (one: Named) => (row: number) => T) => {
    for (const [place, column] of columns.entries()) {
      const at = of(column);
      for (let row = 0; row < slice.rows; row++)
        values[row * columns.length + place] = at(Math.min(slice.start + row, slice.end - 1));
    }
  };
  const number = (as: string) => (one: Named) => numberAt(one, as, path);
  const whole = (as: string, least: number, most: number) => (one: Named) =>
    wholeAt(one, as, [least, most], path);
  switch (type) {
    case "float": {
      const values = new Float32Array(count);
      fill(values, number("numbers"));
      return new make("float32", values, size);
    }
    case "double": {
      const values = new Float64Array(count);
      fill(values, number("numbers"));
      return new make("float64", values, size);
    }
    case "int64": {
      const values = new BigInt64Array(count);
      fill<bigint>(values, (one) => {
        const at = whole("whole numbers", -(2 ** 63), 2 ** 63)(one);
        return (row) => BigInt(at(row));
      });
      return new make("int64", values, size);
    }
    case "int32": {
      const values = new Int32Array(count);
      fill(values, whole("whole numbers", -(2 ** 31), 2 ** 31 - 1));
      return new make("int32", values, size);
    }
    case "bool": {
      const values = new Uint8Array(count);
      fill(values, whole("true and false", 0, 1));
      return new make("bool", values, size);
    }
    case "string": {
      const values = new Array<string>(count);
      fill(values, (one) => wordAt(one, path));
      return new make("string", values, size);
    }
    default:
      throw new UserError(
        `${path} takes column ${quoted(columns[0]?.[0] ?? "")} as "${type}"; right is float, double, int64, int32, bool or string`,
      );
  }
}

function numberAt([name, column]: Named, as: string, path: string): (row: number) => number {
  if (column.kind === "text")
    throw new UserError(`${path} takes column ${quoted(name)} as ${as}; it is text in the data`);
  const { values } = column;
  return (row) => values[row] ?? Number.NaN;
}

function wholeAt(
  one: Named,
  as: string,
  [least, most]: readonly [number, number],
  path: string,
): (row: number) => number {
  const at = numberAt(one, as, path);
  return (row) => {
    const value = at(row);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new UserError(
      `${path} takes column ${quoted(one[0])} as ${as}; ${Number.isNaN(value) ? "one is missing" : `"${value}" is none`}`,
    );
  };
}

function wordAt([name, column]: Named, path: string): (row: number) => string {
  if (column.kind !== "text")
    throw new UserError(`${path} takes column ${quoted(name)} as text; it is a ${column.kind} in the data`);
  const { codes, words } = column;
  return (row) => words[codes[row] ?? -1] ?? "";
}
