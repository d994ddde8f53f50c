import type { DuckDBValue } from "@duckdb/node-api";
import type { SqlValue } from "../../../ports/engine.ts";

/** One value of a small result: whole numbers are numbers while they are exact, dates are ISO texts. */
export function cellOf(value: DuckDBValue): SqlValue {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case "number":
    case "string":
    case "boolean":
      return value;
    default:
      return value.constructor.name === "DuckDBDecimalValue" ? Number(String(value)) : String(value);
  }
}
