import type { ColumnKind } from "../../../core/tables/column.ts";

/** What DuckDB's types are in memory. What does not stand here is text: its printed value. */
const KINDS: Readonly<Record<string, ColumnKind>> = {
  TINYINT: "number",
  SMALLINT: "number",
  INTEGER: "number",
  BIGINT: "number",
  HUGEINT: "number",
  UTINYINT: "number",
  USMALLINT: "number",
  UINTEGER: "number",
  UBIGINT: "number",
  UHUGEINT: "number",
  FLOAT: "number",
  DOUBLE: "number",
  DECIMAL: "number",
  BOOLEAN: "boolean",
  DATE: "time",
  TIMESTAMP: "time",
  TIMESTAMP_S: "time",
  TIMESTAMP_MS: "time",
  TIMESTAMP_NS: "time",
  "TIMESTAMP WITH TIME ZONE": "time",
};

/** The kind of a type by its name, such as `DECIMAL(10,2)`. */
export function kindOf(type: string): ColumnKind {
  return KINDS[type.replace(/\(.*$/, "")] ?? "text";
}
