import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fill } from "./expressions.ts";
import { scopeOf } from "./job-state.ts";
import { processEnvironment } from "./process-environment.ts";
import { shellOf } from "./shells.ts";
import { fail, type Standing, type Worked } from "./step.ts";
import { openStepFiles } from "./step-files.ts";
import { openStepOutput } from "./step-output.ts";
import { text, type Value } from "./value.ts";

/** Runs the script of a `run` step. */
export async function runScript(standing: Standing): Promise<Worked> {
  const { job, frame, step } = standing;
  const scope = scopeOf(job, frame, standing.env);
  const filled = (value: Value | undefined) =>
    value === undefined || value === null ? undefined : text(fill(text(value), scope));
  const script = filled(step.run) ?? "";
  const shell = shellOf(filled(step.shell ?? frame.defaults.shell));
  const place = filled(step["working-directory"] ?? frame.defaults["working-directory"]) ?? "";
  const cwd = resolve(job.machine.workspace, place);
  if (!existsSync(cwd)) return fail(job, `the working directory "${place}" is not there`);

  const file = join(job.machine.temp, `${randomUUID()}${shell.extension}`);
  writeFileSync(file, script.endsWith("\n") ? script : `${script}\n`);
  const [command = "", ...args] = shell.command.map((word) => word.replaceAll("{0}", file));
  for (const line of script.trimEnd().split("\n")) job.transcript.line(`  ${line}`);
  const files = openStepFiles(job);
  const output = openStepOutput(job);
  const code = await job.processes.run({
    command,
    args,
    cwd,
    env: processEnvironment(job, frame, { env: standing.env, own: files.env, action: standing.id }),
    stop: standing.stop,
    kill: job.lost,
    line: output.line,
  });
  const { outputs } = files.take();
  const problem = output.problem();
  if (problem !== undefined) return { ...fail(job, problem), outputs };
  if (standing.stop.aborted || job.lost.aborted) return { success: false, outputs };
  if (code === 0) return { success: true, outputs };
  return { ...fail(job, `Process completed with exit code ${code ?? "of a signal"}.`), outputs };
}
