import type { Cuts } from "./cuts.ts";

/**
 * One cut for each group, so that all wrong decisions together cost the least of all choices in which no two groups'
 * rates lie further apart than allowed. Of equally cheap ones, that whose lowest rate is the lowest.
 *
 * Every choice has a lowest rate, so each rate of each group is tried as the lowest: what costs each group the least
 * from there on is kept while both ends move up, so that every cut is looked at twice.
 *
 * @param allowed the gap; Infinity for any
 * @returns by group: the place of its cut
 *
 * @example cheapest([{ thresholds: new Float64Array([9, 1]), rates: new Float64Array([0, 1]), costs: new Float64Array([5, 0]) }, { thresholds: new Float64Array([9, 1]), rates: new Float64Array([0, 0.5]), costs: new Float64Array([0, 1]) }], 0.2) // => [0, 0]
 */
export function cheapest(groups: readonly Cuts[], allowed: number): number[] {
  const windows = groups.map((cuts) => new CheapestWindow(cuts));
  const lowest = Float64Array.from(groups.flatMap(({ rates }) => [...rates])).sort();
  let best: number[] = groups.map(() => 0);
  let least = Number.POSITIVE_INFINITY;
  let last = Number.NaN;
  for (const from of lowest) {
    if (from === last) continue;
    last = from;
    let total = 0;
    for (const window of windows) total += window.moveTo(from, from + allowed + ROUNDING);
    if (total >= least - ROUNDING * Math.abs(least === Number.POSITIVE_INFINITY ? 0 : least)) continue;
    least = total;
    best = windows.map((window) => window.place);
  }
  return best;
}

/** Rates are quotients: 0.3 − 0.2 is allowed to be 0.1. */
const ROUNDING = 1e-12;

/** The cheapest cut of a group whose rate lies within bounds that only rise. */
class CheapestWindow {
  readonly #cuts: Cuts;
  /** Places within the bounds, each cheaper than all before it that are gone: the first is the cheapest. */
  readonly #kept: number[] = [];
  #first = 0;
  #next = 0;

  constructor(cuts: Cuts) {
    this.#cuts = cuts;
  }

  get place(): number {
    return this.#kept[this.#first] ?? 0;
  }

  /** @returns what the cheapest costs; Infinity where there is none */
  moveTo(low: number, high: number): number {
    const { rates, costs } = this.#cuts;
    const kept = this.#kept;
    for (; this.#next < rates.length && (rates[this.#next] as number) <= high; this.#next++) {
      const cost = costs[this.#next] as number;
      while (kept.length > this.#first && (costs[kept[kept.length - 1] as number] as number) > cost)
        kept.pop();
      kept.push(this.#next);
    }
    while (this.#first < kept.length && (rates[kept[this.#first] as number] as number) < low) this.#first++;
    const place = kept[this.#first];
    return place === undefined ? Number.POSITIVE_INFINITY : (costs[place] as number);
  }
}
