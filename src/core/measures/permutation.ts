import { formatCount } from "../report/numbers.ts";
import type { DifferenceTest } from "../report/report.ts";
import { type Random, random } from "../stats/random.ts";
import { isIndependent, usualBlock } from "./bootstrap.ts";
import { type Cells, confusionOf } from "./confusion.ts";
import { jointCells } from "./decisions.ts";
import type { Certainty } from "./interval.ts";
import { stackedSets } from "./label-sets.ts";
import {
  type DecisionMetric,
  type Measured,
  type Metric,
  sumRows,
  type ValueContext,
} from "./metrics/metric.ts";
import { type Answers, lackingOf } from "./points.ts";
import { weightedBy } from "./row-weights.ts";
import { type Classified, type Costs, classified } from "./scored.ts";

type Classes = Extract<Answers, { readonly kind: "classes" }>;
type Numbers = Extract<Answers, { readonly kind: "numbers" }>;

/** Up to so many units all ways to swap them are tried, and the p-value is exact. */
const ALL = 12;
/** Of a million rows fewer swaps are tried, but 200 at least: all together walk over about so many rows. */
const WALK = 200_000_000;
/** What a metric of many rows may be off by: two swaps that give the same difference are a tie, whatever rounding makes of them. */
const ROUNDING = 1e-12;

/**
 * The permutation test of each metric's difference: were both models equally good, it would not matter which of
 * them gave which answer, so the two answers of a row (of a group of rows, of a block of time) are swapped at
 * random, and the difference is measured again. p is how often it is at least as far out, on the likelier side,
 * times two, the difference as it is counted as one more draw.
 *
 * Both models' answers are measured as one stack of rows, of which each swap takes one half: nothing is sorted
 * again.
 *
 * Source: R. A. Fisher, The Design of Experiments (1935); as scipy.stats.permutation_test with
 * permutation_type "samples".
 */
export function permutationTests(
  metrics: readonly Metric[],
  candidate: Answers,
  baseline: Answers,
  costs: Costs | undefined,
  certainty: Certainty,
): ReadonlyMap<Metric, DifferenceTest> {
  const { rows } = candidate;
  const { unitOf, units, noun } = swapped(rows, certainty);
  const every = units <= ALL;
  const affordable = Math.max(200, Math.floor(WALK / Math.max(1, rows)));
  const swaps = every ? 2 ** units : Math.min(certainty.resamples, affordable);
  const draws = random(certainty.seed, "permutation");
  const plans = metrics.flatMap((metric) => planOf(metric, candidate, baseline, costs) ?? []);
  if (plans.length === 0 || rows === 0 || swaps === 0) return new Map();
  const swap = new Uint8Array(rows);
  const seen = plans.map(({ both }) => {
    const [own, other] = both(swap);
    // a difference is off by what its parts are rounded by, however small it is
    const slack = ROUNDING * Math.max(Math.abs(own), Math.abs(other));
    return { value: own - other, slack, below: 0, above: 0, known: 0 };
  });
  for (let draw = 0; draw < swaps; draw++) {
    fill(swap, units, unitOf, every ? draw : draws);
    plans.forEach(({ both }, p) => {
      const own = seen[p];
      const [candidate, baseline] = both(swap);
      const value = candidate - baseline;
      if (own === undefined || Number.isNaN(value)) return;
      own.known++;
      if (value <= own.value + own.slack) own.below++;
      if (value >= own.value - own.slack) own.above++;
    });
  }
  const tests = new Map<Metric, DifferenceTest>();
  plans.forEach(({ metric }, at) => {
    const { value, below, above, known } = seen[at] ?? { value: Number.NaN, below: 0, above: 0, known: 0 };
    if (Number.isNaN(value) || known < swaps) return;
    const plus = every ? 0 : 1;
    const p = Math.min(1, (2 * (Math.min(below, above) + plus)) / (known + plus));
    const how = every ? `all ${formatCount(swaps)}` : formatCount(swaps);
    tests.set(metric, { method: "permutation", p, detail: `${how} ways to swap the answers of ${noun}` });
  });
  return tests;
}

