import type { ColumnKind } from "../core/tables/column.ts";
import type { Kinds } from "../core/tables/expression/index.ts";
import { quoteName } from "../core/tables/sql/quote.ts";
import { nearest } from "../core/text/nearest.ts";
import { UserError } from "../errors.ts";
import type { Engine } from "../ports/engine.ts";

/** Columns that are ours: the row's number in the data, its name, and its side of the split. */
export const OWN: readonly string[] = ["__row", "__id", "__split"];

export interface DataColumn {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** The data's own columns of a relation, in their order. */
export async function dataColumnsOf(engine: Engine, relation: string): Promise<DataColumn[]> {
  const columns = await engine.columns(`SELECT * FROM ${quoteName(relation)}`);
  return columns.filter(({ name }) => !OWN.includes(name)).map(({ name, kind }) => ({ name, kind }));
}

/** The columns' kinds by name. */
export function kindsOf(columns: readonly DataColumn[]): Kinds {
  return new Map(columns.map(({ name, kind }) => [name, kind]));
}

/** @throws {UserError} naming the nearest column, where there is none of that name */
export function requireColumn(name: string, names: Iterable<string>, where: string): void {
  const all = [...names];
  if (all.includes(name)) return;
  const meant = nearest(name, all);
  const hint =
    meant === undefined
      ? `there are ${all.slice(0, 20).join(", ")}${all.length > 20 ? ", …" : ""}`
      : `did you mean "${meant}"?`;
  throw new UserError(`${where}: unknown column "${name}"; ${hint}`);
}
