import type { Column } from "../core/tables/column.ts";
import { UserError } from "../errors.ts";

/** A column of numbers. @throws {UserError} where it is text */
export function numbers(column: Column, name: string, file: string): Float64Array {
  if (column.kind !== "text") return column.values;
  throw new UserError(`"${name}" in ${file} is text; a score or target is a number`);
}

/** Columns of equal length row by row. */
export function interleave(columns: readonly Float64Array[], rows: number): Float64Array {
  const values = new Float64Array(rows * columns.length);
  for (const [place, from] of columns.entries()) {
    for (let row = 0; row < rows; row++) values[row * columns.length + place] = from[row] ?? Number.NaN;
  }
  return values;
}