/** What is swapped together. */
function swapped(rows: number, certainty: Certainty) {
  const { clusters, moments, block } = certainty;
  if (isIndependent(certainty)) return { unitOf: undefined, units: rows, noun: "rows" };
  const length = block ?? (moments === undefined ? 1 : usualBlock(moments));
  const unitOf = clusters ?? (moments ?? new Int32Array(rows)).map((moment) => Math.floor(moment / length));
  const units = 1 + unitOf.reduce((most, unit) => Math.max(most, unit), -1);
  return { unitOf, units, noun: clusters === undefined ? "blocks of time" : "groups of rows" };
}

/** Says of each row whether its answers are swapped: by a number's bits, or at random. */
function fill(swap: Uint8Array, units: number, unitOf: Int32Array | undefined, by: number | Random): void {
  const each = unitOf === undefined ? swap : new Uint8Array(units);
  if (typeof by === "number") {
    for (let unit = 0; unit < units; unit++) each[unit] = (by >> unit) & 1;
  } else {
    for (let unit = 0, bits = 0; unit < units; unit++, bits >>>= 1) {
      if (unit % 32 === 0) bits = by.next();
      each[unit] = bits & 1;
    }
  }
  if (unitOf === undefined) return;
  for (let row = 0; row < swap.length; row++) swap[row] = each[unitOf[row] as number] as number;
}

interface Plan {
  readonly metric: Metric;
  /** The metric of both models where the answers of some rows are swapped; NaN where it is not defined. */
  both(swap: Uint8Array): readonly [candidate: number, baseline: number];
}

function planOf(
  metric: Metric,
  candidate: Answers,
  baseline: Answers,
  costs: Costs | undefined,
): Plan | undefined {
  if (candidate.kind === "numbers" && baseline.kind === "numbers") {
    if (metric.needs !== "values") return undefined;
    const { labels, predictions, context } = stackedNumbers(candidate, baseline);
    return halves(metric, metric.measure(labels, predictions, context), candidate.weights, candidate.rows);
  }
  if (candidate.kind === "sets" && baseline.kind === "sets") {
    if (metric.needs !== "sets") return undefined;
    const { sets, rows } = candidate;
    if ((lackingOf(metric, sets) ?? lackingOf(metric, baseline.sets)) !== undefined) return undefined;
    return halves(metric, metric.measure(stackedSets(sets, baseline.sets)), sets.weights, rows);
  }
  if (candidate.kind !== "classes" || baseline.kind !== "classes") return undefined;
  if (metric.needs === "decisions") return decided(metric, candidate, baseline, costs);
  if (metric.needs !== "scores") return undefined;
  const { classified: ours } = candidate;
  const { classified: theirs } = baseline;
  const lacking = (one: Classified) => one.unscored ?? (metric.probabilities ? one.improbable : undefined);
  if (lacking(ours) !== undefined || lacking(theirs) !== undefined) return undefined;
  const measured = metric.measure(stacked(ours, theirs));
  return halves(metric, measured, ours.weights, ours.rows);
}

/** Measures the candidate's and the baseline's half of a stack of answers. */
function halves(
  metric: Metric,
  stack: Measured,
  weights: Float64Array | undefined,
  rows: number,
): Plan | undefined {
  const twice = weights && joined(weights, weights);
  const measured = twice === undefined ? stack : weightedBy(stack, twice);
  if (measured.noInterval !== undefined || measured.reason !== undefined) return undefined;
  const { weighted } = measured;
  const sums = weighted === undefined ? measured.sums?.() : undefined;
  if (weighted === undefined && sums === undefined) return undefined;
  const taken = new Uint16Array(2 * rows);
  const into = new Float64Array((sums?.slots ?? 0) * (sums?.amounts.length ?? 0));
  const half = (swap: Uint8Array, other: number): number => {
    for (let row = 0; row < rows; row++) {
      const first = (swap[row] as number) ^ other ^ 1;
      taken[row] = first;
      taken[rows + row] = 1 - first;
    }
    return weighted?.(taken) ?? sums?.value(sumRows(sums, taken, into), rows) ?? Number.NaN;
  };
  return { metric, both: (swap) => [half(swap, 0), half(swap, 1)] };
}

