import { all, type Operation, sqlLet } from "../operation.ts";
import { finite, mapNumbers, mapPairs } from "../vectors.ts";

const always = (): boolean => true;

function binary(
  name: string,
  f: (x: number, y: number) => number,
  passes: (position: number) => boolean,
): Operation {
  return {
    name,
    signature: all("number", "number", 2),
    unbounded: true,
    passes,
    sql: ([a, b]) => `(${a} ${name} ${b})`,
    evaluate: ([a, b]) => mapPairs(a, b, "number", f),
  };
}

function unary(
  name: string,
  f: (x: number) => number,
  sql: (x: string) => string,
  unbounded = false,
): Operation {
  return {
    name,
    signature: all("number", "number", 1),
    unbounded,
    sql: ([x = ""]) => sql(x),
    evaluate: ([x]) => mapNumbers(x, "number", f),
  };
}

/** Halves away from zero, as SQL does. `x − trunc(x)` is exact, so 0.49999999999999994 stays 0. */
function roundHalfAway(x: number): number {
  const whole = Math.trunc(x);
  return Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole;
}

const round: Operation = {
  name: "round",
  signature: all("number", "number", 1, 2),
  constants: [1],
  unbounded: true,
  refuse([, digits = 0]) {
    const fits = typeof digits === "number" && Number.isInteger(digits) && digits >= 0 && digits <= 15;
    return fits ? undefined : "rounds to 0 to 15 decimal places";
  },
  sql([x], [, digits]) {
    const scale = `1e${Number(digits ?? 0)}`;
    return digits === undefined ? `round(${x})` : `(round(${x} * ${scale}) / ${scale})`;
  },
  evaluate([x], [, digits]) {
    const scale = Number(`1e${Number(digits ?? 0)}`);
    return mapNumbers(x, "number", (value) => roundHalfAway(finite(value * scale)) / scale);
  },
};

/** Calculation. Every answer that is not a finite number is missing. */
export const ARITHMETIC: readonly Operation[] = [
  binary("+", (x, y) => x + y, always),
  binary("-", (x, y) => x - y, always),
  binary("*", (x, y) => x * y, always),
  binary(
    "/",
    (x, y) => x / y,
    (position) => position === 0,
  ), // 1 ÷ ∞ would be 0
  binary(
    "%",
    (x, y) => x % y,
    (position) => position === 0,
  ), // 1 mod ∞ would be 1
  {
    ...unary(
      "negate",
      (x) => -x,
      (x) => `(- ${x})`,
      true,
    ),
    passes: always,
  },
  { ...unary("abs", Math.abs, (x) => `abs(${x})`, true), passes: always },
  unary("ln", Math.log, (x) => sqlLet(x, (v) => `CASE WHEN ${v} > 0 THEN ln(${v}) END`)),
  unary("log10", Math.log10, (x) => sqlLet(x, (v) => `CASE WHEN ${v} > 0 THEN log10(${v}) END`)),
  unary("exp", Math.exp, (x) => `exp(${x})`, true),
  unary("sqrt", Math.sqrt, (x) => sqlLet(x, (v) => `CASE WHEN ${v} >= 0 THEN sqrt(${v}) END`)),
  {
    name: "power",
    signature: all("number", "number", 2),
    unbounded: true,
    sql: ([x, y]) => `pow(${x}, ${y})`,
    evaluate: ([x, y]) => mapPairs(x, y, "number", (base, exponent) => base ** exponent),
  },
  round,
  unary("floor", Math.floor, (x) => `floor(${x})`),
  unary("ceil", Math.ceil, (x) => `ceil(${x})`),
  unary("sin", Math.sin, (x) => `sin(${x})`),
  unary("cos", Math.cos, (x) => `cos(${x})`),
];
