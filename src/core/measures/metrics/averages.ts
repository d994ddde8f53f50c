import type { Confusion } from "../confusion.ts";
import { CLASSIFICATION } from "../task.ts";
import type { DecisionMetric } from "./metric.ts";

/**
 * A number of one class, from the rows that are its and were decided so (`hits`), were decided so,
 * and are its. `empty` where its denominator is, by default 0, as scikit-learn has it.
 */
export type ByClass = (hits: number, decided: number, truth: number, empty?: number) => number;

/**
 * The share, and what is said for one of nothing.
 *
 * @example ratio(1, 4) // => 0.25
 * @example ratio(0, 0) // => 0
 * @example ratio(0, 0, 1) // => 1
 */
export function ratio(part: number, of: number, empty = 0): number {
  return of === 0 ? empty : part / of;
}

/**
 * The number of the positive class, which is class 1. NaN without rows.
 *
 * @example ofPositive((hits, decided) => hits / decided)({ rows: 3, truth: [1, 2], decided: [0, 3], hits: [0, 2] }) // => 0.6666666666666666
 */
export function ofPositive(byClass: ByClass): (confusion: Confusion) => number {
  return ({ rows, hits, decided, truth, empty }) =>
    rows === 0 ? Number.NaN : byClass(hits[1] ?? 0, decided[1] ?? 0, truth[1] ?? 0, empty);
}

/**
 * The plain mean over the classes that are true or decided anywhere and for which it is defined. NaN without rows.
 *
 * @example macro((hits, decided, truth) => hits / truth)({ rows: 4, truth: [1, 3, 0], decided: [1, 3, 0], hits: [0, 3, 0] }) // => 0.5
 */
export function macro(byClass: ByClass): (confusion: Confusion) => number {
  return ({ hits, decided, truth, empty }) => {
    let sum = 0;
    let classes = 0;
    for (let c = 0; c < hits.length; c++) {
      const [own, chosen, real] = [hits[c] as number, decided[c] as number, truth[c] as number];
      if (chosen + real === 0) continue;
      const value = byClass(own, chosen, real, empty);
      if (Number.isNaN(value)) continue;
      sum += value;
      classes++;
    }
    return sum / classes;
  };
}

/**
 * The mean over classes for which it is defined, each counting by its true rows. NaN without rows.
 *
 * @example weighted((hits, decided, truth) => hits / truth)({ rows: 4, truth: [1, 3], decided: [1, 3], hits: [0, 3] }) // => 0.75
 */
export function weighted(byClass: ByClass): (confusion: Confusion) => number {
  return ({ hits, decided, truth, empty }) => {
    let [sum, rows] = [0, 0];
    for (let c = 0; c < hits.length; c++) {
      const real = truth[c] as number;
      if (real === 0) continue;
      const value = byClass(hits[c] as number, decided[c] as number, real, empty);
      if (Number.isNaN(value)) continue;
      sum += real * value;
      rows += real;
    }
    return sum / rows;
  };
}

/**
 * The number of all classes' rows pooled. Where each row has one class and one decision, this is
 * the accuracy. NaN without rows.
 *
 * @example micro((hits, decided) => hits / decided)({ rows: 4, truth: [1, 3], decided: [1, 3], hits: [0, 3] }) // => 0.75
 */
export function micro(byClass: ByClass): (confusion: Confusion) => number {
  return ({ rows, hits }) =>
    rows === 0
      ? Number.NaN
      : byClass(
          hits.reduce((a, b) => a + b, 0),
          rows,
          rows,
        );
}

/**
 * The rows of the smallest class that is true or decided anywhere: what an average over classes,
 * or a correlation, rests on.
 *
 * @example smallestClass({ rows: 9, truth: [1, 8, 0], decided: [4, 5, 0], hits: [1, 5, 0] }) // => 1
 */
export function smallestClass({ rows, truth, decided }: Confusion): number {
  let least = rows;
  for (const totals of [truth, decided]) {
    for (const total of totals) if (total > 0) least = Math.min(least, total);
  }
  return least;
}

/**
 * All rows.
 *
 * @example allRows({ rows: 9, truth: [1, 8], decided: [4, 5], hits: [1, 5] }) // => 9
 */
export function allRows({ rows }: Confusion): number {
  return rows;
}

/** What the averages of a number of classes have in common. */
type Family = Pick<DecisionMetric, "name" | "title" | "source" | "onRequest">;

/**
 * A number of one class, from 0 to 1, as three metrics of all classes: macro, micro and weighted.
 *
 * @example averagesOf({ name: "f1", title: "F1", source: "" }, (hits) => hits).map(({ name }) => name) // => ["f1_macro", "f1_micro", "f1_weighted"]
 */
export function averagesOf(family: Family, byClass: ByClass): DecisionMetric[] {
  const one = (
    average: string,
    support: DecisionMetric["support"],
    of: DecisionMetric["of"],
  ): DecisionMetric => ({
    ...family,
    name: `${family.name}_${average}`,
    title: `${family.title}, ${average}`,
    tasks: CLASSIFICATION,
    better: "higher",
    range: [0, 1],
    needs: "decisions",
    support,
    of,
  });
  return [
    one("macro", smallestClass, macro(byClass)),
    one("micro", allRows, micro(byClass)),
    one("weighted", smallestClass, weighted(byClass)),
  ];
}
