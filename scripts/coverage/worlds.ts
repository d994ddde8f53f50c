import type { Scored } from "../../src/core/measures/scored.ts";
import { normalQuantile } from "../../src/core/stats/normal.ts";
import { normalBelow } from "../../src/core/stats/normal-tail.ts";
import type { Random } from "../../src/core/stats/random.ts";

/*
 * Worlds whose truth is known: rows are drawn from them, and what a metric would be on all rows there
 * could ever be is worked out from the same densities.
 */

/** How far apart the two classes' scores lie, in standard deviations: an area of 0.80 under the ROC curve. */
const APART = 1.2;
/** How much too sure the model is of itself: its log odds are so many times what they should be. */
const TOO_SURE = 1.4;
/** How alike two equally good models score the same row. */
const ALIKE = 0.8;

const density = (x: number): number => Math.exp(-(x * x) / 2) / Math.sqrt(2 * Math.PI);
const above = (x: number): number => normalBelow(-x);
const normal = (draws: Random): number =>
  normalQuantile(Math.min(1 - 1e-15, Math.max(1e-15, draws.uniform())));

/** Two classes whose scores are normal with equal spread, one in `rate` positive; two models alike. */
export class TwoClasses {
  readonly rate: number;
  /** How alike two equally good models score the same row. */
  readonly alike: number;
  readonly #odds: number;
  /** Where the share of rows decided positive is the share of positive ones. */
  readonly #cut: number;

  constructor(rate: number, alike = ALIKE) {
    this.rate = rate;
    this.alike = alike;
    this.#odds = Math.log(rate / (1 - rate));
    let [low, high] = [-9, 11];
    while (high - low > 1e-12) {
      const middle = (low + high) / 2;
      if (rate * above(middle - APART) + (1 - rate) * above(middle) > rate) low = middle;
      else high = middle;
    }
    this.#cut = low;
  }

  get threshold(): number {
    return this.#claimed(this.#cut);
  }

  #claimed(x: number): number {
    return 1 / (1 + Math.exp(-(this.#odds + TOO_SURE * (APART * x - (APART * APART) / 2))));
  }

  draw(rows: number, draws: Random): { readonly candidate: Scored; readonly baseline: Scored } {
    const labels = new Float64Array(rows);
    const [own, other] = [new Float64Array(rows), new Float64Array(rows)];
    for (let row = 0; row < rows; row++) {
      const label = draws.uniform() < this.rate ? 1 : 0;
      const [shared, a, b] = [normal(draws), normal(draws), normal(draws)];
      const mixed = (z: number) => Math.sqrt(this.alike) * shared + Math.sqrt(1 - this.alike) * z;
      labels[row] = label;
      own[row] = this.#claimed(label * APART + mixed(a));
      other[row] = this.#claimed(label * APART + mixed(b));
    }
    const scored = (scores: Float64Array): Scored => ({
      labels,
      scores,
      outputs: 1,
      threshold: this.threshold,
    });
    return { candidate: scored(own), baseline: scored(other) };
  }

  /** Each metric over all rows that could ever be. */
  truth(): Record<string, number> {
    const { rate } = this;
    const step = 1e-3;
    const gaps = new Float64Array(15);
    let [loss, precision] = [0, 0];
    for (let x = -9; x < 11; x += step) {
      const [yes, no] = [rate * density(x - APART) * step, (1 - rate) * density(x) * step];
      const p = this.#claimed(x);
      loss -= yes * Math.log(p) + no * Math.log1p(-p);
      const bin = Math.min(14, Math.floor(p * 15));
      gaps[bin] = (gaps[bin] as number) + p * (yes + no) - yes;
      const hits = rate * above(x - APART);
      precision += (yes / rate) * (hits / (hits + (1 - rate) * above(x)));
    }
    const hits = rate * above(this.#cut - APART);
    const decided = hits + (1 - rate) * above(this.#cut);
    return {
      roc_auc: normalBelow(APART / Math.SQRT2),
      average_precision: precision,
      log_loss: loss,
      ece: gaps.reduce((sum, gap) => sum + Math.abs(gap), 0),
      accuracy: 1 - rate - decided + 2 * hits,
      precision: hits / decided,
      recall: hits / rate,
      f1: (2 * hits) / (decided + rate),
    };
  }
}

/** True numbers around what is known of them, with errors of a shape; two models alike. */
export class Numbers {
  readonly shape: "normal" | "heavy";

  constructor(shape: "normal" | "heavy") {
    this.shape = shape;
  }

  /** Of variance 1: normal, or Laplace's, of which one in twenty is beyond 2.1. */
  #error(draws: Random): number {
    if (this.shape === "normal") return normal(draws);
    const u = draws.uniform() - 0.5;
    return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u) + 1e-300)) / Math.SQRT2;
  }

