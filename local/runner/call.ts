import { expand, type Scope } from "./expressions.ts";
import { callInputs, named } from "./inputs.ts";
import { type Ended, type Level, type Settled, together } from "./level.ts";
import { declaredBy, type PlannedJob, type PlannedWorkflow } from "./plan.ts";
import { isMapping, type Mapping, text, type Value } from "./value.ts";

/** Runs the jobs of a called workflow. */
export type Calling = (level: Level) => Promise<ReadonlyMap<string, Settled>>;

/** A job that calls a workflow. */
export interface Call {
  /** The caller's own. */
  readonly level: Level;
  readonly job: PlannedJob;
  readonly scope: Scope;
  readonly called: PlannedWorkflow;
  /** The called one's, still with the caller's inputs and secrets. */
  readonly inner: Level;
  readonly runLevel: Calling;
}

/** Runs a called workflow in place of a job: inputs by type, secrets by name, outputs as it declares them. */
export async function runCall({ level, job, scope, called, inner, runLevel }: Call): Promise<Ended> {
  const { definition } = job;
  const declared = declaredBy(called);
  const { github, vars } = level;
  const given = expand(definition.with ?? {}, scope) as Mapping;
  const inputs = callInputs(declared.inputs, given, { contexts: { github, vars } });
  const withSecrets = { ...scope, contexts: { ...scope.contexts, secrets: level.secrets } };
  const secrets =
    definition.secrets === "inherit"
      ? level.secrets
      : handedOver(declared.secrets, expand(definition.secrets ?? {}, withSecrets) as Mapping);
  const settled = await runLevel({ ...inner, inputs, secrets });
  const jobs = [...settled].map(([id, { result, outputs }]): [string, Value] => [id, { result, outputs }]);
  const outer: Scope = { contexts: { github, vars, inputs, jobs: Object.fromEntries(jobs) } };
  const outputs = Object.entries(declared.outputs).map(([key, output]) => [
    key,
    text(expand(isMapping(output) ? (output.value ?? "") : "", outer)),
  ]);
  return {
    result: together([...settled.values()].map(({ result }) => result)),
    outputs: Object.fromEntries(outputs),
    entries: [...settled.values()].flatMap(({ entries }) => entries),
  };
}

/** The secrets that a caller hands over by name; an empty one is as good as none. */
const handedOver = (declared: Mapping, given: Mapping): Record<string, string> =>
  Object.fromEntries(Object.keys(declared).map((name) => [name, text(named(given, name))]));
