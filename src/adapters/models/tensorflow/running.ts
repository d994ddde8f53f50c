import { UserError } from "../../../errors.ts";

/** What a model answers to some rows. */
export interface TensorAnswer {
  /** How many tensors it gave; the values are those of the first. */
  readonly outputs: number;
  readonly values: ArrayLike<number>;
  readonly shape: readonly number[];
}

/** A model of TensorFlow.js that was loaded: in this process, or in one of its own. */
export interface Running {
  /** What computes: `tensorflow.js 4.22.0 (wasm)`. */
  readonly runtime: string;
  /** The shape of each input, where it is known. */
  readonly inputs: readonly (readonly (number | null)[] | undefined)[];
  /** @param features `rows × width`, row by row */
  answer(features: Float32Array, rows: number, width: number): Promise<TensorAnswer>;
  close(): Promise<void>;
}

/** What a runtime said, as one sentence that names the model. */
export function unusable(error: unknown, path: string, what: string): UserError {
  const [line = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return new UserError(`${path} ${what}: ${line}`, { cause: error });
}
