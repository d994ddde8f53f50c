import { actionInputs } from "./action-inputs.ts";
import type { Action, CompositeRuns } from "./actions.ts";
import { fill } from "./expressions.ts";
import { type Frame, scopeOf } from "./job-state.ts";
import type { Standing, Worked } from "./step.ts";
import { isMapping, text } from "./value.ts";
import type { Step } from "./workflow.ts";

const DEEPEST = 9; // actions/runner: CompositeActionsMaxDepth

/** Runs the steps of a composite action; its outputs are what it makes of theirs. */
export async function runComposite(
  action: Action,
  runs: CompositeRuns,
  standing: Standing,
  runSteps: (steps: readonly Step[], frame: Frame, stop: AbortSignal) => Promise<void>,
): Promise<Worked> {
  const { job, frame } = standing;
  if (frame.depth >= DEEPEST) throw new Error(`composite actions are nested more than ${DEEPEST} deep`);
  const source = action.source ?? frame.source;
  const inner: Frame = {
    source,
    steps: {},
    inputs: actionInputs(action, standing),
    env: { ...frame.env, ...standing.env },
    action: { folder: action.folder, source },
    defaults: {},
    depth: frame.depth + 1,
    failed: false,
  };
  await runSteps(runs.steps, inner, standing.stop);
  const scope = scopeOf(job, inner);
  const outputs = Object.entries(action.outputs).map(([name, output]) => {
    const value = isMapping(output) ? output.value : undefined;
    return [name, value === undefined ? "" : text(fill(text(value), scope))];
  });
  return { success: !inner.failed, outputs: Object.fromEntries(outputs) };
}
