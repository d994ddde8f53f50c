import { ConditionError, parseCondition } from "../../core/gates/condition.ts";
import { PERTURBATIONS } from "../../core/robustness/names.ts";
import type { Contract } from "../contract.ts";
import { wordList } from "../words.ts";
import type { Check, Finding } from "./finding.ts";
import { costsMissing, needsCosts, unknownMetric } from "./metrics.ts";

const PATH = ["evaluate", "robustness"] as const;
/** Tasks whose rows stand each for itself, so that one can be perturbed without the others. */
const ASKED: readonly string[] = ["binary-classification", "multiclass-classification", "regression"];

/** What robustness names can be measured, and what is expected of the score is a question of its own. */
export const robustness: Check = {
  reads: ["task", "data.roles.label", "evaluate.robustness", "plan.costs"],
  *find(contract) {
    const { task, data, evaluate, plan } = contract;
    if (evaluate.robustness === undefined) return;
    if (!ASKED.includes(task)) {
      yield {
        path: [...PATH],
        message: `rows of a ${task} are not perturbed by this version; take "robustness" out`,
      };
      return;
    }
    const { metric, expect, together } = evaluate.robustness;
    if (metric !== undefined) {
      const message = unknownMetric(metric, task);
      if (message !== undefined) yield { path: [...PATH, "metric"], message };
      else if (needsCosts(metric) && plan.costs === undefined) {
        yield { path: [...PATH, "metric"], message: costsMissing(metric) };
      }
    }
    for (const [index, one] of expect.entries()) yield* expectation(one, index, contract);
    const known = new Map<string, string>();
    for (const [name, columns] of Object.entries(together)) {
      for (const [index, column] of columns.entries()) {
        const path = [...PATH, "together", name, index];
        const other = known.get(column);
        known.set(column, name);
        if (other !== undefined) yield { path, message: `"${column}" is shuffled with "${other}" already` };
        else if (column === data.roles.label)
          yield { path, message: `"${column}" is the label, which no model is given` };
      }
    }
  },
};

type Expected = NonNullable<Contract["evaluate"]["robustness"]>["expect"][number];

function* expectation(one: Expected, index: number, { task, data }: Contract): Iterable<Finding> {
  const key = "changing" in one ? "changing" : "raising" in one ? "raising" : "lowering";
  const column = "changing" in one ? one.changing : "raising" in one ? one.raising : one.lowering;
  const path = [...PATH, "expect", index];
  if (column === data.roles.label) {
    yield { path: [...path, key], message: `"${column}" is the label, which no model is given` };
  }
  if (one.of !== undefined && task !== "multiclass-classification") {
    yield { path: [...path, "of"], message: `a ${task} has one score a row; take "of" out` };
  }
}

/** Each gate on a drop speaks of a perturbation that is asked for. */
export const drops: Check = {
  reads: ["evaluate.robustness", "evaluate.gates[].gate"],
  *find({ evaluate }) {
    const asked = evaluate.robustness?.perturb ?? {};
    const names = PERTURBATIONS.filter((name) => asked[name] !== undefined);
    for (const [index, { gate }] of evaluate.gates.entries()) {
      const path = ["evaluate", "gates", index, "gate"];
      const under = underOf(gate);
      if (under === undefined || (under === "any" ? names.length > 0 : names.some((name) => name === under)))
        continue;
      const offset = gate.indexOf(under, gate.indexOf(" under "));
      const there = names.length === 0 ? "nothing is perturbed" : `it has ${wordList(names)}`;
      const message = `evaluate.robustness has no "${under}" to drop under; ${there}`;
      yield { path, offset, message };
    }
  },
};

function underOf(gate: string): string | undefined {
  try {
    return parseCondition(gate).drop?.under;
  } catch (error) {
    if (error instanceof ConditionError) return undefined; // said elsewhere
    throw error;
  }
}
