/**
 * What a model can predict: one of two classes, one of many, any of several labels, a number, how relevant each row is
 * to its query, or a number of a time to come.
 */
export const TASKS = [
  "binary-classification",
  "multiclass-classification",
  "multilabel",
  "regression",
  "ranking",
  "forecast",
] as const;

export type Task = (typeof TASKS)[number];

/** Tasks whose rows have one class each, of two or more. */
export const CLASSIFICATION: readonly Task[] = ["binary-classification", "multiclass-classification"];
/** Tasks of two classes, one of them the positive one. */
export const BINARY: readonly Task[] = ["binary-classification"];
/** Tasks of more classes than two. */
export const MULTICLASS: readonly Task[] = ["multiclass-classification"];
/** Tasks whose rows may carry any of several labels. */
export const MULTILABEL: readonly Task[] = ["multilabel"];
/** Tasks whose labels are numbers that predictions are to come close to. */
export const REGRESSION: readonly Task[] = ["regression", "forecast"];
/** Tasks whose scores order the rows of a query. */
export const RANKING: readonly Task[] = ["ranking"];
/** Tasks of times to come. */
export const FORECAST: readonly Task[] = ["forecast"];

/**
 * Whether a model gives one score for each class or label, and not one alone.
 *
 * @example scoresEach("binary-classification") // => false
 */
export const scoresEach = (task: Task): boolean =>
  task === "multiclass-classification" || task === "multilabel";

/**
 * Whether a threshold makes decisions of scores.
 *
 * @param classes how many classes or labels there are
 * @example decidesByThreshold("multilabel", 5) // => true
 * @example decidesByThreshold("multiclass-classification", 5) // => false
 */
export const decidesByThreshold = (task: Task, classes: number): boolean =>
  classes === 2 || task === "multilabel";

/**
 * Whether the groups of a sensitive column are compared: not of rankings, whose figures are of queries, and not where
 * rows carry several labels, of which none is the one that selects.
 *
 * @example comparesGroups("multilabel") // => false
 */
export const comparesGroups = (task: Task): boolean => task !== "ranking" && task !== "multilabel";

/**
 * Whether labels and predictions are numbers, and not classes.
 *
 * @example predictsNumbers("ranking") // => true
 */
export const predictsNumbers = (task: string): boolean =>
  task === "regression" || task === "ranking" || task === "forecast";
