import { delimiter } from "node:path";
import { type Frame, type JobState, scopeOf, texts } from "./job-state.ts";
import type { Mapping, Value } from "./value.ts";

/** What of the `github` context is in the environment; the token and the event are not. */
const SHOWN =
  "action action_path action_ref action_repository actor actor_id api_url base_ref event_name event_path graphql_url head_ref job ref ref_name ref_protected ref_type repository repository_id repository_owner repository_owner_id retention_days run_attempt run_id run_number server_url sha triggering_actor workflow workflow_ref workflow_sha workspace".split(
    " ",
  );

const upper = (prefix: string, values: Mapping, names: readonly string[]): Record<string, string> =>
  texts(
    Object.fromEntries(
      names.map((name): [string, Value] => [`${prefix}_${name.toUpperCase()}`, values[name] ?? ""]),
    ),
  );

/**
 * The whole environment of one process: nothing of this process's own but the `PATH`.
 *
 * @param own the step's `env`, its inputs, its files; what the platform says cannot be changed by `env`
 */
export function processEnvironment(
  job: JobState,
  frame: Frame,
  {
    env,
    own,
    action,
  }: {
    readonly env: Readonly<Record<string, string>>;
    readonly own: Readonly<Record<string, string>>;
    readonly action: string;
  },
): Record<string, string> {
  const { machine } = job;
  const { contexts } = scopeOf(job, frame);
  const server = new URL(job.github.url);
  const set: Record<string, string> = { ...job.env, ...frame.env, ...env };
  return {
    HOME: machine.home,
    LANG: "C.UTF-8",
    // Pages name the server as `*.localhost`, which counts as GitHub itself; Git goes where it listens.
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.${server.origin}/.insteadOf`,
    GIT_CONFIG_VALUE_0: `${serverUrl(job.github.url)}/`,
    ...set,
    PATH: [...job.paths, set.PATH ?? job.path].join(delimiter),
    ...upper("GITHUB", { ...(contexts.github as Mapping), action }, SHOWN),
    ...upper("RUNNER", contexts.runner as Mapping, [
      "os",
      "arch",
      "name",
      "temp",
      "tool_cache",
      "environment",
      "workspace",
    ]),
    CI: "true",
    GITHUB_ACTIONS: "true",
    ...own,
  };
}

/** The server as pages name it: `*.localhost` is taken for GitHub itself by its own libraries. */
export function serverUrl(url: string): string {
  return `http://github.localhost:${new URL(url).port}`;
}
