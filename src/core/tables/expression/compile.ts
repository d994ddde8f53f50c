import type { Column, Table } from "../column.ts";
import { type Checked, check, kindsOf } from "./check.ts";
import type { Expression } from "./expression.ts";
import { choose, mapNumbers, rowsOf } from "./vectors.ts";

/**
 * Makes an expression a function of columns, for what is served: the same answers as its SQL.
 *
 * @throws {ExpressionError} when it is applied to a table that lacks a column or has another kind
 * @example compile({ node: "literal", kind: "number", value: 2, at: 0 })({ rows: 1, columns: new Map() }).values[0] // => 2
 */
export function compile(expression: Expression): (table: Table) => Column {
  return (table) => {
    const column = evaluate(check(expression, kindsOf(table)), table);
    return table.rows === rowsOf([column]) ? column : choose([column], table.rows, () => 0);
  };
}

function evaluate(checked: Checked, table: Table): Column {
  switch (checked.node) {
    case "literal":
      return constant(checked);
    case "column": {
      const column = table.columns.get(checked.name);
      if (column === undefined) throw new TypeError("the checker let an unknown column through");
      return column.kind === "number" ? mapNumbers(column, "number", (x) => x) : column;
    }
    case "call":
      return checked.operation.evaluate(
        checked.args.map((arg) => evaluate(arg, table)),
        checked.constants,
      );
  }
}

/** A column of one value, which stands for all rows. */
function constant({ kind, value }: Extract<Checked, { node: "literal" }>): Column {
  if (kind === "text") {
    return typeof value === "string"
      ? { kind, codes: Int32Array.of(0), words: [value] }
      : { kind, codes: Int32Array.of(-1), words: [] };
  }
  return { kind, values: Float64Array.of(value === null ? NaN : Number(value)) };
}
