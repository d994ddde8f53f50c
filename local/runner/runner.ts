import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GithubEvent, Kill, Runner, RunnerOptions, RunResult } from "../contract.ts";
import { changesOf } from "./changes.ts";
import { openGroups } from "./concurrency.ts";
import { type Files, found } from "./discovery.ts";
import { openMirrors } from "./mirrors.ts";
import { type PlannedWorkflow, planWorkflow, StartupFailure } from "./plan.ts";
import { executeRun } from "./run.ts";
import type { Engine } from "./run-state.ts";
import { openSlots } from "./slots.ts";
import { commitOf } from "./sources.ts";
import { silenced } from "./triggers.ts";
import { isMapping, type Mapping } from "./value.ts";

const MACHINES = 2;
const DEEPEST_CHAIN = 3; // a workflow_run may follow a workflow_run that follows a workflow_run, no more
const NO_COMMIT = /^0*$/; // a branch that was deleted
const QUIET = 30; // milliseconds in which an event that was caused just now arrives

/** What a run was started with, to run it again. */
interface Started {
  readonly event: GithubEvent;
  readonly path: string;
  readonly name: string;
  readonly number: number;
  readonly depth: number;
  attempt: number;
  underWay: boolean;
}

/** Runs the workflows of a local GitHub's repositories for real, each job in folders of its own. */
export function openRunner(options: RunnerOptions): Runner {
  const { github } = options;
  const root = mkdtempSync(join(tmpdir(), "trainyard-runner-"));
  const closing = new AbortController();
  const started = new Map<number, Started>();
  const numbers = new Map<string, number>();
  const underWay = new Set<Promise<unknown>>();
  const files: Files = new Map();
  const finished: RunResult[] = [];
  const broken: unknown[] = [];
  let events: Promise<void> = Promise.resolve();
  let waiting = 0;
  let jobs = 0;
  let kill: Kill | undefined = options.kill;

  const engine: Engine = {
    options,
    groups: openGroups(),
    slots: openSlots(MACHINES),
    folder: () => join(root, `job-${++jobs}`),
    kills(job, step, when) {
      if (kill?.job !== job || kill.step !== step) return undefined;
      if (typeof kill.when === "string" ? kill.when !== when : when !== "begins") return undefined;
      const found = kill;
      kill = undefined;
      return found;
    },
    say: options.say ?? (() => {}),
  };
  const mirrors = openMirrors(github.url, join(root, "mirrors"), (repository) => {
    const token = github.jobToken(repository, 0, { contents: "read" });
    return { token, revoke: () => github.revoke(token) };
  });

  async function planned({ event, path }: Started): Promise<PlannedWorkflow | StartupFailure> {
    try {
      const source = await commitOf(mirrors, event.repository, event.workflowSha, event.ref);
      return await planWorkflow(source, path, options.actions);
    } catch (error) {
      if (error instanceof StartupFailure) return error;
      throw error;
    }
  }

  async function execute(
    id: number,
    one: Started,
    plan: PlannedWorkflow | StartupFailure,
  ): Promise<RunResult> {
    const { event, path, name, number, attempt } = one;
    const cancelling = new AbortController();
    const close = () => cancelling.abort("The runner closed.");
    closing.signal.addEventListener("abort", close);
    engine.say(`run ${id}: ${name} (${event.name}) begins`);
    const about = { id, workflow: name, path, event: event.name };
    const ending = await end().finally(() => closing.signal.removeEventListener("abort", close));
    one.underWay = false;
    const result: RunResult = { ...about, ...ending };
    finished.push(result);
    engine.say(`run ${id}: ${name} ends: ${result.conclusion}${result.problem ? `: ${result.problem}` : ""}`);
    github.runs.finish(id, result.conclusion);
    return result;

    async function end(): Promise<Pick<RunResult, "conclusion" | "jobs" | "problem">> {
      if (plan instanceof StartupFailure)
        return { conclusion: "startup_failure", jobs: [], problem: plan.message };
      const run = {
        engine,
        id,
        number,
        attempt,
        name,
        event,
        plan,
        cancelled: cancelling.signal,
        closed: closing.signal,
      };
      return executeRun(run, (reason) => cancelling.abort(reason)).catch((error: unknown) => ({
        conclusion: "startup_failure" as const,
        jobs: [],
        problem: `${path}: ${error instanceof Error ? error.message : String(error)}`,
      }));
    }
  }

  function follow<T>(work: Promise<T>): Promise<T> {
    const watched = work.catch((error: unknown) => void broken.push(error));
    underWay.add(watched);
    void watched.finally(() => underWay.delete(watched));
    return work;
  }

  const depthOf = ({ name, payload }: GithubEvent): number => {
    if (name !== "workflow_run") return 0;
    const { workflow_run: before } = payload as Mapping;
    return 1 + (started.get(Number(isMapping(before) ? before.id : 0))?.depth ?? 0);
  };

  async function heed(event: GithubEvent): Promise<void> {
    const dispatch = event.name === "workflow_dispatch" || event.name === "repository_dispatch";
    if (closing.signal.aborted || !(event.startsWorkflows || dispatch)) return;
    if (NO_COMMIT.test(event.workflowSha)) return;
    const depth = depthOf(event);
    const changes = changesOf(event, mirrors);
    const workflows = await found(event, mirrors, changes, files);
    if (workflows.length === 0 || (await silenced(event, changes))) return;
    if (depth > DEEPEST_CHAIN) {
      engine.say(`a chain of more than ${DEEPEST_CHAIN} workflow_run ends here`);
      return;
    }
    for (const { path, name } of workflows) {
      const key = `${event.repository} ${path}`;
      const number = (numbers.get(key) ?? 0) + 1;
      numbers.set(key, number);
      const one: Started = { event, path, name, number, depth, attempt: 1, underWay: true };
      const plan = await planned(one);
      const id = github.runs.start({ name, path, event });
      started.set(id, one);
      void follow(execute(id, one, plan));
    }
  }

  github.onEvent((event) => {
    waiting++;
    events = events
      .then(() => heed(event))
      .catch((error: unknown) => void broken.push(error))
      .finally(() => waiting--);
  });

  async function quiet(): Promise<void> {
    do {
      await events;
      await Promise.all(underWay);
      await new Promise((resolve) => setTimeout(resolve, QUIET));
    } while (waiting > 0 || underWay.size > 0);
  }

  return {
    async settled() {
      await quiet();
      if (broken.length > 0) throw broken.shift();
      return finished.splice(0);
    },
    async again(id) {
      const one = started.get(id);
      if (one === undefined) throw new Error(`there is no run ${id}`);
      if (one.underWay) throw new Error(`run ${id} is still under way`);
      const plan = await planned(one);
      one.underWay = true;
      one.attempt++;
      github.runs.again(id);
      return follow(execute(id, one, plan));
    },
    kill(at) {
      kill = at;
    },
    async close() {
      closing.abort();
      await quiet();
      rmSync(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}
