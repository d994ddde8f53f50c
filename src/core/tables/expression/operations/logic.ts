import { compareText } from "../../../text/order.ts";
import type { Column } from "../../column.ts";
import { type ArgumentKind, all, type Operation, type Signature, sameKind } from "../operation.ts";
import { asNumeric, isMissing, mapNumbers, mapPairs, mapWordPairs, rowsOf, strideOf } from "../vectors.ts";

type Holds = (order: number) => boolean;

const HOLDS = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
} satisfies Record<string, Holds>;

/** 1, 0 or missing for each pair of values of one kind. */
export function compared(left: Column | undefined, right: Column | undefined, holds: Holds): Column {
  if (left?.kind === "text") {
    return mapWordPairs(left, right, "boolean", (a, b) => (holds(compareText(a, b)) ? 1 : 0));
  }
  return mapPairs(left, right, "boolean", (x, y) => (holds(x < y ? -1 : x > y ? 1 : 0) ? 1 : 0));
}

function comparable(kinds: readonly ArgumentKind[], ordered: boolean): Signature | string {
  const kind = sameKind(kinds);
  if (kind !== "number" && kind !== "boolean" && kind !== "text" && kind !== "time") return kind;
  if (ordered && kind === "boolean") return "wants an order, and true and false have none";
  return { takes: kinds.map(() => kind), gives: "boolean" };
}

function comparison(name: keyof typeof HOLDS): Operation {
  return {
    name,
    signature: (kinds) => comparable(kinds, name !== "=" && name !== "<>"),
    sql: ([a, b]) => `(${a} ${name} ${b})`,
    evaluate: ([a, b]) => compared(a, b, HOLDS[name]),
  };
}

/** SQL's AND and OR: one deciding value outweighs a missing one. */
function connective(name: "and" | "or", decides: 0 | 1): Operation {
  return {
    name,
    signature: all("boolean", "boolean", 2),
    sql: ([a, b]) => `(${a} ${name.toUpperCase()} ${b})`,
    evaluate: ([a, b]) => connected(a, b, decides),
  };
}

function connected(left: Column | undefined, right: Column | undefined, decides: 0 | 1): Column {
  const [a, b] = [asNumeric(left), asNumeric(right)];
  const [step, stride] = [strideOf(a), strideOf(b)];
  const values = new Float64Array(rowsOf([a, b]));
  for (let i = 0; i < values.length; i++) {
    const x = a.values[i * step] as number;
    const y = b.values[i * stride] as number;
    values[i] =
      x === decides || y === decides ? decides : Number.isNaN(x) || Number.isNaN(y) ? NaN : 1 - decides;
  }
  return { kind: "boolean", values };
}

/** Conditions, with SQL's three values: true, false, missing. */
export const LOGIC: readonly Operation[] = [
  connective("and", 0),
  connective("or", 1),
  {
    name: "not",
    signature: all("boolean", "boolean", 1),
    sql: ([a]) => `(NOT ${a})`,
    evaluate: ([a]) => mapNumbers(a, "boolean", (x) => 1 - x),
  },
  comparison("="),
  comparison("<>"),
  comparison("<"),
  comparison("<="),
  comparison(">"),
  comparison(">="),
  {
    name: "between",
    signature: (kinds) => comparable(kinds, true),
    sql: ([x, low, high]) => `(${x} BETWEEN ${low} AND ${high})`,
    evaluate: ([x, low, high]) => connected(compared(x, low, HOLDS[">="]), compared(x, high, HOLDS["<="]), 0),
  },
  {
    name: "in",
    signature: (kinds) => comparable(kinds, false),
    sql: ([x, ...items]) => `(${x} IN (${items.join(", ")}))`,
    evaluate: ([x, ...items]) =>
      items.map((item) => compared(x, item, HOLDS["="])).reduce((found, equal) => connected(found, equal, 1)),
  },
  {
    name: "is null",
    signature: (kinds) => ({ takes: [sameKind(kinds) as Signature["gives"]], gives: "boolean" }),
    sql: ([x]) => `(${x} IS NULL)`,
    evaluate([x]) {
      const values = new Float64Array(x === undefined ? 0 : rowsOf([x]));
      if (x !== undefined) for (let i = 0; i < values.length; i++) values[i] = isMissing(x, i) ? 1 : 0;
      return { kind: "boolean", values };
    },
  },
];
