import type { JobResult, LocalGithub } from "../contract.ts";
import { jobContext, machineContext, runnerContext } from "./contexts.ts";
import { expand, fill } from "./expressions.ts";
import { type Frame, type JobState, jobStatus, scopeOf, texts } from "./job-state.ts";
import { openMachine } from "./machine.ts";
import { openMasks } from "./masks.ts";
import { type Granted, narrowed } from "./permissions.ts";
import type { PlannedWorkflow } from "./plan.ts";
import { openProcesses } from "./processes.ts";
import { linked, type Run } from "./run-state.ts";
import { fail } from "./step.ts";
import { prepare, runSteps } from "./steps.ts";
import { openTranscript } from "./transcript.ts";
import { unknownMachine } from "./unsupported.ts";
import { isMapping, type Mapping, text, type Value } from "./value.ts";
import type { Job } from "./workflow.ts";

/** A job that is to run now, on a machine of its own. */
export interface JobOrder {
  readonly run: Run;
  readonly workflow: PlannedWorkflow;
  readonly id: string;
  /** `propose / fetch` */
  readonly name: string;
  readonly definition: Job;
  readonly granted: Granted;
  /** `github`, `vars`, `inputs`, `needs`, `strategy`, `matrix` */
  readonly contexts: Readonly<Record<string, Value>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly cancelled: AbortSignal;
}

const MINUTE = 60_000;
const LONGEST = 360; // minutes; GitHub's limit for a hosted machine

/** Runs a job's steps from first to last. Never throws: what goes wrong makes it fail. */
export async function runJob(order: JobOrder): Promise<JobResult> {
  const { run, name } = order;
  const { options } = run.engine;
  const masks = openMasks();
  const transcript = openTranscript(masks);
  const processes = openProcesses();
  const machine = openMachine(run.engine.folder(), run.event.repository, run.event.payload);
  const granted = run.event.lowTrust ? narrowed(order.granted) : order.granted;
  const token = options.github.jobToken(run.event.repository, run.id, granted);
  const runtime = options.github.runtimeToken(run.id, name);
  for (const secret of [token, runtime, ...Object.values(order.secrets)]) masks.add(secret);

  const late = new AbortController();
  const lost = new AbortController();
  const mode = order.definition["cache-mode"] ?? order.workflow.file["cache-mode"];
  const job: JobState = {
    github: options.github,
    contexts: {
      ...order.contexts,
      github: { ...(order.contexts.github as Mapping), ...machineContext(machine, order.id, token) },
      secrets: { ...order.secrets, GITHUB_TOKEN: token },
      runner: runnerContext(machine),
      job: jobContext(order.workflow),
    },
    machine,
    masks,
    transcript,
    processes,
    node: options.node ?? process.execPath,
    path: options.path ?? process.env.PATH ?? "",
    known: options.actions,
    actionEnv: {
      ACTIONS_RUNTIME_TOKEN: runtime,
      ACTIONS_RESULTS_URL: options.github.resultsUrl,
      ...(mode === undefined ? {} : { ACTIONS_CACHE_MODE: text(mode) }),
    },
    env: {},
    paths: [],
    failed: false,
    posts: [],
    cancelled: linked(order.cancelled, late.signal),
    lost: linked(lost.signal, run.closed),
    reached(step, when) {
      clearInterval(watch);
      const kill = run.engine.kills(name, step, when);
      if (typeof kill?.when === "object")
        watch = watching(options.github, kill.when.asked, () => lost.abort());
      else if (kill !== undefined) lost.abort();
    },
  };
  let watch: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  let outputs: Readonly<Record<string, string>> = {};
  try {
    const frame = begin(order, job);
    const limit = minutesOf(order.definition, job, frame);
    timer = setTimeout(() => {
      fail(
        job,
        `The job running on runner local runner has exceeded the maximum execution time of ${limit} minutes.`,
      );
      late.abort();
    }, limit * MINUTE);
    await work(order, job, frame);
    outputs = outputsOf(order.definition, job, frame);
  } catch (error) {
    fail(job, error instanceof Error ? error.message : String(error));
    job.failed = true;
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
    processes.close();
    options.github.revoke(token);
    options.github.revoke(runtime);
    machine.remove();
  }
  if (job.lost.aborted) fail(job, "The runner has lost communication with the server: its machine is gone.");
  else if (order.cancelled.aborted)
    fail(job, text(order.cancelled.reason as Value) || "The operation was canceled.");
  const result = job.lost.aborted ? "failure" : jobStatus(job);
  return { name, result, outputs: job.lost.aborted ? {} : outputs, ...transcript.written() };
}

/** Looks at what is asked of GitHub from now on. */
function watching({ requests }: LocalGithub, asked: RegExp, found: () => void): NodeJS.Timeout {
  let seen = requests.length;
  return setInterval(() => {
    const fresh = requests.slice(seen);
    seen = requests.length;
    if (fresh.some(({ method, path }) => asked.test(`${method} ${path}`))) found();
  }, 1);
}

/** What holds for all steps: the environment, the defaults, the machine's labels. */
function begin({ workflow, definition, contexts }: JobOrder, job: JobState): Frame {
  const bare: Frame = {
    source: workflow.source,
    steps: {},
    inputs: contexts.inputs as Mapping,
    env: {},
    defaults: {},
    depth: 0,
    failed: false,
  };
  const scope = () => scopeOf(job, bare);
  const strange = unknownMachine(labelsOf(expand(definition["runs-on"] ?? null, scope())));
  if (strange !== undefined) throw new Error(strange);
  job.env = texts(expand(workflow.file.env ?? {}, scope()));
  job.env = { ...job.env, ...texts(expand(definition.env ?? {}, scope())) };
  const defaults = { ...workflow.file.defaults?.run, ...definition.defaults?.run };
  return { ...bare, defaults: expand(defaults, scope()) as Mapping };
}

const labelsOf = (value: Value): Value => (isMapping(value) ? (value.labels ?? null) : value);

function minutesOf(definition: Job, job: JobState, frame: Frame): number {
  const limit = definition["timeout-minutes"];
  const count = limit === undefined ? LONGEST : Number(expand(limit, scopeOf(job, frame)));
  if (!(count > 0)) throw new Error(`timeout-minutes is ${text(limit)}, which is no time`);
  return count;
}

async function work({ definition }: JobOrder, job: JobState, frame: Frame): Promise<void> {
  const steps = definition.steps ?? [];
  const loaded = await prepare(steps, job, frame);
  await runSteps(steps, job, frame, loaded);
  for (const post of [...job.posts].reverse()) {
    if (!job.lost.aborted) await post.run();
  }
}

/** The job's outputs; one that shows a secret is not handed on. */
function outputsOf({ outputs }: Job, job: JobState, frame: Frame): Record<string, string> {
  const scope = scopeOf(job, frame);
  const filled = Object.entries(outputs ?? {}).map(
    ([key, value]) => [key, text(fill(text(value), scope))] as const,
  );
  return Object.fromEntries(
    filled.map(([key, value]) => {
      if (job.masks.hide(value) === value) return [key, value];
      job.transcript.line(`##[warning]Skip output '${key}' since it may contain secret.`);
      return [key, ""];
    }),
  );
}
