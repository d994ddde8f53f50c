import { BY_GROUP } from "../../core/gates/by-group.ts";
import { FAIRNESS } from "../../core/measures/fairness/table.ts";
import { METRICS } from "../../core/measures/metrics/catalogue.ts";
import { ExpressionError, parseExpression } from "../../core/tables/expression/index.ts";
import type { Check } from "./finding.ts";

/** Words of conditions, which are no names. */
const WORDS: ReadonlySet<string> = new Set([
  ...BY_GROUP,
  "drop",
  "by",
  "under",
  "against",
  "baseline",
  "any",
]);

/** A metric of one's own has a name that is free, and can be read. Whether its columns exist is a question to the data. */
export const custom: Check = {
  reads: ["evaluate.custom"],
  *find({ evaluate }) {
    for (const [name, metric] of Object.entries(evaluate.custom ?? {})) {
      const path = ["evaluate", "custom", name];
      if (METRICS.has(name) || FAIRNESS.has(name))
        yield { path, message: `there is a metric "${name}" already; call yours another name` };
      else if (WORDS.has(name))
        yield { path, message: `"${name}" is a word of conditions; call yours another name` };
      if (metric.over !== undefined && metric.aggregate === "sum") {
        yield {
          path: [...path, "aggregate"],
          message: `with "over" it is a ratio, and no sum; leave one out`,
        };
      }
      for (const key of ["value", "over"] as const) {
        try {
          parseExpression(metric[key] ?? "0");
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          yield { path: [...path, key], offset: error.offset, message: error.message };
        }
      }
    }
  },
};
