import type { Task as ModelTask } from "../config/contract.ts";
import type { Matrix } from "../core/tables/matrix.ts";

/** Parameters of a built-in trainer, as `train.params` of the contract has them. */
export interface TrainerParams {
  /** Units of each hidden layer; heeded by `mlp` alone. */
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batch_size: number;
  readonly learning_rate: number;
  /** The loss grows by half of this times the sum of the squared weights, biases left out. */
  readonly l2: number;
  readonly early_stopping: false | { readonly patience: number };
  readonly class_weight: "none" | "balanced";
}

/** What a built-in trainer needs: with the runtime, all that decides the bytes of the model. */
export interface TrainRequest {
  readonly task: ModelTask;
  /** How many classes there are; of no meaning for a regression. */
  readonly classes: number;
  readonly train: Matrix;
  /** For the validation loss and early stopping. */
  readonly validation: Matrix | undefined;
  readonly with: "logistic" | "linear" | "mlp";
  readonly params: TrainerParams;
  readonly seed: number;
  readonly backend: "wasm" | "tfjs-node";
  readonly signal?: AbortSignal;
}

/** One epoch. Losses are means over the rows, without the penalty: log loss, or squared error in the target's unit. */
export interface Epoch {
  readonly epoch: number;
  readonly loss: number;
  readonly validation_loss: number | null;
}

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
