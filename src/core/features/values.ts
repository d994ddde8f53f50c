import * as z from "zod";
import type { ValueStep } from "../../config/contract.ts";
import { UserError } from "../../errors.ts";
import type { Column, Table } from "../tables/column.ts";
import clip, { type ClipSpec } from "./clip.ts";
import { type DeriveSpec, derive, fittedDerive } from "./derive.ts";
import fill, { type FillSpec } from "./fill.ts";
import type { ValueKind, ValueSpec } from "./value-step.ts";

/** A column that is left out. */
export interface DropSpec extends ValueSpec {
  readonly step: "drop";
}

export type AnyValueSpec = FillSpec | ClipSpec | DeriveSpec | DropSpec;

/** The steps that learn from the training rows; derive and drop learn nothing. */
export const LEARNING: ReadonlyMap<string, ValueKind> = new Map<string, ValueKind>(
  [fill, clip].map((kind) => [kind.name, kind]),
);

/** What `prepare` leaves and a recipe holds of `prepare.values`, one step a column. */
export const fittedValue = z.discriminatedUnion("step", [
  fill.fitted,
  clip.fitted,
  fittedDerive,
  z.object({ step: z.literal("drop"), column: z.string().min(1) }),
]);

export type FittedValue = z.output<typeof fittedValue>;

/**
 * The steps of the contract, one a column, in their order.
 *
 * @example valueSpecs([{ drop: ["a", "b"] }]) // => [{ step: "drop", column: "a" }, { step: "drop", column: "b" }]
 * @example valueSpecs([{ fill: { age: "median" } }]) // => [{ step: "fill", column: "age", with: "median" }]
 */
export function valueSpecs(steps: readonly ValueStep[]): AnyValueSpec[] {
  return steps.flatMap((step): AnyValueSpec[] => {
    if ("fill" in step) {
      return Object.entries(step.fill).map(([column, value]) => ({ step: "fill", column, with: value }));
    }
    if ("clip" in step) {
      return Object.entries(step.clip).map(([column, bounds]) => ({ step: "clip", column, bounds }));
    }
    if ("derive" in step) {
      const entries = Object.entries(step.derive);
      return entries.map(([column, expression]) => ({ step: "derive", column, expression }));
    }
    return step.drop.map((column) => ({ step: "drop", column }));
  });
}

/** Applies fitted value steps, one after the other. @throws {UserError} where a column is not there */
export function applyFittedValues(steps: readonly FittedValue[], table: Table): Table {
  const columns = new Map(table.columns);
  for (const step of steps) {
    if (step.step === "drop") columns.delete(step.column);
    else columns.set(step.column, applied(step, { rows: table.rows, columns }));
  }
  return { rows: table.rows, columns };
}

function applied(step: Exclude<FittedValue, { step: "drop" }>, table: Table): Column {
  if (step.step === "derive") return derive(step, table);
  const column = table.columns.get(step.column);
  const kind = LEARNING.get(step.step);
  if (column === undefined) throw new UserError(`there is no column "${step.column}" to ${step.step}`);
  if (kind === undefined) throw new TypeError(`no value step ${step.step}`);
  return kind.apply(step, column);
}
