import { type Calling, runCall } from "./call.ts";
import { concurrencyOf } from "./concurrency.ts";
import { type Entered, enter, environmentOf } from "./environments.ts";
import { expand, fill, holds, type Scope } from "./expressions.ts";
import { runJob } from "./job.ts";
import { type Ended, endedAs, type Ready, scopeOfJob } from "./level.ts";
import { combinations } from "./matrix.ts";
import { linked } from "./run-state.ts";
import { openSlots, type Slots } from "./slots.ts";
import { isMapping, type Mapping, text, truthy, type Value } from "./value.ts";

/** One combination of a job's matrix, or a job that has none. */
interface Variant extends Ready {
  readonly scope: Scope;
  readonly name: string;
  /** Another combination failed, and `fail-fast` stands. */
  readonly fast: AbortSignal;
  readonly places: Slots;
  readonly runLevel: Calling;
}

const FAST = "The operation was canceled, since another job of the matrix failed.";

/** Runs all combinations of a job's matrix, `max-parallel` at once. */
export async function runVariants(
  ready: Ready,
  strategy: Mapping,
  runLevel: Calling,
): Promise<readonly Ended[]> {
  const matrix = isMapping(strategy.matrix) ? combinations(strategy.matrix) : undefined;
  const all = matrix ?? [{}];
  const most = Number(strategy["max-parallel"] ?? all.length);
  const places = openSlots(most);
  const fast = new AbortController();
  const failFast = matrix !== undefined && truthy(strategy["fail-fast"] ?? true);
  return Promise.all(
    all.map(async (combination, index) => {
      const more: Mapping = {
        matrix: combination,
        strategy: {
          "fail-fast": failFast,
          "job-index": index,
          "job-total": all.length,
          "max-parallel": most,
        },
      };
      const scope = scopeOfJob(ready, more);
      const name = nameOf(ready, scope, combination);
      const variant: Variant = { ...ready, scope, name, fast: fast.signal, places, runLevel };
      const ended = await runVariant(variant).catch((error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        return endedAs("failure", name, `${ready.level.workflow.path}, job "${ready.job.id}": ${why}`);
      });
      if (failFast && ended.result === "failure") fast.abort(FAST);
      return ended;
    }),
  );
}

/** `propose / test (20, linux)` */
function nameOf({ level, job }: Ready, scope: Scope, combination: Mapping): string {
  const own = text(job.definition.name ?? job.id);
  const values = Object.values(combination).map((value) =>
    isMapping(value) ? Object.values(value).map(text).join(", ") : text(value),
  );
  const suffix = own.includes("${{") || values.length === 0 ? "" : ` (${values.join(", ")})`;
  return `${level.prefix}${text(fill(own, scope))}${suffix}`;
}

/** Takes a variant through what it must wait for: its place in the matrix, an approval, its group. */
async function runVariant(variant: Variant): Promise<Ended> {
  const { level, job, scope, name } = variant;
  const { run } = level;
  const own = new AbortController();
  const cancelled = linked(own.signal, variant.fast, heeded(variant));
  const given: (() => void)[] = [];
  let entered: Entered | undefined;
  const stopped = () => {
    entered?.state("failure");
    return endedAs("cancelled", name, text(cancelled.reason as Value));
  };
  try {
    const place = await variant.places.take(cancelled);
    if (place === undefined) return stopped();
    given.push(place);
    const environment = environmentOf(variant);
    entered = await enter(variant, environment, cancelled);
    if (entered === undefined) return stopped();
    const claim = concurrencyOf(expand(job.definition.concurrency ?? null, scope));
    if (claim !== undefined) {
      const leave = await run.engine.groups.enter(run.event.repository, {
        ...claim,
        cancelled: (reason) => own.abort(reason),
        signal: cancelled,
        held: level.held,
      });
      if (leave === undefined) return stopped();
      given.push(leave);
    }
    const held = claim === undefined ? level.held : [...level.held, claim.group.toLowerCase()];
    if (job.called !== undefined) {
      const inner = { ...level, workflow: job.called, prefix: `${name} / `, cancelled, held };
      return await runCall({ ...variant, called: job.called, inner });
    }
    const machine = await run.engine.slots.take(cancelled);
    if (machine === undefined) return stopped();
    given.push(machine);
    if (cancelled.aborted) return stopped();
    entered.state("in_progress");
    const ended = await runHere(variant, entered.secrets, cancelled);
    entered.state(ended.result === "success" ? "success" : "failure");
    return ended;
  } finally {
    for (const give of given.reverse()) give();
  }
}

/** The cancelling of the workflow around a job, which a job whose condition still holds does not heed. */
function heeded({ level, job, needs }: Variant): AbortSignal {
  const stop = new AbortController();
  level.cancelled.addEventListener("abort", () => {
    try {
      if (!level.run.closed.aborted && holds(job.definition.if, scopeOfJob({ level, job, needs }))) return;
    } catch {
      // What cannot be asked does not go on.
    }
    stop.abort(level.cancelled.reason);
  });
  return stop.signal;
}

async function runHere(
  variant: Variant,
  own: Readonly<Record<string, string>>,
  cancelled: AbortSignal,
): Promise<Ended> {
  const { level, job, scope, name } = variant;
  const { run, workflow, secrets } = level;
  const { definition, granted, id } = job;
  run.engine.say(`run ${run.id}: ${name} begins`);
  const order = {
    run,
    workflow,
    id,
    name,
    definition,
    granted,
    contexts: scope.contexts,
    secrets: { ...secrets, ...own },
    cancelled,
  };
  const ended = await runJob(order);
  run.engine.say(`run ${run.id}: ${name} ends: ${ended.result}`);
  const forgiven =
    ended.result === "failure" && truthy(expand(definition["continue-on-error"] ?? false, scope));
  return { result: forgiven ? "success" : ended.result, outputs: ended.outputs, entries: [ended] };
}
