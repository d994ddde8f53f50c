import type { Classified } from "../scored.ts";
import type { RowWeights } from "./metric.ts";

/**
 * How often a row of class a has a larger score for a than a row of class b, equal scores counting
 * half: `area[a * classes + b]`, for every two classes that have rows.
 */
export interface Pairs {
  /** The rows of each class. */
  readonly counts: Float64Array;
  /** NaN where a or b has no rows, or both are the same. */
  readonly area: Float64Array;
}

/** How much an area of two classes counts. */
export type PairWeight = (a: number, b: number) => number;

/** Compares all classes in pairs, each row taken `weights[row]` times, or once. */
export function pairsOf({ classes, labels, ranking }: Classified, weights?: RowWeights): Pairs {
  const counts = new Float64Array(classes);
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    counts[label] = (counts[label] as number) + (weights?.[row] ?? 1);
  }
  const area = new Float64Array(classes * classes).fill(Number.NaN);
  const won = new Float64Array(classes);
  for (let a = 0; a < classes; a++) {
    if (counts[a] === 0) continue;
    won.fill(0);
    const { row, positive, last } = ranking(a);
    let [above, tied, first] = [0, 0, 0];
    for (let place = 0; place < row.length; place++) {
      tied += (positive[place] as number) * (weights?.[row[place] as number] ?? 1);
      if (last[place] === 0) continue;
      for (let at = first; at <= place; at++) {
        const own = row[at] as number;
        const label = labels[own] as number;
        won[label] = (won[label] as number) + (weights?.[own] ?? 1) * (above + tied / 2);
      }
      [above, tied, first] = [above + tied, 0, place + 1];
    }
    for (let b = 0; b < classes; b++) {
      const pairs = (counts[a] as number) * (counts[b] as number);
      if (a !== b && pairs > 0) area[a * classes + b] = (won[b] as number) / pairs;
    }
  }
  return { counts, area };
}

/**
 * The mean area over all pairs of classes that have rows, in both directions. NaN for fewer than two.
 *
 * @param weight how much a pair counts
 */
export function meanOfPairs({ counts, area }: Pairs, weight: PairWeight): number {
  let [sum, total] = [0, 0];
  for (let pair = 0; pair < area.length; pair++) {
    const own = area[pair] as number;
    if (Number.isNaN(own)) continue;
    const factor = weight(Math.floor(pair / counts.length), pair % counts.length);
    sum += factor * own;
    total += factor;
  }
  return sum / total;
}

/**
 * By row, times the number of rows: how much one more of it would move the mean area, where the
 * weights of the pairs stay as they are.
 */
export function pairInfluence(
  { rows, classes, labels, ranking }: Classified,
  { counts, area }: Pairs,
  weight: PairWeight,
): Float64Array {
  const out = new Float64Array(rows);
  const count = (c: number): number => counts[c] as number;
  const share = shares(area, classes, weight);
  for (let a = 0; a < classes; a++) {
    if (count(a) === 0) continue;
    const ofClass = (table: Float64Array) => table.subarray(a * classes, (a + 1) * classes);
    const [factor, own] = [ofClass(share), ofClass(area)];
    const mass = factor.map((value, b) => (value === 0 ? 0 : value / count(b)));
    const mean = factor.reduce((sum, value, b) => (value === 0 ? sum : sum + value * (own[b] as number)), 0);
    const { row, positive, last } = ranking(a);
    let beaten = factor.reduce((sum, value) => sum + value, 0); // the mass of the rows below
    let [above, tied, tiedMass, first] = [0, 0, 0, 0];
    for (let place = 0; place < row.length; place++) {
      tied += positive[place] as number;
      tiedMass += mass[labels[row[place] as number] as number] as number;
      if (last[place] === 0) continue;
      for (let at = first; at <= place; at++) {
        const j = row[at] as number;
        const b = labels[j] as number;
        const moved =
          b === a
            ? (beaten - tiedMass / 2 - mean) / count(a)
            : (mass[b] as number) * ((above + tied / 2) / count(a) - (own[b] as number));
        out[j] = (out[j] as number) + rows * moved;
      }
      beaten -= tiedMass;
      [above, tied, tiedMass, first] = [above + tied, 0, 0, place + 1];
    }
  }
  return out;
}

/** What part of the mean each area is; 0 where there is none. */
function shares(area: Float64Array, classes: number, weight: PairWeight): Float64Array {
  const factors = area.map((own, pair) =>
    Number.isNaN(own) ? 0 : weight(Math.floor(pair / classes), pair % classes),
  );
  const total = factors.reduce((a, b) => a + b, 0);
  return factors.map((factor) => factor / total);
}
