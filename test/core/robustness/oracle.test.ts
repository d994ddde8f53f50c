import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { METRICS } from "../../../src/core/measures/metrics/catalogue.ts";
import type { Scored } from "../../../src/core/measures/scored.ts";
import { constantColumn, pickColumn, withColumns } from "../../../src/core/robustness/columns.ts";
import { gridOf } from "../../../src/core/robustness/dependence.ts";
import {
  aucOf,
  correlationRatio,
  mutualInformation,
  rankCorrelation,
} from "../../../src/core/robustness/leakage.ts";
import { importanceRow } from "../../../src/core/robustness/outcome.ts";
import { normalQuantile } from "../../../src/core/stats/normal.ts";
import { random } from "../../../src/core/stats/random.ts";
import { permutation } from "../../../src/core/stats/shuffle.ts";
import type { Table } from "../../../src/core/tables/column.ts";
import { near, oracle } from "../../oracles/oracle.ts";

interface Fixed {
  readonly title: string;
  readonly columns: readonly (readonly number[])[];
  readonly coefficients: readonly number[];
  readonly intercept: number;
}
interface Oracle {
  readonly importances: readonly (Fixed & {
    readonly labels: readonly number[];
    readonly metric: string;
    readonly orders: readonly { readonly column: number; readonly order: readonly number[] }[];
    readonly mean: readonly number[];
    readonly each: readonly (readonly number[])[];
  })[];
  readonly dependences: readonly (Fixed & {
    readonly column: number;
    readonly grid: readonly number[];
    readonly mean: readonly number[];
  })[];
  readonly quantiles: readonly {
    readonly values: readonly number[];
    readonly ends: readonly [number, number];
  }[];
  readonly pairs: readonly { title: string; a: number[]; b: number[]; nmi: number }[];
  readonly correlations: readonly { title: string; x: number[]; y: number[]; rho: number }[];
  readonly ratios: readonly { codes: number[]; values: number[]; eta: number }[];
  readonly aucs: readonly { values: number[]; labels: number[]; auc: number }[];
}

const known = oracle<Oracle>("robustness");

const tableOf = ({ columns }: Fixed): Table => ({
  rows: columns[0]?.length ?? 0,
  columns: new Map(
    columns.map((values, j) => [`x${j}`, { kind: "number", values: Float64Array.from(values) }]),
  ),
});

/** A fixed model's answers: linear, or the logistic of that. */
function answers({ coefficients, intercept }: Fixed, table: Table, logistic: boolean): Float64Array {
  const columns = [...table.columns.values()].map((column) => (column.kind === "text" ? [] : column.values));
  return Float64Array.from({ length: table.rows }, (_, row) => {
    const sum = coefficients.reduce((all, own, j) => all + own * (columns[j]?.[row] ?? 0), intercept);
    return logistic ? 1 / (1 + Math.exp(-sum)) : sum;
  });
}

describe("permutation importance", () => {
  for (const fixed of known.importances) {
    it(`is scikit-learn's: ${fixed.title}`, () => {
      const metric = METRICS.get(fixed.metric);
      assert.ok(metric !== undefined);
      const table = tableOf(fixed);
      const logistic = metric.needs !== "values";
      const scored = (of: Table): Scored => ({
        labels: Float64Array.from(fixed.labels),
        scores: answers(fixed, of, logistic),
        outputs: 1,
      });
      const measuring = {
        task: logistic ? ("binary-classification" as const) : ("regression" as const),
        classes: logistic ? 2 : 0,
        costs: undefined,
        metrics: [metric],
        resamples: 200,
        confidence: 0.95,
        seed: 7,
      };
      fixed.mean.forEach((mean, j) => {
        const own = fixed.orders.filter(({ column }) => column === j);
        assert.equal(own.length, 4);
        const column = table.columns.get(`x${j}`);
        assert.ok(column !== undefined);
        const shuffled = own.map(({ order }) => ({
          scored: scored(withColumns(table, [[`x${j}`, pickColumn(column, order)]])),
          order,
        }));
        const row = importanceRow(`x${j}`, [`x${j}`], scored(table), shuffled, measuring);
        near(row.value, mean, `x${j}`);
        near(row.least, Math.min(...(fixed.each[j] ?? [])), `least of x${j}`);
        near(row.most, Math.max(...(fixed.each[j] ?? [])), `most of x${j}`);
        assert.ok(row.interval !== null && row.interval.low <= mean && mean <= row.interval.high);
      });
    });
  }
});

