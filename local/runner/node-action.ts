import { resolve } from "node:path";
import { actionInputs } from "./action-inputs.ts";
import type { Action, NodeRuns } from "./actions.ts";
import { holds } from "./expressions.ts";
import { type Frame, scopeOf } from "./job-state.ts";
import { processEnvironment } from "./process-environment.ts";
import { fail, type Standing, type Worked } from "./step.ts";
import { openStepFiles } from "./step-files.ts";
import { openStepOutput } from "./step-output.ts";

/** A JavaScript action of a step, with what its parts remember of one another. */
export interface NodeAction {
  readonly action: Action;
  readonly runs: NodeRuns;
  state: Readonly<Record<string, string>>;
}

const prefixed = (prefix: string, values: Readonly<Record<string, string>>, name = (key: string) => key) =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}_${name(key)}`, value]));

async function runFile(file: string, node: NodeAction, standing: Standing): Promise<Worked> {
  const { job, frame } = standing;
  const { folder, source } = node.action;
  const inputs = prefixed("INPUT", actionInputs(node.action, standing), (key) =>
    key.replaceAll(" ", "_").toUpperCase(),
  );
  const files = openStepFiles(job);
  const output = openStepOutput(job);
  const within: Frame = source === undefined ? frame : { ...frame, action: { folder, source } };
  const code = await job.processes.run({
    command: job.node,
    args: [resolve(folder, file)],
    cwd: job.machine.workspace,
    env: processEnvironment(job, within, {
      env: standing.env,
      own: { ...inputs, ...prefixed("STATE", node.state), ...files.env, ...job.actionEnv },
      action: standing.id,
    }),
    stop: standing.stop,
    kill: job.lost,
    line: output.line,
  });
  const { outputs, state } = files.take();
  node.state = { ...node.state, ...state };
  const problem = output.problem();
  if (problem !== undefined) return { ...fail(job, problem), outputs };
  if (standing.stop.aborted || job.lost.aborted) return { success: false, outputs };
  if (code !== 0) job.transcript.line(`##[error]Process completed with exit code ${code ?? "of a signal"}.`);
  return { success: code === 0, outputs };
}

/** Runs `pre`, at the beginning of a job, where the action has one. */
export async function runPre(node: NodeAction, standing: Standing): Promise<Worked | undefined> {
  const { pre, "pre-if": condition = "always()" } = node.runs;
  if (pre === undefined || !holds(condition, scopeOf(standing.job, standing.frame, standing.env)))
    return undefined;
  standing.job.transcript.line(`##[group]Pre ${standing.name}`);
  const worked = await runFile(pre, node, standing);
  standing.job.transcript.line("##[endgroup]");
  return worked;
}

/** Runs `main`, and puts `post` by for the job's end. */
export async function runMain(node: NodeAction, standing: Standing): Promise<Worked> {
  const { post, main } = node.runs;
  const { job, frame, name } = standing;
  if (post !== undefined) {
    job.posts.push({
      name: `Post ${name}`,
      async run() {
        if (!holds(node.runs["post-if"] ?? "always()", scopeOf(job, frame, standing.env))) return;
        job.transcript.line(`##[group]Post ${name}`);
        const worked = await runFile(post, node, { ...standing, stop: new AbortController().signal });
        if (!worked.success) job.failed = true;
        job.transcript.line("##[endgroup]");
      },
    });
  }
  return runFile(main, node, standing);
}
