/** What a model can predict: one of two classes, one of many, or a number. */
export const TASKS = ["binary-classification", "multiclass-classification", "regression"] as const;

export type Task = (typeof TASKS)[number];

/** Tasks whose labels are classes, two or more. */
export const CLASSIFICATION: readonly Task[] = ["binary-classification", "multiclass-classification"];
/** Tasks of two classes, one of them the positive one. */
export const BINARY: readonly Task[] = ["binary-classification"];
/** Tasks of more classes than two. */
export const MULTICLASS: readonly Task[] = ["multiclass-classification"];
/** Tasks whose labels are numbers. */
export const REGRESSION: readonly Task[] = ["regression"];
