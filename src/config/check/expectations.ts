import type { Expectation } from "../contract.ts";
import type { Check } from "./finding.ts";

const CONDITIONS = ["type", "between", "in", "missing", "unique", "matches", "newest"] as const;

/** An expectation expects something, and can be met. */
export const expectations: Check = {
  reads: ["data.expect"],
  *find({ data }) {
    for (const [index, expectation] of data.expect.entries()) {
      const path = ["data", "expect", index];
      const message = nothingExpected(expectation);
      if (message !== undefined) yield { path, message };
      if ("table" in expectation) {
        const { at_least: least, at_most: most } = expectation;
        if (least !== undefined && most !== undefined && least > most) {
          yield {
            path: [...path, "at_least"],
            message: `at least ${least} and at most ${most} rows cannot both hold`,
          };
        }
      }
      if (!("column" in expectation)) continue;
      const [low, high] = expectation.between ?? [];
      if (typeof low !== typeof high) {
        yield { path: [...path, "between"], message: "the bounds of between are two numbers or two texts" };
      } else if (low !== undefined && high !== undefined && low > high) {
        yield {
          path: [...path, "between"],
          message: `no value lies between ${low} and ${high}; the smaller one comes first`,
        };
      }
    }
  },
};

function nothingExpected(expectation: Expectation): string | undefined {
  if ("sql" in expectation) return undefined;
  if ("table" in expectation) {
    const { at_least: least, at_most: most } = expectation;
    return least === undefined && most === undefined
      ? 'nothing is expected of the rows; say "at_least" or "at_most"'
      : undefined;
  }
  if (CONDITIONS.some((key) => expectation[key] !== undefined)) return undefined;
  return `nothing is expected of "${expectation.column}"; say one of ${CONDITIONS.join(", ")}`;
}

/** Bounds come with the smaller one first. */
export const bounds: Check = {
  reads: ["prepare.values"],
  *find({ prepare }) {
    for (const [index, step] of prepare.values.entries()) {
      if (!("clip" in step)) continue;
      for (const [column, [low, high]] of Object.entries(step.clip)) {
        const path = ["prepare", "values", index, "clip", column];
        if (low === null && high === null) yield { path, message: `"${column}" is clipped on neither side` };
        const [from, to] = [rank(low), rank(high)];
        if (from !== undefined && to !== undefined && typeof low === typeof high && from > to) {
          yield { path, message: `${low} is above ${high}; the lower bound comes first` };
        }
      }
    }
  },
};

const rank = (bound: number | string | null) =>
  bound === null ? undefined : typeof bound === "number" ? bound : Number.parseFloat(bound.slice(1));
