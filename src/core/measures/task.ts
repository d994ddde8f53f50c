/**
 * What a model can predict: one of two classes, one of many, a number, how relevant each row is to its query, or a
 * number of a time to come.
 */
export const TASKS = [
  "binary-classification",
  "multiclass-classification",
  "regression",
  "ranking",
  "forecast",
] as const;

export type Task = (typeof TASKS)[number];

/** Tasks whose labels are classes, two or more. */
export const CLASSIFICATION: readonly Task[] = ["binary-classification", "multiclass-classification"];
/** Tasks of two classes, one of them the positive one. */
export const BINARY: readonly Task[] = ["binary-classification"];
/** Tasks of more classes than two. */
export const MULTICLASS: readonly Task[] = ["multiclass-classification"];
/** Tasks whose labels are numbers that predictions are to come close to. */
export const REGRESSION: readonly Task[] = ["regression", "forecast"];
/** Tasks whose scores order the rows of a query. */
export const RANKING: readonly Task[] = ["ranking"];
/** Tasks of times to come. */
export const FORECAST: readonly Task[] = ["forecast"];

/**
 * Whether labels and predictions are numbers, and not classes.
 *
 * @example predictsNumbers("ranking") // => true
 */
export const predictsNumbers = (task: string): boolean =>
  task === "regression" || task === "ranking" || task === "forecast";
