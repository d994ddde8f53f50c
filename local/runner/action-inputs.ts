import type { Action } from "./actions.ts";
import { expand, fill } from "./expressions.ts";
import { named } from "./inputs.ts";
import { scopeOf } from "./job-state.ts";
import type { Standing } from "./step.ts";
import { isMapping, type Mapping, text } from "./value.ts";

/**
 * What an action is given: the step's `with`, and defaults for what it does not say. All are texts.
 * One that the action does not declare is given all the same, with a warning, as on GitHub.
 */
export function actionInputs(action: Action, { job, frame, step, env }: Standing): Record<string, string> {
  const scope = scopeOf(job, frame, env);
  const given = expand(step.with ?? {}, scope) as Mapping;
  const declared = Object.entries(action.inputs).map(([name, definition]) => {
    const preset = isMapping(definition) ? definition.default : undefined;
    const value = named(given, name) ?? (preset === undefined ? "" : fill(text(preset), scope));
    return [name, text(value)];
  });
  const strange = Object.keys(given).filter((name) => named(action.inputs, name) === undefined);
  if (strange.length > 0) {
    const valid = Object.keys(action.inputs).map((name) => `'${name}'`);
    const message = `Unexpected input(s) ${strange.map((name) => `'${name}'`).join(", ")}, valid inputs are [${valid.join(", ")}]`;
    job.transcript.line(`##[warning]${message}`);
    job.transcript.annotate({ level: "warning", message });
  }
  return Object.fromEntries([...declared, ...strange.map((name) => [name, text(given[name])])]);
}