  draw(rows: number, draws: Random): { readonly candidate: Scored; readonly baseline: Scored } {
    const labels = new Float64Array(rows);
    const [own, other] = [new Float64Array(rows), new Float64Array(rows)];
    for (let row = 0; row < rows; row++) {
      const known = normal(draws);
      const [a, b] = [this.#error(draws), this.#error(draws)];
      labels[row] = known + a;
      own[row] = known;
      // as good a model, whose errors are the first one's on four rows of five
      other[row] = draws.uniform() < ALIKE ? known : known + a - b;
    }
    const scored = (scores: Float64Array): Scored => ({ labels, scores, outputs: 1 });
    return { candidate: scored(own), baseline: scored(other) };
  }

  truth(): Record<string, number> {
    return { rmse: 1 };
  }
}

/** Two groups, seven rows of ten in the first; the second is selected `ratio` times as often. */
export class TwoGroups {
  readonly rate: number;
  readonly ratio: number;

  constructor(rate: number, ratio: number) {
    this.rate = rate;
    this.ratio = ratio;
  }

  draw(rows: number, draws: Random) {
    const decisions = new Uint8Array(rows);
    const codes = new Uint8Array(rows);
    for (let row = 0; row < rows; row++) {
      codes[row] = draws.uniform() < 0.7 ? 0 : 1;
      decisions[row] = draws.uniform() < this.rate * (codes[row] === 0 ? 1 : this.ratio) ? 1 : 0;
    }
    return { decisions, codes };
  }

  truth(): Record<string, number> {
    const difference = this.rate * (this.ratio - 1);
    return {
      rate: this.rate * this.ratio,
      difference,
      ratio: this.ratio,
      largest: Math.abs(difference),
    };
  }
}

/** Groups of equal size, of which two models select rows: of the last one the candidate selects fewer. */
export class ChangedGroups {
  /** By group, of the model in production. */
  readonly rates: readonly number[];
  /** So much less of the last group does the candidate select. */
  readonly less: number;

  constructor(rates: readonly number[], less: number) {
    this.rates = rates;
    this.less = less;
  }

  /** By group: rows that both models select, the candidate alone, the baseline alone, neither. */
  draw(rows: number, draws: Random): [number, number, number, number][] {
    return this.rates.map((rate, group) => {
      const cells: [number, number, number, number] = [0, 0, 0, 0];
      const less = group === this.rates.length - 1 ? this.less : 0;
      for (let row = 0; row < rows / this.rates.length; row++) {
        const u = draws.uniform();
        const [own, base] = [u < rate - less, u >= 0.1 && u < rate + 0.1];
        const cell = (own ? 0 : 2) + (base ? 0 : 1);
        cells[cell as 0] += 1;
      }
      return cells;
    });
  }

  truth(): Record<string, number> {
    const base = [Math.min(...this.rates), Math.max(...this.rates)] as const;
    const own = this.rates.map((rate, group) => (group === this.rates.length - 1 ? rate - this.less : rate));
    const [least, most] = [Math.min(...own), Math.max(...own)];
    return { difference: most - least - (base[1] - base[0]), ratio: least / most - base[0] / base[1] };
  }
}
