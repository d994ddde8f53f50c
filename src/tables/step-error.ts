import { ExpressionError } from "../core/tables/expression/index.ts";
import { UserError } from "../errors.ts";

/** Keys and indices that lead to a value of the contract: `["prepare", "rows", 0, "where"]`. */
export type StepPath = readonly (string | number)[];

/**
 * What only the data could tell of a value in the contract, such as a column that they do not have.
 * It knows the value by its path; whoever has the parsed contract knows where that is written.
 */
export class StepError extends UserError {
  override readonly name = "StepError";
  readonly path: StepPath;
  /** Which character of an expression it is about, counted from 0. */
  readonly offset: number | undefined;

  constructor(
    message: string,
    path: StepPath,
    options: { offset?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.path = path;
    this.offset = options.offset;
  }
}

/** Does some work for the contract's value at a path: a user's error that it ends in names that value. */
export function onBehalfOf<T>(path: StepPath, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UserError) || error instanceof StepError || error.at !== undefined) throw error;
    const within = [error, error.cause].find((one) => one instanceof ExpressionError);
    throw new StepError(error.message, path, { offset: within?.offset, cause: error });
  }
}
