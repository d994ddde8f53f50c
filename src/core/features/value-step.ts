import type * as z from "zod";
import type { Column, ColumnKind } from "../tables/column.ts";
import type { Answers, Asked } from "./answers.ts";

/** One step of `prepare.values` for one column (`drop` for several, one after the other). */
export interface ValueSpec {
  readonly step: string;
  readonly column: string;
}

/**
 * One kind of value step. A fitted step is JSON; its SQL is used for fitting what comes after it,
 * `apply` for everything that is predicted.
 */
export interface ValueKind<S extends ValueSpec = ValueSpec, F extends ValueSpec = ValueSpec> {
  readonly name: string;
  readonly fitted: z.ZodType<F>;
  /** @throws {UserError} where the column's kind does not fit */
  asks(spec: S, kind: ColumnKind): Asked;
  fit(spec: S, kind: ColumnKind, answers: Answers): F;
  /** The column afterwards. */
  sql(fitted: F, column: string, kind: ColumnKind): string;
  apply(fitted: F, column: Column): Column;
}
