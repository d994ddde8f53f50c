import * as z from "zod";
import { UserError } from "../../errors.ts";
import type { Column, ColumnKind } from "../tables/column.ts";
import { instantOf } from "../tables/expression/calendar.ts";
import { numberSql } from "../tables/expression/index.ts";
import { quoteText } from "../tables/sql/quote.ts";
import type { Answers, Value } from "./answers.ts";
import type { ValueKind, ValueSpec } from "./value-step.ts";

/** What stands in for missing values: a constant, or what the training rows tell. */
export interface FillSpec extends ValueSpec {
  readonly step: "fill";
  /** mean, median, mode, or the value itself. */
  readonly with: Value;
}

const fitted = z.object({
  step: z.literal("fill"),
  column: z.string().min(1),
  value: z.union([z.number(), z.boolean(), z.string()]),
});

/** What stands for a missing value: NULL, NaN and infinity. Times are filled with milliseconds. */
export default {
  name: "fill",
  fitted,

  asks(spec, kind) {
    if (spec.with === "mode") return { mode: true };
    if (spec.with !== "mean" && spec.with !== "median") {
      constantOf(spec, kind);
      return {};
    }
    if (kind === "number") return spec.with === "mean" ? { moments: true } : { quantiles: [0.5] };
    throw new UserError(
      `fill: "${spec.column}" holds ${kind}, which has no ${spec.with}; fill with mode or a constant`,
    );
  },

  fit: (spec, kind, answers) => ({ step: "fill", column: spec.column, value: learntOf(spec, kind, answers) }),

  sql({ value }, column, kind) {
    return `coalesce(${column}, ${valueSql(value, kind)})`;
  },

  apply({ value }, column) {
    if (column.kind === "text") return filledText(column, String(value));
    const number = Number(value);
    const values = column.values.map((x) => (Number.isFinite(x) ? x : number));
    return { kind: column.kind, values };
  },
} satisfies ValueKind<FillSpec, z.output<typeof fitted>>;

function learntOf(spec: FillSpec, kind: ColumnKind, answers: Answers): Value {
  const learnt = { mean: answers.mean, median: answers.quantiles[0] ?? NaN, mode: answers.mode };
  const name = String(spec.with);
  if (!Object.hasOwn(learnt, name)) return constantOf(spec, kind);
  const value = learnt[name as keyof typeof learnt];
  if (answers.present > 0 && value !== undefined) return value;
  throw new UserError(
    `fill: "${spec.column}" has no value in the ${answers.rows} training rows, so no ${name}; fill with a constant, or drop it`,
  );
}

function constantOf({ column, with: value }: FillSpec, kind: ColumnKind): Value {
  if (kind === "time" && typeof value === "string") {
    const time = instantOf(value);
    if (time !== undefined) return time;
  } else if (typeof value === (kind === "text" ? "string" : kind)) {
    return value;
  } else if (kind === "text" && typeof value === "number") {
    return String(value);
  }
  throw new UserError(
    `fill: "${column}" holds ${kind}, and ${JSON.stringify(value)} is none; ${
      kind === "time"
        ? "write 'YYYY-MM-DD'"
        : kind === "number"
          ? "write mean, median, mode or a number"
          : `write mode or a ${kind}`
    }`,
  );
}

function valueSql(value: Value, kind: ColumnKind): string {
  if (kind === "text") return quoteText(String(value));
  if (kind === "boolean") return value === true ? "TRUE" : "FALSE";
  return kind === "time" ? `make_timestamp(${Math.round(Number(value) * 1000)})` : numberSql(Number(value));
}

function filledText({ codes, words }: Extract<Column, { kind: "text" }>, value: string): Column {
  if (!codes.some((code) => code < 0)) return { kind: "text", codes, words };
  const known = words.indexOf(value);
  const code = known < 0 ? words.length : known;
  return {
    kind: "text",
    codes: codes.map((old) => (old < 0 ? code : old)),
    words: known < 0 ? [...words, value] : words,
  };
}
