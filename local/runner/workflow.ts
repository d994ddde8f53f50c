import type { Mapping, Value } from "./value.ts";

/** A step, as it stands in a workflow or a composite action. */
export interface Step {
  readonly id?: string;
  readonly name?: Value;
  readonly if?: Value;
  readonly uses?: string;
  readonly with?: Mapping | null;
  readonly run?: Value;
  readonly shell?: Value;
  readonly "working-directory"?: Value;
  readonly env?: Mapping | null;
  readonly "continue-on-error"?: Value;
  readonly "timeout-minutes"?: Value;
}

/** A job, or the call of a reusable workflow where it has `uses`. */
export interface Job {
  readonly name?: Value;
  readonly needs?: string | readonly string[];
  readonly if?: Value;
  readonly permissions?: Value;
  readonly "runs-on"?: Value;
  readonly "timeout-minutes"?: Value;
  readonly "continue-on-error"?: Value;
  readonly concurrency?: Value;
  readonly environment?: Value;
  readonly env?: Mapping | null;
  readonly defaults?: { readonly run?: Mapping };
  readonly strategy?: Mapping;
  readonly outputs?: Mapping | null;
  readonly steps?: readonly Step[];
  readonly uses?: string;
  readonly with?: Mapping | null;
  readonly secrets?: Mapping | "inherit" | null;
  readonly "cache-mode"?: Value;
}

/** What a trigger narrows: types, branches, paths, names of workflows, inputs. */
export type Trigger = Mapping;

/** A workflow file, found right by the official parser. */
export interface Workflow {
  readonly name?: string;
  readonly "run-name"?: Value;
  readonly on: string | readonly string[] | Readonly<Record<string, Trigger | null>>;
  readonly env?: Mapping | null;
  readonly permissions?: Value;
  readonly concurrency?: Value;
  readonly defaults?: { readonly run?: Mapping };
  readonly jobs: Readonly<Record<string, Job>>;
  readonly "cache-mode"?: Value;
}

/** The triggers of a workflow by the event's name, however they are written. */
export function triggersOf({ on }: Pick<Workflow, "on">): Readonly<Record<string, Trigger>> {
  if (typeof on === "string") return { [on]: {} };
  if (Array.isArray(on)) return Object.fromEntries((on as readonly string[]).map((name) => [name, {}]));
  return Object.fromEntries(Object.entries(on ?? {}).map(([name, trigger]) => [name, trigger ?? {}]));
}

/** One or several, as a list. */
export function listOf(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? (value as readonly Value[]) : [value]).map(String);
}
