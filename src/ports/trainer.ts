export type { TrainerParams, TrainRequest } from "../core/training/request.ts";

/** One epoch. Losses are means over the rows, without the penalty: log loss, or squared error in the target's unit. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation_loss: number | null;
}

/** What a built-in trainer leaves: the model's files, and how they came about. */
export interface Trained {
  /** `model.json` and `weights.bin`, in TensorFlow.js' layers format. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly history: readonly Epoch[];
  /** What computed: `tensorflow.js 4.22.0 (wasm)`. */
  readonly runtime: string;
  /** The epoch after which training stopped. */
  readonly stopped: number;
  /** The epoch whose weights the model has: with early stopping the best one, else the last. */
  readonly kept: number;
}