/** Counts the cells of both models' decisions. */
function decided(
  metric: DecisionMetric,
  { classified: ours, weighted, confusion }: Classes,
  { classified: theirs }: Classes,
  costs: Costs | undefined,
): Plan | undefined {
  if (metric.needsCosts !== undefined && costs === undefined) return undefined;
  const { empty } = weighted ?? confusion;
  const { candidate, baseline, places } = jointCells(ours, theirs, empty);
  const at = places();
  const cells = candidate.counts.length;
  const kept = new Float64Array(cells);
  const changed = new Float64Array(cells);
  const of = (first: Cells, second: Cells): number => {
    const both = {
      ...first,
      truth: Int32Array.of(...first.truth, ...second.truth),
      decided: Int32Array.of(...first.decided, ...second.decided),
    };
    return metric.of(confusionOf(both, joined(kept, changed)), costs);
  };
  return {
    metric,
    both(swap) {
      kept.fill(0);
      changed.fill(0);
      for (let row = 0; row < at.length; row++) {
        const place = at[row] as number;
        const into = swap[row] === 1 ? changed : kept;
        into[place] = (into[place] as number) + (ours.weights?.[row] ?? 1);
      }
      return [of(candidate, baseline), of(baseline, candidate)];
    },
  };
}

/** Both models' answers as one, the candidate's rows first. */
function stacked(ours: Classified, theirs: Classified): Classified {
  const outputs = ours.columns[0] === undefined ? 1 : ours.classes;
  const scores = new Float64Array(2 * ours.rows * outputs);
  [ours, theirs].forEach(({ columns, rows }, model) => {
    (outputs === 1 ? [columns[1]] : columns).forEach((column, output) => {
      for (let row = 0; row < rows; row++) {
        scores[(model * rows + row) * outputs + output] = column?.[row] ?? Number.NaN;
      }
    });
  });
  return classified({ labels: joined(ours.labels, theirs.labels), scores, outputs }, ours.classes);
}

function stackedNumbers(ours: Numbers, theirs: Numbers) {
  return {
    labels: joined(ours.labels, theirs.labels),
    predictions: joined(ours.predictions, theirs.predictions),
    ...(ours.context === undefined ? {} : { context: stackedContext(ours.context, theirs.context) }),
  };
}

function twice(queries: Int32Array, many: number): Int32Array {
  const both = new Int32Array(2 * queries.length);
  both.set(queries);
  both.set(
    queries.map((query) => query + many),
    queries.length,
  );
  return both;
}

/** Each model's rows of a query are a query of their own. */
function stackedContext(ours: ValueContext, theirs: ValueContext = {}): ValueContext {
  const { queries, scale, quantiles } = ours;
  const many = 1 + (queries?.reduce((most, query) => Math.max(most, query), -1) ?? 0);
  return {
    ...(queries === undefined ? {} : { queries: twice(queries, many) }),
    ...(scale === undefined ? {} : { scale: joined(scale, theirs.scale ?? scale) }),
    ...(quantiles === undefined
      ? {}
      : {
          quantiles: new Map(
            [...quantiles].flatMap(([percent, own]): [number, Float64Array][] => {
              const other = theirs.quantiles?.get(percent);
              return other === undefined ? [] : [[percent, joined(own, other)]];
            }),
          ),
        }),
  };
}

function joined(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
