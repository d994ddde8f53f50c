import { nearest } from "../../text/nearest.ts";
import type { ColumnKind, Table } from "../column.ts";
import { instantOf } from "./calendar.ts";
import { type Call, type Expression, ExpressionError, type Literal } from "./expression.ts";
import type { ArgumentKind, Constants, Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.ts";

/** What kind each column is, by name. */
export type Kinds = ReadonlyMap<string, ColumnKind>;

/** An expression whose columns exist and whose kinds fit. */
export type Checked =
  | { readonly node: "literal"; readonly kind: ColumnKind; readonly value: Literal["value"] }
  | { readonly node: "column"; readonly kind: ColumnKind; readonly name: string }
  | {
      readonly node: "call";
      readonly kind: ColumnKind;
      readonly operation: Operation;
      readonly args: readonly Checked[];
      readonly constants: Constants;
    };

/** The kinds of a table's columns. */
export function kindsOf(table: Table): Kinds {
  return new Map([...table.columns].map(([name, column]) => [name, column.kind]));
}

/**
 * Fits an expression to the columns it will see.
 *
 * @throws {ExpressionError} on an unknown column, and on a kind that does not fit: nothing is
 *   converted behind the reader's back, but a text in quotes beside a time is read as a time
 */
export function check(expression: Expression, kinds: Kinds): Checked {
  return fit(expression, kindOf(expression, kinds), kinds);
}

function kindOf(expression: Expression, kinds: Kinds): ColumnKind {
  const kind = roughKind(expression, kinds);
  return kind === "quoted" ? "text" : kind === "null" ? "number" : kind;
}

function roughKind(expression: Expression, kinds: Kinds): ArgumentKind {
  switch (expression.node) {
    case "literal":
      return expression.kind === "text" ? "quoted" : expression.kind;
    case "column": {
      const kind = kinds.get(expression.name);
      if (kind !== undefined) return kind;
      const meant = nearest(expression.name, kinds.keys());
      const hint =
        meant === undefined
          ? `the columns are ${[...kinds.keys()].slice(0, 20).join(", ")}${kinds.size > 20 ? ", …" : ""}`
          : `did you mean "${meant}"?`;
      throw new ExpressionError(`unknown column "${expression.name}"; ${hint}`, expression.at);
    }
    case "call":
      return signatureOf(expression, kinds).gives;
  }
}

const signatures = new WeakMap<Call, { kinds: Kinds; signature: Resolved }>();

interface Resolved {
  readonly operation: Operation;
  readonly takes: readonly ColumnKind[];
  readonly gives: ColumnKind;
}

/** Remembered, for a deep tree is asked for its kind at every level. */
function signatureOf(call: Call, kinds: Kinds): Resolved {
  const known = signatures.get(call);
  if (known?.kinds === kinds) return known.signature;
  const operation = OPERATIONS.get(call.name);
  if (operation === undefined) throw new ExpressionError(`unknown function "${call.name}"`, call.at);
  const found = operation.signature(call.args.map((arg) => roughKind(arg, kinds)));
  if (typeof found === "string") throw new ExpressionError(`${shown(call.name)} ${found}`, call.at);
  const signature = { operation, ...found };
  signatures.set(call, { kinds, signature });
  return signature;
}

function shown(name: string): string {
  return name === "negate" ? "-" : name.toUpperCase();
}

function fit(expression: Expression, kind: ColumnKind, kinds: Kinds): Checked {
  switch (expression.node) {
    case "literal":
      return { node: "literal", kind, value: expression.value };
    case "column":
      return { node: "column", kind, name: expression.name };
    case "call":
      return fitCall(expression, kind, kinds);
  }
}

function fitCall(call: Call, kind: ColumnKind, kinds: Kinds): Checked {
  const { operation, takes } = signatureOf(call, kinds);
  const args = call.args.map((arg, i) => fitArgument(call, arg, takes[i] ?? "number", kinds));
  const constants = args.map((arg) => (arg.node === "literal" ? arg.value : undefined));
  for (const position of operation.constants ?? []) {
    const arg = call.args[position];
    if (arg !== undefined && arg.node !== "literal") {
      const message = `argument ${position + 1} of ${shown(call.name)} is a constant, not computed`;
      throw new ExpressionError(message, arg.at);
    }
  }
  const complaint = operation.refuse?.(constants);
  if (complaint !== undefined) throw new ExpressionError(`${shown(call.name)} ${complaint}`, call.at);
  return { node: "call", kind, operation, args, constants };
}

function fitArgument(call: Call, arg: Expression, wanted: ColumnKind, kinds: Kinds): Checked {
  const found = roughKind(arg, kinds);
  if (found === wanted || found === "null") return fit(arg, wanted, kinds);
  if (found === "quoted" && wanted === "text") return fit(arg, wanted, kinds);
  if (found === "quoted" && wanted === "time" && arg.node === "literal") {
    const value = instantOf(String(arg.value));
    if (value !== undefined) return { node: "literal", kind: "time", value };
    throw new ExpressionError(
      `'${arg.value}' is no time; write 'YYYY-MM-DD' or 'YYYY-MM-DD HH:MM:SS'`,
      arg.at,
    );
  }
  const is = found === "quoted" ? "text" : found;
  const what = arg.node === "column" ? `column "${arg.name}" is ${is}` : `here it is given ${is}`;
  throw new ExpressionError(`${shown(call.name)} wants ${wanted}, and ${what}${mending(wanted, is)}`, arg.at);
}

function mending(wanted: ColumnKind, found: ColumnKind): string {
  if (wanted === "boolean" && found === "number") return "; write a condition such as x <> 0";
  if (wanted === "number" && found === "boolean") return "; write CASE WHEN x THEN 1 ELSE 0 END";
  return "";
}
