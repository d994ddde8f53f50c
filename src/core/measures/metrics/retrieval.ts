import { argsort } from "../../stats/argsort.ts";
import { RANKING } from "../task.ts";
import {
  type Measured,
  measuredBy,
  NO_ROWS,
  SCIKIT_LEARN,
  undefinedBecause,
  type ValueMetric,
} from "./metric.ts";

/** One query's rows from the highest score down; entries go by place. */
interface Answered {
  /** How relevant the row at each place is: 0 is not at all. */
  readonly relevance: Float64Array;
  /** 1 where the next place has a lower score, or there is none: equal scores end here. */
  readonly last: Uint8Array;
}

/** One number of one query that has a relevant row. */
type OfQuery = (query: Answered) => number;

/**
 * Discounted cumulative gain of the first k places: each row's relevance divided by log₂(1 + its place). Equal
 * scores share the mean of their places' discounts, so that their order does not matter.
 *
 * Source: K. Järvelin and J. Kekäläinen (2002); ties as F. McSherry and M. Najork (2008), and scikit-learn.
 *
 * @example gain({ relevance: Float64Array.of(3, 0, 1), last: Uint8Array.of(1, 1, 1) }, Infinity) // => 3.5
 * @example gain({ relevance: Float64Array.of(3, 1), last: Uint8Array.of(0, 1) }, 1) // => 2
 */
export function gain({ relevance, last }: Answered, k: number): number {
  let sum = 0;
  for (let first = 0, place = 0; place < relevance.length; place++) {
    if (last[place] === 0) continue;
    let [total, discount] = [0, 0];
    for (let at = first; at <= place; at++) {
      total += relevance[at] as number;
      if (at < k) discount += 1 / Math.log2(at + 2);
    }
    sum += (total / (place + 1 - first)) * discount;
    first = place + 1;
    if (first >= k) break;
  }
  return sum;
}

/** The gain as a share of the best order's. */
const ndcg =
  (k: number): OfQuery =>
  (query) => {
    const best = query.relevance.slice().sort().reverse();
    return gain(query, k) / gain({ relevance: best, last: new Uint8Array(best.length).fill(1) }, k);
  };

/** The mean precision at the places of relevant rows; equal scores are one place. */
const averagePrecision: OfQuery = ({ relevance, last }) => {
  let [sum, hits, tied] = [0, 0, 0];
  for (let place = 0; place < relevance.length; place++) {
    if ((relevance[place] as number) > 0) tied++;
    if (last[place] === 0) continue;
    hits += tied;
    sum += (tied * hits) / (place + 1);
    tied = 0;
  }
  return sum / hits;
};

/** 1 ÷ the place of the first relevant row; of equal scores the last place counts. */
const reciprocalRank: OfQuery = ({ relevance, last }) => {
  let found = false;
  for (let place = 0; place < relevance.length; place++) {
    if ((relevance[place] as number) > 0) found = true;
    if (found && last[place] === 1) return 1 / (place + 1);
  }
  return 0;
};

/** Relevant rows among the first k places: of equal scores that lie across the border, the share that it has room for. */
const hitsWithin =
  (k: number, of: (hits: number, relevant: number) => number): OfQuery =>
  ({ relevance, last }) => {
    let [hits, relevant] = [0, 0];
    for (let first = 0, place = 0; place < relevance.length; place++) {
      if (last[place] === 0) continue;
      const size = place + 1 - first;
      let tied = 0;
      for (let at = first; at <= place; at++) if ((relevance[at] as number) > 0) tied++;
      relevant += tied;
      hits += (tied * Math.max(0, Math.min(k, place + 1) - first)) / size;
      first = place + 1;
    }
    return of(hits, relevant);
  };

/**
 * The mean over queries. A query without a relevant row tells nothing of the order, and is left out. As sums, a
 * query's number stands at its first row, so that drawing whole queries is exact.
 */
function overQueries(each: OfQuery): ValueMetric["measure"] {
  return (labels, scores, context): Measured => {
    const rows = labels.length;
    if (rows === 0) return undefinedBecause(NO_ROWS);
    const queries = context?.queries;
    if (queries === undefined) return undefinedBecause("nothing says which rows answer the same query");
    if (labels.some((relevance) => relevance < 0)) return undefinedBecause("a relevance is below 0");
    const numbers = new Float64Array(rows);
    const counted = new Float64Array(rows);
    let known = 0;
    for (const own of rowsByQuery(queries, scores)) {
      const query = answered(own, labels, scores);
      if (!query.relevance.some((relevance) => relevance > 0)) continue;
      const [first] = own;
      if (first === undefined) continue;
      numbers[first] = each(query);
      counted[first] = 1;
      known++;
    }
    if (known === 0) return undefinedBecause("no query has a relevant row");
    const value = ([sum = 0, count = 0]: Float64Array): number => sum / count;
    return { ...measuredBy({ slots: 1, amounts: [numbers, counted], value }, rows), support: known };
  };
}

/** The rows of each query, each from the highest score down. */
function rowsByQuery(queries: Int32Array, scores: Float64Array): number[][] {
  const lists: number[][] = [];
  for (const row of argsort(scores).reverse()) {
    const query = queries[row] as number;
    const list = lists[query];
    if (list === undefined) lists[query] = [row];
    else list.push(row);
  }
  return lists.filter((list) => list !== undefined);
}

function answered(rows: readonly number[], labels: Float64Array, scores: Float64Array): Answered {
  return {
    relevance: Float64Array.from(rows, (row) => labels[row] as number),
    last: Uint8Array.from(rows, (row, place) => {
      const next = rows[place + 1];
      return next === undefined || scores[next] !== scores[row] ? 1 : 0;
    }),
  };
}

function metric(name: string, title: string, source: string, each: OfQuery, onRequest = false): ValueMetric {
  return {
    name,
    title,
    tasks: RANKING,
    better: "higher",
    range: [0, 1],
    needs: "values",
    source,
    ...(onRequest ? { onRequest } : {}),
    measure: overQueries(each),
  };
}

const at = (k: number): string => `${SCIKIT_LEARN}, ndcg_score(k=${k}) query by query`;

/** How well rows of one query are ordered, averaged over queries. */
export const retrieval: readonly ValueMetric[] = [
  metric("ndcg_10", "NDCG of the first 10", at(10), ndcg(10)),
  metric("ndcg", "NDCG", `${SCIKIT_LEARN}, ndcg_score query by query`, ndcg(Infinity)),
  metric(
    "map",
    "Mean average precision",
    `${SCIKIT_LEARN}, average_precision_score query by query`,
    averagePrecision,
  ),
  metric(
    "mrr",
    "Mean reciprocal rank",
    "E. Voorhees, TREC-8 question answering (1999); not in scikit-learn",
    reciprocalRank,
  ),
  ...[1, 3, 5, 20, 100].map((k) => metric(`ndcg_${k}`, `NDCG of the first ${k}`, at(k), ndcg(k), true)),
  ...[1, 5, 10].flatMap((k) => [
    metric(
      `precision_at_${k}`,
      `Relevant among the first ${k}`,
      "the share of the first k places; not in scikit-learn",
      hitsWithin(k, (hits) => hits / k),
      true,
    ),
    metric(
      `recall_at_${k}`,
      `Found among the first ${k}`,
      "the share of the relevant rows; not in scikit-learn",
      hitsWithin(k, (hits, relevant) => hits / relevant),
      true,
    ),
  ]),
];
