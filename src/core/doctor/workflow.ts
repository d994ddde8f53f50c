import { type Path, type Reading, readYamlText } from "./reading.ts";

/** What one `permissions:` grants. */
export interface Grants {
  readonly line: number;
  /** `read-all` or `write-all`, where that is written instead of scopes. */
  readonly all: string | undefined;
  readonly scopes: ReadonlyMap<string, Grant>;
}

/** One line of `permissions:`. */
export interface Grant {
  readonly level: string;
  readonly line: number;
  /** What stands behind `#` on its line. */
  readonly reason: string | undefined;
}

/** One step of a job, or of a composite action. Values that are no text are left out. */
export interface Step {
  readonly line: number;
  readonly uses: string | undefined;
  /** What stands behind `#` on the line of `uses`. */
  readonly note: string | undefined;
  readonly run: string | undefined;
  readonly with: Readonly<Record<string, unknown>>;
  readonly env: Readonly<Record<string, unknown>>;
}

/** One job of a workflow: with steps of its own, or a call of a reusable workflow. */
export interface Job {
  readonly id: string;
  readonly line: number;
  /** The call, as it is written. */
  readonly uses: string | undefined;
  readonly note: string | undefined;
  readonly with: Readonly<Record<string, unknown>>;
  /** The job's own; undefined where it has what the workflow has. */
  readonly permissions: Grants | undefined;
  readonly steps: readonly Step[];
  /** All of the job as plain data. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** A workflow file, or the steps of a composite action, as far as it can be read. */
export interface Workflow {
  readonly file: string;
  readonly kind: "workflow" | "action";
  readonly name: string | undefined;
  /** What starts it, with the settings of each. */
  readonly triggers: ReadonlyMap<string, unknown>;
  readonly permissions: Grants | undefined;
  readonly jobs: readonly Job[];
}

/**
 * Reads a workflow file, or an `action.yml`, that may come from anybody. What does not have the shape that
 * GitHub asks for is left out: GitHub's own parser says what is wrong with it.
 *
 * @example readWorkflow("on: push\njobs:\n  a:\n    uses: x/y/z.yml@v1\n", "a.yml").jobs[0].uses // => "x/y/z.yml@v1"
 * @example readWorkflow("on: [push, pull_request]\n", "a.yml").triggers.has("pull_request") // => true
 * @example readWorkflow("a: [", "a.yml").jobs // => []
 */
export function readWorkflow(text: string, file: string): Workflow {
  const reading = readYamlText(text);
  const top = recordOf(reading.value);
  const runs = recordOf(top.runs);
  const isAction = "runs" in top && !("jobs" in top);
  const jobs = Object.entries(recordOf(top.jobs)).map(([id, job]) => readJob(reading, id, recordOf(job)));
  const composite: Job = {
    id: "runs",
    line: reading.line(["runs"]),
    uses: undefined,
    note: undefined,
    with: {},
    permissions: undefined,
    steps: readSteps(reading, ["runs", "steps"], runs.steps),
    value: runs,
  };
  return {
    file,
    kind: isAction ? "action" : "workflow",
    name: textOf(top.name),
    triggers: triggersOf(top.on),
    permissions: readGrants(reading, ["permissions"], top.permissions),
    jobs: isAction ? [composite] : jobs,
  };
}

function readJob(reading: Reading, id: string, value: Readonly<Record<string, unknown>>): Job {
  const path = ["jobs", id];
  return {
    id,
    line: reading.line(path),
    uses: textOf(value.uses),
    note: reading.comment([...path, "uses"]),
    with: recordOf(value.with),
    permissions: readGrants(reading, [...path, "permissions"], value.permissions),
    steps: readSteps(reading, [...path, "steps"], value.steps),
    value,
  };
}

function readSteps(reading: Reading, path: Path, value: unknown): Step[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown, index) => {
    const step = recordOf(item);
    const uses = textOf(step.uses);
    return {
      line: reading.line([
        ...path,
        index,
        ...(uses === undefined ? ("run" in step ? ["run"] : []) : ["uses"]),
      ]),
      uses,
      note: reading.comment([...path, index, "uses"]),
      run: textOf(step.run),
      with: recordOf(step.with),
      env: recordOf(step.env),
    };
  });
}

function readGrants(reading: Reading, path: Path, value: unknown): Grants | undefined {
  if (value === undefined) return undefined;
  const scopes = Object.entries(recordOf(value)).map(([scope, level]): [string, Grant] => {
    const at = [...path, scope];
    return [scope, { level: String(level), line: reading.line(at), reason: reading.comment(at) }];
  });
  return { line: reading.line(path), all: textOf(value), scopes: new Map(scopes) };
}

function triggersOf(on: unknown): ReadonlyMap<string, unknown> {
  if (typeof on === "string") return new Map([[on, undefined]]);
  if (Array.isArray(on)) return new Map(on.map((name): [string, unknown] => [String(name), undefined]));
  return new Map(Object.entries(recordOf(on)));
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * A value as a map, an empty one where it is none.
 *
 * @example recordOf([1]) // => {}
 */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
