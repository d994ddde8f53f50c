import type { Task } from "../measures/task.ts";
import type { Matrix } from "../tables/matrix.ts";

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
  readonly task: Task;
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
