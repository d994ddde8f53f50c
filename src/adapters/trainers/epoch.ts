import type { Random } from "../../core/stats/random.ts";
import { permutation } from "../../core/stats/shuffle.ts";
import { copyRows } from "../../core/tables/matrix.ts";
import { addPenalty, type Network } from "../../core/training/network.ts";
import type { TrainerParams } from "../../ports/trainer.ts";
import type { Batch, Dense } from "./dense.ts";
import type { Lesson } from "./lesson.ts";

const SLICE = 8192; // rows of a forward pass: its memory stays small, its products large

export interface EpochWork {
  readonly dense: Dense;
  readonly network: Network;
  readonly lesson: Lesson;
  /** Changed in place. */
  readonly weights: Float32Array;
  readonly optimise: (weights: Float32Array, gradient: Float32Array) => void;
  /** Draws the order of the rows. */
  readonly order: Random;
  readonly params: TrainerParams;
}

/**
 * Shows the network every row once, in an order of this epoch's own.
 *
 * @param onStep hears after each batch which share of the epoch is done
 * @returns the mean loss over the rows, each as the weights were when its turn came
 */
export async function trainEpoch(work: EpochWork, onStep: (share: number) => Promise<void>): Promise<number> {
  const { dense, network, lesson, weights, optimise, params } = work;
  const { rows, width } = lesson;
  const order = permutation(rows, work.order);
  const size = Math.min(params.batch_size, rows);
  const batch = emptyBatch(size, width);
  const gradient = new Float32Array(network.size);
  let total = 0;
  for (let start = 0; start < rows; start += size) {
    const numbers = order.subarray(start, Math.min(start + size, rows));
    copyRows(lesson.features, width, numbers, batch.features);
    for (let i = 0; i < numbers.length; i++) {
      const row = numbers[i] ?? 0;
      batch.targets[i] = lesson.targets[row] ?? 0;
      batch.factors[i] = (lesson.weights[row] ?? 0) / numbers.length;
    }
    total += dense.step({ ...batch, rows: numbers.length }, weights, gradient) * numbers.length;
    if (params.l2 > 0) addPenalty(network, weights, params.l2, gradient);
    optimise(weights, gradient);
    await onStep((start + numbers.length) / rows);
  }
  return total / rows;
}

/** The mean loss over all rows with the weights as they are. */
export async function meanLoss(
  dense: Dense,
  { features, rows, width, targets, weights: counted }: Lesson,
  weights: Float32Array,
  breathe: () => Promise<boolean>,
): Promise<number> {
  let total = 0;
  for (let start = 0; start < rows; start += SLICE) {
    const end = Math.min(start + SLICE, rows);
    total += dense.loss(
      {
        features: features.subarray(start * width, end * width),
        rows: end - start,
        targets: targets.subarray(start, end),
        factors: Float32Array.from(counted.subarray(start, end)),
      },
      weights,
    );
    await breathe();
  }
  return total / rows;
}

function emptyBatch(rows: number, width: number): Omit<Batch, "rows"> {
  return {
    features: new Float32Array(rows * width),
    targets: new Float32Array(rows),
    factors: new Float32Array(rows),
  };
}
