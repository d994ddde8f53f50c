import type { ColumnKind } from "../../column.ts";
import { type Operation, type Signature, sameKind, sqlLet } from "../operation.ts";
import { asNumeric, choose, isMissing, mapPairs, rowsOf, strideOf } from "../vectors.ts";
import { compared } from "./logic.ts";

const KINDS: readonly string[] = ["number", "boolean", "text", "time"] satisfies ColumnKind[];

function isKind(kind: string): kind is ColumnKind {
  return KINDS.includes(kind);
}

function extreme(name: "greatest" | "least", pick: (x: number, y: number) => number): Operation {
  const list = name === "greatest" ? "list_max" : "list_min";
  return {
    name,
    signature(kinds) {
      const kind = sameKind(kinds);
      if (kinds.length < 2) return "takes at least 2 arguments";
      if (kind !== "number" && kind !== "time") return isKind(kind) ? "takes numbers or times" : kind;
      return { takes: kinds.map(() => kind), gives: kind };
    },
    // DuckDB's own ignores NULL: greatest(age - 6, 0) would be 0 for somebody of unknown age
    sql: (args) =>
      sqlLet(
        `[${args.join(", ")}]`,
        (v) => `CASE WHEN list_count(${v}) = ${args.length} THEN ${list}(${v}) END`,
      ),
    evaluate: (args) => args.map(asNumeric).reduce((a, b) => mapPairs(a, b, a.kind, pick)),
  };
}

/** Values that depend on other values. */
export const CHOICE: readonly Operation[] = [
  {
    name: "case",
    signature(kinds) {
      const kind = sameKind(kinds.filter((_, i) => i % 2 === 1 || i === kinds.length - 1));
      if (!isKind(kind)) return kind;
      const takes = kinds.map((_, i) => (i % 2 === 1 || i === kinds.length - 1 ? kind : "boolean"));
      return { takes, gives: kind } satisfies Signature;
    },
    sql(args) {
      const whens = args.slice(0, -1).map((arg, i) => (i % 2 === 0 ? `WHEN ${arg}` : `THEN ${arg}`));
      return `CASE ${whens.join(" ")} ELSE ${args.at(-1)} END`;
    },
    evaluate(args) {
      const conditions = args.slice(0, -1).flatMap((arg, i) => (i % 2 === 0 ? [asNumeric(arg)] : []));
      const strides = conditions.map(strideOf);
      const values = args.filter((_, i) => i % 2 === 1 || i === args.length - 1);
      return choose(values, rowsOf(args), (row) => {
        const at = conditions.findIndex(({ values }, i) => values[row * (strides[i] ?? 1)] === 1);
        return at < 0 ? values.length - 1 : at;
      });
    },
  },
  {
    name: "coalesce",
    signature(kinds) {
      const kind = sameKind(kinds);
      if (kinds.length === 0) return "takes at least 1 argument";
      return isKind(kind) ? { takes: kinds.map(() => kind), gives: kind } : kind;
    },
    sql: (args) => `coalesce(${args.join(", ")})`,
    evaluate: (args) => choose(args, rowsOf(args), (row) => args.findIndex((arg) => !isMissing(arg, row))),
  },
  {
    name: "nullif",
    signature(kinds) {
      const kind = sameKind(kinds);
      if (kinds.length !== 2) return `takes 2 arguments, not ${kinds.length}`;
      return isKind(kind) ? { takes: [kind, kind], gives: kind } : kind;
    },
    sql: ([a, b]) =>
      sqlLet(`{a: ${a}, b: ${b}}`, (v) => `CASE WHEN ${v}.a = ${v}.b THEN NULL ELSE ${v}.a END`),
    evaluate(args) {
      const equal = asNumeric(compared(args[0], args[1], (order) => order === 0));
      const stride = strideOf(equal);
      return choose(args.slice(0, 1), rowsOf(args), (row) => (equal.values[row * stride] === 1 ? -1 : 0));
    },
  },
  extreme("greatest", Math.max),
  extreme("least", Math.min),
];