describe("the interval of an importance", () => {
  it("holds the true one: the values that were shuffled are a sample, too", () => {
    const draws = random(5, "importance of numbers");
    const normal = (): number => normalQuantile((draws.next() + 0.5) / 2 ** 32);
    const metric = METRICS.get("mse");
    assert.ok(metric !== undefined);
    const measuring = {
      task: "regression",
      classes: 0,
      costs: undefined,
      metrics: [metric],
      confidence: 0.95,
    } as const;
    let held = 0;
    for (let draw = 0; draw < 300; draw++) {
      const [x, noise] = [0, 1].map(() => Float64Array.from({ length: 100 }, normal)) as [
        Float64Array,
        Float64Array,
      ];
      const labels = x.map((own, row) => own + noise[row]!);
      const scored = (scores: Float64Array): Scored => ({ labels, scores, outputs: 1 });
      const shuffled = Array.from({ length: 5 }, () => {
        const order = permutation(100, draws);
        return { scored: scored(x.map((_, row) => x[order[row]!]!)), order };
      });
      const row = importanceRow("x", ["x"], scored(x), shuffled, {
        ...measuring,
        resamples: 200,
        seed: draw,
      });
      // the error of x on its own, (x - x')², is 2 in the mean
      if (row.interval!.low <= 2 && 2 <= row.interval!.high) held++;
    }
    assert.ok(held >= 279, `${held} of 300`); // 285 less 1.6 standard deviations; rows alone: 264
  });
});

describe("partial dependence", () => {
  for (const fixed of known.dependences) {
    it(`is scikit-learn's: ${fixed.title}, column ${fixed.column}`, () => {
      const table = tableOf(fixed);
      const name = `x${fixed.column}`;
      const column = table.columns.get(name);
      assert.ok(column !== undefined);
      const grid = gridOf(column, "number", 20);
      assert.equal(grid.length, fixed.grid.length);
      grid.forEach(({ value }, place) => {
        near(Number(value), fixed.grid[place] ?? null, "a point of the grid");
        const set = withColumns(table, [[name, constantColumn("number", value, table.rows)]]);
        const scores = answers(fixed, set, true);
        near(
          scores.reduce((sum, own) => sum + own, 0) / scores.length,
          fixed.mean[place] ?? null,
          "a mean score",
        );
      });
    });
  }

  it("spans SciPy's quantiles", () => {
    for (const { values, ends } of known.quantiles) {
      const grid = gridOf({ kind: "number", values: Float64Array.from(values) }, "number", 20);
      near(Number(grid[0]?.value), ends[0], "the lower end");
      near(Number(grid.at(-1)?.value), ends[1], "the upper end");
    }
  });
});

describe("what a column alone tells", () => {
  it("is scikit-learn's mutual information and ROC AUC", () => {
    for (const { title, a, b, nmi } of known.pairs) near(mutualInformation(a, b), nmi, title);
    for (const { values, labels, auc } of known.aucs) {
      near(aucOf(Float64Array.from(values), Float64Array.from(labels)), auc, "AUC");
    }
  });

  it("is SciPy's rank correlation, and the share of the variance between groups", () => {
    for (const { title, x, y, rho } of known.correlations) {
      near(rankCorrelation(Float64Array.from(x), Float64Array.from(y)), rho, title);
    }
    for (const { codes, values, eta } of known.ratios) {
      near(correlationRatio(codes, Float64Array.from(values)), eta, "η²");
    }
  });
});
