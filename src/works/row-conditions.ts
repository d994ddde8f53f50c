import type { Contract } from "../config/contract.ts";
import { type Expression, parseExpression } from "../core/tables/expression/index.ts";

type Rows = Contract["prepare"]["rows"];

/**
 * Whether conditions choose rows by what one of these columns holds: then whoever sees which rows there are
 * learns something of it. Whether a value is missing tells nothing.
 *
 * @param agreed conditions that do not count
 *
 * @example choosesBy([{ where: "left = 1" }], ["left"]) // => true
 * @example choosesBy([{ where: "left is not null" }], ["left"]) // => false
 * @example choosesBy([{ where: "left = 1" }], ["left"], [{ where: "left = 1" }]) // => false
 */
export function choosesBy(rows: Rows, columns: readonly string[], agreed: Rows = []): boolean {
  const known = new Set(agreed.map((step) => ("where" in step ? step.where : undefined)));
  return rows.some(
    (step) => "where" in step && !known.has(step.where) && asks(parseExpression(step.where), columns),
  );
}

function asks(expression: Expression, columns: readonly string[]): boolean {
  if (expression.node === "column") return columns.includes(expression.name);
  if (expression.node !== "call") return false;
  const [only] = expression.args;
  if (expression.name === "is null" && only?.node === "column") return false;
  return expression.args.some((part) => asks(part, columns));
}
