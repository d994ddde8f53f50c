import { columnsOf, ExpressionError, parseExpression } from "../../core/tables/expression/index.ts";
import { labelColumns } from "../../core/tables/labels.ts";
import type { Contract } from "../contract.ts";
import type { Path } from "../yaml/located.ts";
import type { Check, Finding } from "./finding.ts";

/** Conditions and derived values can be read. Whether their columns exist is a question to the data. */
export const conditions: Check = {
  reads: ["data.expect[].sql"],
  *find({ data }) {
    for (const [index, expectation] of data.expect.entries()) {
      if ("sql" in expectation) yield* unreadable(expectation.sql, ["data", "expect", index, "sql"]);
    }
  },
};

export const rowConditions: Check = {
  reads: ["prepare.rows[].where"],
  *find({ prepare }) {
    for (const [index, step] of prepare.rows.entries()) {
      if ("where" in step) yield* unreadable(step.where, ["prepare", "rows", index, "where"]);
    }
  },
};

export const derived: Check = {
  reads: ["prepare.values[].derive", "data.roles.label"],
  *find({ prepare, data }) {
    for (const { column, expression, path } of derivations(prepare.values)) {
      const problems = [...unreadable(expression, path)];
      yield* problems;
      if (problems.length > 0) continue;
      const known = columnsOf(parseExpression(expression));
      const label = labelColumns(data.roles).find((name) => known.includes(name));
      if (label !== undefined) {
        yield {
          path,
          message: `"${column}" is derived from the label "${label}", which is not known when the model is asked`,
        };
      }
    }
  },
};

/** Every derived column with its expression, in order. */
export function* derivations(values: Contract["prepare"]["values"]) {
  for (const [index, step] of values.entries()) {
    if (!("derive" in step)) continue;
    for (const [column, expression] of Object.entries(step.derive)) {
      yield { column, expression, path: ["prepare", "values", index, "derive", column] as const };
    }
  }
}

function* unreadable(expression: string, path: Path): Iterable<Finding> {
  try {
    parseExpression(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    yield { path, offset: error.offset, message: error.message };
  }
}
