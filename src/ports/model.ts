import type { Task } from "../core/measures/task.ts";
import type { EndpointOptions } from "../core/models/endpoint/address.ts";
import type { Table } from "../core/tables/column.ts";

/**
 * A trained model that answers for rows of features.
 *
 * Nothing that executes code on load is a model here: TensorFlow.js and ONNX files are data.
 */
export interface Model {
  /** Runtime and version: `onnxruntime-node 1.30.0`, `tensorflow.js 4.22.0 (wasm)`; of an address its protocol. */
  readonly runtime: string;
  /**
   * Scores of `rows` rows, row by row.
   *
   * @param features row-major, `rows × width` float32
   * @returns row-major `rows × outputs`: one probability of the positive class for two classes, one
   *   probability a class for more, one number for regression
   */
  predict(features: Float32Array, rows: number): Promise<Scores>;
  /** As `predict`, for a model that takes the columns themselves, by name. Absent where it cannot. */
  predictColumns?(table: Table): Promise<Scores>;
  close(): Promise<void>;
}

/** A model's answers for a batch of rows. */
export interface Scores {
  readonly outputs: number;
  readonly values: Float64Array;
}

/** What the contract knows of a model before it is opened. */
export interface ModelExpectation {
  readonly task: Task;
  /** Numbers a row; left out where the features are inside the model. */
  readonly width?: number;
  /** Scores a row: 1 for two classes and for a regression, else one a class. */
  readonly outputs?: number;
  /** The classes in the order of the scores, to put those of a model that names its own in this order. */
  readonly classes?: readonly string[];
  /** What the model's numbers are, where they are no probabilities yet. */
  readonly scores?: "logits";
  /** Whether anybody may have written it: then it is run where it can take nothing with it. */
  readonly stranger?: boolean;
  /** Where the model is an address: how it is asked. */
  readonly endpoint?: EndpointOptions;
}
