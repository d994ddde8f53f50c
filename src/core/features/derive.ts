import * as z from "zod";
import type { Column, Table } from "../tables/column.ts";
import { columnsOf, compile, parseExpression } from "../tables/expression/index.ts";
import type { ValueSpec } from "./value-step.ts";

/** A column from an expression over the others. */
export interface DeriveSpec extends ValueSpec {
  readonly step: "derive";
  readonly expression: string;
}

/** What a recipe holds of it: the expression itself, since nothing is learnt. */
export const fittedDerive = z.object({
  step: z.literal("derive"),
  column: z.string().min(1),
  expression: z.string().min(1).max(10_000),
});

/** A new column, or a new meaning of an old one, from the columns as they are by then. */
export function derive({ expression }: DeriveSpec, table: Table): Column {
  return compiled(expression)(table);
}

/** The columns that it reads. */
export function readsOf({ expression }: DeriveSpec): string[] {
  return columnsOf(parseExpression(expression));
}

/** Serving asks for one row at a time, so expressions are read once. A recipe has few. */
const known = new Map<string, (table: Table) => Column>();

function compiled(expression: string): (table: Table) => Column {
  let found = known.get(expression);
  if (found === undefined) {
    found = compile(parseExpression(expression));
    if (known.size >= 1000) known.clear();
    known.set(expression, found);
  }
  return found;
}

const APPROXIMATE = /\b(ln|log10|exp|power|sin|cos)\s*\(/i;

/** Whether its SQL has a function whose last digit depends on the C library. */
export function isApproximate({ expression }: DeriveSpec): boolean {
  return APPROXIMATE.test(expression);
}
