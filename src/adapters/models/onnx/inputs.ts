import type { Tensor, TensorConstructor } from "onnxruntime-web";
import type { Column, Table } from "../../../core/tables/column.ts";
import { UserError } from "../../../errors.ts";
import type { Port } from "./inspect.ts";

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
  start: number,
  end: number,
  path: string,
): Tensor {
  const column = table.columns.get(name);
  if (column === undefined) throw new UserError(`${path} takes a column "${name}", which is not in the data`);
  const size = shape?.length === 1 ? [end - start] : [end - start, 1];
  const values = (as: string) => numbers(column, start, end, name, as, path);
  switch (type) {
    case "float":
      return new make("float32", Float32Array.from(values("numbers")), size);
    case "double":
      return new make("float64", values("numbers").slice(), size);
    case "int64":
      return new make("int64", BigInt64Array.from(whole(values("whole numbers"), name, path), BigInt), size);
    case "int32":
      return new make("int32", Int32Array.from(whole(values("whole numbers"), name, path)), size);
    case "bool":
      return new make("bool", Uint8Array.from(whole(values("true and false"), name, path)), size);
    case "string":
      return new make("string", words(column, start, end, name, path), size);
    default:
      throw new UserError(
        `${path} takes column "${name}" as "${type}"; right is float, double, int64, int32, bool or string`,
      );
  }
}

function numbers(
  column: Column,
  start: number,
  end: number,
  name: string,
  as: string,
  path: string,
): Float64Array {
  if (column.kind === "text")
    throw new UserError(`${path} takes column "${name}" as ${as}; it is text in the data`);
  return column.values.subarray(start, end);
}

function whole(values: Float64Array, name: string, path: string): Float64Array {
  const bad = values.find((value) => !Number.isInteger(value));
  if (bad !== undefined)
    throw new UserError(
      `${path} takes column "${name}" as whole numbers; ${Number.isNaN(bad) ? "one is missing" : `"${bad}" is none`}`,
    );
  return values;
}

function words(column: Column, start: number, end: number, name: string, path: string): string[] {
  if (column.kind !== "text")
    throw new UserError(`${path} takes column "${name}" as text; it is a ${column.kind} in the data`);
  return Array.from(column.codes.subarray(start, end), (code) => column.words[code] ?? "");
}
