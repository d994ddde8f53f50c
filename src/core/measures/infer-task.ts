import type { Column } from "../tables/column.ts";
import { classNames } from "./labels.ts";

import type { Task } from "./task.ts";

const MOST_CLASSES = 20;

/**
 * What is predicted, where nobody says it: two distinct labels are two classes; texts, truth values
 * and a few whole numbers are classes; all other numbers are targets.
 *
 * @param told what else speaks for classes: a positive value, or several scores
 * @example inferTask({ kind: "number", values: new Float64Array([0, 1, 1]) }, {}) // => "binary-classification"
 * @example inferTask({ kind: "number", values: new Float64Array([1.5, 2.5, 3.5]) }, {}) // => "regression"
 * @example inferTask({ kind: "number", values: new Float64Array([3]) }, { positive: "3" }) // => "binary-classification"
 */
export function inferTask(
  label: Column,
  told: { readonly positive?: string | undefined; readonly scores?: number },
): Task {
  const distinct = new Set(classNames(label));
  distinct.delete(undefined);
  if (told.positive !== undefined) return "binary-classification";
  if ((told.scores ?? 0) > 1) return "multiclass-classification";
  if (distinct.size === 2) return "binary-classification";
  if (label.kind !== "number")
    return distinct.size < 2 ? "binary-classification" : "multiclass-classification";
  const whole = [...distinct].every((name) => Number.isInteger(Number(name)));
  if (!whole || distinct.size > MOST_CLASSES) return "regression";
  return distinct.size < 2 ? "binary-classification" : "multiclass-classification";
}
