import type { Contract } from "../config/contract.ts";
import { type Expression, parseExpression } from "../core/tables/expression/index.ts";

type Rows = Contract["prepare"]["rows"];

/**
 * Whether row steps choose rows by what one of these columns holds: then whoever sees which rows there are
 * learns something of it. Whether a value is missing tells nothing, nor does it that a whole row stands twice.
 *
 * @param agreed steps that do not count
 *
 * @example choosesBy([{ where: "left = 1" }], ["left"]) // => true
 * @example choosesBy([{ where: "left is not null" }], ["left"]) // => false
 * @example choosesBy([{ where: "left = 1" }], ["left"], [{ where: "left = 1" }]) // => false
 * @example choosesBy([{ deduplicate: { ignore: ["id"] } }], ["left"]) // => true
 * @example choosesBy([{ deduplicate: { ignore: ["id", "left"] } }], ["left"]) // => false
 */
export function choosesBy(rows: Rows, columns: readonly string[], agreed: Rows = []): boolean {
  const known = new Set(agreed.map((step) => JSON.stringify(step)));
  return rows.some((step) => !known.has(JSON.stringify(step)) && choosesOneBy(step, columns));
}

function choosesOneBy(step: Rows[number], columns: readonly string[]): boolean {
  if ("where" in step) return asks(parseExpression(step.where), columns);
  const { ignore } = step.deduplicate;
  return ignore.length > 0 && columns.some((name) => !ignore.includes(name));
}

function asks(expression: Expression, columns: readonly string[]): boolean {
  if (expression.node === "column") return columns.includes(expression.name);
  if (expression.node !== "call") return false;
  const [only] = expression.args;
  if (expression.name === "is null" && only?.node === "column") return false;
  return expression.args.some((part) => asks(part, columns));
}
