import { type Random, random } from "../../stats/random.ts";
import { permutation } from "../../stats/shuffle.ts";
import type { Measured, RowSums } from "../metrics/metric.ts";

/** So many blocks are kept, as of rows in memory: see docs/decisions/0002-bootstrap-at-scale.md. */
export const BLOCKS = 4000;

/** Deals rows into blocks of equal size, but for one row, however many there will be. */
export class Dealer {
  readonly #draws: Random;
  #order: Int32Array = new Int32Array(0);
  #next = 0;
  /** Rows by block. */
  readonly sizes = new Float64Array(BLOCKS);

  constructor(seed: number) {
    this.#draws = random(seed, "blocks");
  }

  /** The blocks of the next rows. */
  deal(rows: number): Int32Array {
    const blocks = new Int32Array(rows);
    for (let row = 0; row < rows; row++) {
      if (this.#next === this.#order.length) {
        this.#order = permutation(BLOCKS, this.#draws);
        this.#next = 0;
      }
      const block = this.#order[this.#next++] as number;
      blocks[row] = block;
      this.sizes[block] = (this.sizes[block] as number) + 1;
    }
    return blocks;
  }
}

/** A metric's sums over the rows of each block: what a batch adds to, and what is left of all rows. */
export class Totals {
  /** By slot and amount, as `RowSums` has them, and by block. */
  #entries: Float64Array[] = [];
  #last: RowSums | undefined;
  #batches = 0;
  #alone: string | undefined;
  #lost: string | undefined;
  /** What all batches say of the interval. */
  rough: string | undefined;

  add(measured: Measured, blocks: Int32Array): void {
    const { sums, reason, rough } = measured;
    this.#batches++;
    this.#alone = reason;
    if (sums === undefined) {
      this.#lost ??= reason ?? "its rows do not add up";
      return;
    }
    const own = sums();
    this.rough = this.#last === undefined || this.rough === rough ? rough : undefined;
    this.#last = own;
    const width = own.amounts.length;
    if (this.#entries.length === 0) {
      this.#entries = Array.from({ length: own.slots * width }, () => new Float64Array(BLOCKS));
    }
    own.amounts.forEach((amount, a) => {
      for (let row = 0; row < amount.length; row++) {
        const entry = this.#entries[(own.slot?.[row] ?? 0) * width + a] as Float64Array;
        const block = blocks[row] as number;
        entry[block] = (entry[block] as number) + (amount[row] as number);
      }
    });
  }

  /** Why the rows do not define it: one batch alone may be too small, and together with others is not. */
  get reason(): string | undefined {
    return this.#lost ?? (this.#batches === 1 ? this.#alone : undefined);
  }

  /**
   * The metric of all rows, and how to have it again of resampled blocks.
   *
   * @param sizes rows by block
   */
  measured(sizes: Float64Array): Measured | undefined {
    const { value } = this.#last ?? {};
    if (value === undefined) return undefined;
    const own = new Float64Array(this.#entries.length);
    const ofBlocks: RowSums = {
      slots: 1,
      amounts: [...this.#entries, sizes],
      value: (sums) => {
        own.set(sums.subarray(0, own.length));
        return value(own, sums[own.length] as number);
      },
    };
    const all = Float64Array.from(ofBlocks.amounts, (amount) => amount.reduce((a, b) => a + b, 0));
    return { value: ofBlocks.value(all, BLOCKS), sums: () => ofBlocks };
  }
}
