import { isMap, LineCounter, parseDocument } from "yaml";
import { type Problem, parseWorkflow } from "./parser.ts";
import { beyond, DEFAULT, type Granted, grantedBy } from "./permissions.ts";
import type { Source } from "./sources.ts";
import { unsupported } from "./unsupported.ts";
import { otherSource, readUses } from "./uses.ts";
import { isMapping } from "./value.ts";
import { type Job, listOf, triggersOf, type Workflow } from "./workflow.ts";

/** A job that will run, or a called workflow with its own. */
export interface PlannedJob {
  readonly id: string;
  readonly definition: Job;
  readonly needs: readonly string[];
  /** What its token may do; what its called workflow may ask for at most. */
  readonly granted: Granted;
  readonly called?: PlannedWorkflow;
}

/** A workflow with everything that it calls. */
export interface PlannedWorkflow {
  /** Whose file it is: what `$/` and `./` speak of. */
  readonly source: Source;
  readonly path: string;
  readonly file: Workflow;
  readonly jobs: readonly PlannedJob[];
}

/** Why a workflow does not start, in GitHub's kind of words. */
export class StartupFailure extends Error {
  override readonly name = "StartupFailure";
}

const MOST_LEVELS = 10; // https://docs.github.com/actions/reference/workflows-and-actions/reusable-workflows

const place = (path: string, { line, column }: Omit<Problem, "message">): string =>
  line === undefined ? path : `${path} (Line: ${line}, Col: ${column ?? 1})`;

function invalid(path: string, problems: readonly Problem[]): StartupFailure {
  const [first] = problems;
  const at = first?.line === undefined ? "" : `#L${first.line}`;
  const lines = problems.map((problem) => `${place(path, problem)}: ${problem.message}`);
  return new StartupFailure(
    `Invalid workflow file: ${path}${at}\nThe workflow is not valid. ${lines.join(" ")}`,
  );
}

/** Where a job begins in its file. */
function placeOfJob(text: string, id: string): Omit<Problem, "message"> {
  const lines = new LineCounter();
  const jobs = parseDocument(text, { lineCounter: lines }).get("jobs");
  const key = isMap(jobs)
    ? (jobs.items.find((item) => String((item.key as { value?: unknown }).value) === id)?.key as
        | { range?: readonly number[] }
        | undefined)
    : undefined;
  if (key?.range?.[0] === undefined) return {};
  const { line, col } = lines.linePos(key.range[0]);
  return { line, column: col };
}

interface Reading {
  readonly known: Readonly<Record<string, string>>;
  readonly level: number;
  readonly allowed: Granted | undefined;
}

/** The file that a job calls, and where it is. */
function calledBy(uses: string, source: Source, known: Readonly<Record<string, string>>) {
  const read = readUses(uses);
  return read.kind === "other"
    ? { source: otherSource(read, known), path: read.path }
    : { source, path: read.path };
}

/** Reads a workflow file and everything that it calls. @throws {StartupFailure} where GitHub would not start it */
export function planWorkflow(
  source: Source,
  path: string,
  known: Readonly<Record<string, string>>,
): Promise<PlannedWorkflow> {
  return read(source, path, { known, level: 1, allowed: undefined });
}

async function read(source: Source, path: string, reading: Reading): Promise<PlannedWorkflow> {
  const text = await source.read(path);
  if (text === undefined) {
    throw new StartupFailure(`there is no workflow file "${path}" in ${source.repository}@${source.ref}`);
  }
  const parsed = await parseWorkflow(path, text, async ({ owner, repository, version, path: wanted }) => {
    const uses = owner === undefined ? `./${wanted}` : `${owner}/${repository}/${wanted}@${version}`;
    const called = calledBy(uses, source, reading.known);
    return called.source.read(called.path);
  });
  const file = parsed.value as Workflow;
  // A name that is not known is said in full below, not as "Unable to find reusable workflow".
  const problems = parsed.problems.filter(({ message }) => !message.startsWith("Unable to find"));
  if (problems.length > 0) throw invalid(path, problems);
  const strange = unsupported(file);
  if (strange.length > 0)
    throw invalid(
      path,
      strange.map((message) => ({ message: `${message}, which this runner does not know` })),
    );
  if (reading.level > 1 && triggersOf(file).workflow_call === undefined) {
    throw new StartupFailure(`"${path}" in ${source.repository}@${source.ref} has no workflow_call trigger`);
  }
  const jobs = Object.entries(file.jobs).map(([id, job]) =>
    planJob(id, job, text, { source, path, file, reading }),
  );
  return { source, path, file, jobs: await Promise.all(jobs) };
}

interface Home {
  readonly source: Source;
  readonly path: string;
  readonly file: Workflow;
  readonly reading: Reading;
}

async function planJob(id: string, job: Job, text: string, home: Home): Promise<PlannedJob> {
  const { source, path, file, reading } = home;
  const granted = grantedBy(job.permissions) ?? grantedBy(file.permissions) ?? reading.allowed ?? DEFAULT;
  const planned = { id, definition: job, needs: listOf(job.needs as string), granted };
  const here = placeOfJob(text, id);
  try {
    for (const step of job.steps ?? []) {
      if (step.uses === undefined) continue;
      const uses = readUses(step.uses);
      if (uses.kind === "other") otherSource(uses, reading.known);
    }
    if (job.uses === undefined) return planned;
    if (reading.level >= MOST_LEVELS) throw new Error(`calls workflows more than ${MOST_LEVELS} levels deep`);
    const next = calledBy(job.uses, source, reading.known);
    const called = await read(next.source, next.path, {
      ...reading,
      level: reading.level + 1,
      allowed: granted,
    });
    const problem = asksTooMuch(called, granted);
    if (problem.length === 0) return { ...planned, called };
    throw invalid(
      path,
      problem.map((message) => ({ ...here, message: `Error calling workflow '${job.uses}'. ${message}` })),
    );
  } catch (error) {
    if (error instanceof StartupFailure) throw error;
    throw invalid(path, [{ ...here, message: error instanceof Error ? error.message : String(error) }]);
  }
}

/** What a called workflow, or one of its jobs, asks for beyond what its caller gives. */
function asksTooMuch({ file }: PlannedWorkflow, allowed: Granted): readonly string[] {
  const own = grantedBy(file.permissions);
  const asking = [
    own === undefined ? undefined : beyond("The workflow", own, allowed),
    ...Object.entries(file.jobs).map(([id, { permissions }]) => {
      const asked = grantedBy(permissions);
      return asked === undefined ? undefined : beyond(`The nested job '${id}'`, asked, allowed);
    }),
  ];
  return asking.filter((line) => line !== undefined);
}

/** What a called workflow declares: inputs, secrets, outputs. */
export function declaredBy({ file }: PlannedWorkflow) {
  const { inputs, secrets, outputs } = triggersOf(file).workflow_call ?? {};
  return {
    inputs: isMapping(inputs) ? inputs : {},
    secrets: isMapping(secrets) ? secrets : {},
    outputs: isMapping(outputs) ? outputs : {},
  };
}
