import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConditionError, parseCondition } from "../../../src/core/gates/condition.ts";
import { UserError } from "../../../src/errors.ts";

describe("a condition", () => {
  const cases: Record<string, [metric: string, by: string | undefined, operator: string, right: object]> = {
    "roc_auc >= 0.80": ["roc_auc", undefined, ">=", { kind: "number", value: 0.8 }],
    "roc_auc>=.8": ["roc_auc", undefined, ">=", { kind: "number", value: 0.8 }],
    "  accuracy  >  75 %  ": ["accuracy", undefined, ">", { kind: "number", value: 0.75 }],
    "ece <= 5%": ["ece", undefined, "<=", { kind: "number", value: 0.05 }],
    "ece <= 14.5%": ["ece", undefined, "<=", { kind: "number", value: 0.145 }],
    "mae < 1.5e3": ["mae", undefined, "<", { kind: "number", value: 1500 }],
    "r2 > -0.5": ["r2", undefined, ">", { kind: "number", value: -0.5 }],
    "f1 >= baseline": ["f1", undefined, ">=", { kind: "baseline", times: 1, plus: 0 }],
    "f1 >= baseline - 0.01": ["f1", undefined, ">=", { kind: "baseline", times: 1, plus: -0.01 }],
    "f1 >= baseline-1%": ["f1", undefined, ">=", { kind: "baseline", times: 1, plus: -0.01 }],
    "f1 >= baseline − 0.01": ["f1", undefined, ">=", { kind: "baseline", times: 1, plus: -0.01 }],
    "mae <= baseline * 1.05": ["mae", undefined, "<=", { kind: "baseline", times: 1.05, plus: 0 }],
    "mae <= baseline * 95%": ["mae", undefined, "<=", { kind: "baseline", times: 0.95, plus: 0 }],
    "accuracy_difference by gender <= 0.1": [
      "accuracy_difference",
      "gender",
      "<=",
      { kind: "number", value: 0.1 },
    ],
    'accuracy_difference by "home country" <= 0.1': [
      "accuracy_difference",
      "home country",
      "<=",
      { kind: "number", value: 0.1 },
    ],
    "mae_difference by région <= baseline": [
      "mae_difference",
      "région",
      "<=",
      { kind: "baseline", times: 1, plus: 0 },
    ],
    "accuracy_difference by by <= 0.1": ["accuracy_difference", "by", "<=", { kind: "number", value: 0.1 }],
  };
  for (const [text, [metric, by, operator, right]] of Object.entries(cases)) {
    it(text, () => {
      const { text: same, ...condition } = parseCondition(text);
      assert.equal(same, text);
      assert.deepEqual(condition, { metric, operator, right, ...(by === undefined ? {} : { by }) });
    });
  }
});

describe("a condition that cannot be read says what is wrong, and where", () => {
  const cases: Record<string, [message: string, offset: number]> = {
    "": ['"" ends where a metric should stand', 0],
    "0.8 <= roc_auc": ['"0.8" is not a metric', 0],
    roc_auc: ['"roc_auc" ends where an operator: >=, <=, > and < should stand', 7],
    "roc_auc >=": ['"roc_auc >=" ends where a number or baseline should stand', 10],
    "roc_auc = 0.8": ['unknown operator "="; right are >=, <=, > and <', 8],
    "roc_auc => 0.8": ['unknown operator "=>"; right are >=, <=, > and <', 8],
    "roc_auc at least 0.8": ['"at" is not an operator: >=, <=, > and <', 8],
    "roc_auc >= 0,8": ['"," cannot stand in a condition', 12],
    "roc_auc >= 0.8 and f1 > 0.5": ['"and f1 > 0.5" is too much; a condition ends before it', 15],
    "roc_auc >= best": ['"best" is not a number or baseline', 11],
    "roc_auc >= baseline - x": ['"x" is not a number', 22],
    "roc_auc >= baseline *": ['"roc_auc >= baseline *" ends where a number should stand', 21],
    "roc_auc by gender >= 0.8": ['"roc_auc" is not measured by group; those that are:', 11],
    "accuracy_difference <= 0.1": [
      '"accuracy_difference" compares groups; write "accuracy_difference by COLUMN"',
      19,
    ],
    "accuracy_difference by <= 0.1": ['"<=" is not a column', 23],
    "rocauc >= 0.8": ['unknown metric "rocauc"; did you mean "roc_auc"? available: roc_auc, ', 0],
    "constructor >= 0.8": ['unknown metric "constructor"; available: roc_auc, ', 0],
    "f1 >= > 0.8": ['">" is not a number or baseline', 6],
    "f1 >= 1e999": ['"1e999" is too large a number', 6],
  };
  for (const [text, [message, offset]] of Object.entries(cases)) {
    it(JSON.stringify(text), () => {
      assert.throws(
        () => parseCondition(text),
        (error) => {
          assert.ok(error instanceof ConditionError && error instanceof UserError);
          assert.ok(error.message.startsWith(message), error.message);
          assert.equal(error.offset, offset);
          return true;
        },
      );
    });
  }
});
