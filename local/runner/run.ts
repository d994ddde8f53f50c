import type { RunResult } from "../contract.ts";
import { concurrencyOf } from "./concurrency.ts";
import { githubContext } from "./contexts.ts";
import { expand } from "./expressions.ts";
import { dispatchInputs } from "./inputs.ts";
import { type Level, runLevel, together } from "./level.ts";
import type { Run } from "./run-state.ts";
import { type Mapping, text, type Value } from "./value.ts";
import { triggersOf } from "./workflow.ts";

type Ending = Pick<RunResult, "conclusion" | "jobs" | "problem">;

/** Runs a planned workflow from its group to its conclusion. */
export async function executeRun(run: Run, cancel: (reason: string) => void): Promise<Ending> {
  const { engine, event, plan } = run;
  const { options, groups } = engine;
  const github = githubContext(run, options.github);
  const vars: Mapping = options.variables?.[event.repository] ?? {};
  const inputs = dispatchInputs(
    triggersOf(plan.file).workflow_dispatch?.inputs,
    event.name === "workflow_dispatch" ? (event.payload.inputs as Value | undefined) : undefined,
  );
  const scope = { contexts: { github, vars, inputs } };
  const claim = concurrencyOf(expand(plan.file.concurrency ?? null, scope));
  const leave =
    claim === undefined
      ? () => {}
      : await groups.enter(event.repository, {
          ...claim,
          cancelled: cancel,
          signal: run.cancelled,
          held: [],
        });
  if (leave === undefined) {
    return { conclusion: "cancelled", jobs: [], problem: text(run.cancelled.reason as Value) };
  }
  try {
    const level: Level = {
      run,
      workflow: plan,
      github,
      vars,
      inputs,
      secrets: event.lowTrust ? {} : (options.secrets?.[event.repository] ?? {}),
      prefix: "",
      cancelled: run.cancelled,
      held: claim === undefined ? [] : [claim.group.toLowerCase()],
    };
    const settled = [...(await runLevel(level)).values()];
    const results = settled.map(({ result }) => result);
    const cut = run.cancelled.aborted && results.includes("cancelled");
    const jobs = settled.flatMap(({ entries }) => entries);
    return { conclusion: cut ? "cancelled" : together(results), jobs };
  } finally {
    leave();
  }
}
