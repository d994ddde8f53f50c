import { expand, type Scope } from "./expressions.ts";
import type { Ready } from "./level.ts";
import { isMapping, text, type Value } from "./value.ts";

/** The environment that a job names. */
interface Environment {
  readonly name: string;
  readonly url: string;
  /** Whether a deployment of the job is noted: unless it says `deployment: false`. */
  readonly noted: boolean;
}

/** A job that entered its environment, or that names none. */
export interface Entered {
  /** The environment's secrets, beside those that the job was handed. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Tells GitHub what becomes of the job's deployment, if there is one. */
  state(state: "in_progress" | "success" | "failure"): void;
}

/** The environment that a job names; undefined where it names none. */
export function environmentOf({ job, scope }: Ready & { readonly scope: Scope }): Environment | undefined {
  const wanted = job.definition.environment;
  if (wanted === undefined || wanted === null) return undefined;
  const said = (value: Value | undefined): string => text(expand(value ?? "", scope));
  const name = said(isMapping(wanted) ? wanted.name : wanted);
  if (name === "") return undefined;
  if (!isMapping(wanted)) return { name, url: "", noted: true };
  // What the job's own steps say is not known yet; GitHub fills the address in when the job has ended.
  const url = typeof wanted.url === "string" && wanted.url.includes("steps.") ? "" : said(wanted.url);
  return { name, url, noted: expand(wanted.deployment ?? true, scope) !== false };
}

/**
 * Lets a job into its environment, once a reviewer has said so.
 *
 * @returns undefined where it was cancelled meanwhile
 * @throws {Error} where its branch is not allowed there, or a reviewer refuses
 */
export async function enter(
  { level }: Ready,
  environment: Environment | undefined,
  cancelled: AbortSignal,
): Promise<Entered | undefined> {
  if (environment === undefined) return { secrets: {}, state: () => {} };
  const { run } = level;
  const { event } = run;
  const { options } = run.engine;
  const { name } = environment;
  const known = options.environments?.[event.repository]?.[name];
  if (known !== undefined && !known.branches.some((branch) => event.ref === `refs/heads/${branch}`)) {
    throw new Error(`"${event.ref}" is not allowed to deploy to ${name} due to environment protection rules`);
  }
  if (options.approve === undefined) {
    throw new Error(`the environment "${name}" waits for an approval that nobody gave`);
  }
  const state = environment.noted ? options.github.jobDeployment(run.id, environment) : () => {};
  const answer = options.approve(name, run.id);
  if (typeof answer !== "boolean") {
    state("queued");
    run.engine.say(`run ${run.id}: waits for a reviewer of ${name}`);
  }
  const approved = await Promise.race([answer, stopOf(cancelled)]);
  if (approved === true) return { secrets: event.lowTrust ? {} : (known?.secrets ?? {}), state };
  state("failure");
  if (approved === undefined) return undefined;
  throw new Error(`the deployment to "${name}" was rejected by a reviewer`);
}

const stopOf = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
