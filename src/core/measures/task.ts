/** What a model can predict: one of two classes, one of many, or a number. */
export const TASKS = ["binary-classification", "multiclass-classification", "regression"] as const;

export type Task = (typeof TASKS)[number];

/** Tasks whose labels are classes. */
export const CLASSIFICATION: readonly Task[] = ["binary-classification", "multiclass-classification"];
export const BINARY: readonly Task[] = ["binary-classification"];
export const MULTICLASS: readonly Task[] = ["multiclass-classification"];
export const REGRESSION: readonly Task[] = ["regression"];
