import type { GithubEvent, LocalGithub } from "../contract.ts";
import type { Machine } from "./machine.ts";
import type { PlannedWorkflow } from "./plan.ts";
import { serverUrl } from "./process-environment.ts";
import { isMapping, type Mapping, type Value } from "./value.ts";

/** A run, as contexts speak of it. */
export interface RunFacts {
  readonly id: number;
  readonly number: number;
  readonly attempt: number;
  readonly name: string;
  readonly event: GithubEvent;
  readonly plan: PlannedWorkflow;
}

const of = (value: Value | undefined, ...path: readonly string[]): Value =>
  path.reduce<Value>((inner, key) => (isMapping(inner) ? (inner[key] ?? null) : null), value ?? null);

/** `main`, `v1`, `7/merge` */
const shortRef = (ref: string): string => ref.replace(/^refs\/(?:heads|tags|pull)\//, "");

/** The `github` context as far as the run decides it, without a job's token and folders. */
export function githubContext(run: RunFacts, github: LocalGithub): Mapping {
  const { event, plan } = run;
  const payload = event.payload as Mapping;
  const pull = of(payload, "pull_request");
  const repository = of(payload, "repository");
  return {
    event: payload,
    event_name: event.name,
    repository: event.repository,
    repository_id: String(of(repository, "id") ?? ""),
    repository_owner: event.repository.split("/")[0] ?? "",
    repository_owner_id: String(of(repository, "owner", "id") ?? ""),
    sha: event.sha,
    ref: event.ref,
    ref_name: shortRef(event.ref),
    ref_type: event.ref.startsWith("refs/tags/") ? "tag" : "branch",
    ref_protected: false,
    base_ref: of(pull, "base", "ref") ?? "",
    head_ref: of(pull, "head", "ref") ?? "",
    actor: event.actor,
    actor_id: String(of(payload, "sender", "id") ?? ""),
    triggering_actor: event.actor,
    workflow: run.name,
    workflow_ref: `${event.repository}/${plan.path}@${event.ref}`,
    workflow_sha: event.workflowSha,
    run_id: String(run.id),
    run_number: String(run.number),
    run_attempt: String(run.attempt),
    retention_days: "90",
    server_url: serverUrl(github.url),
    api_url: github.apiUrl,
    graphql_url: github.graphqlUrl,
  };
}

/** What of the `github` context a job's machine adds. */
export const machineContext = (machine: Machine, job: string, token: string): Mapping => ({
  job,
  token,
  workspace: machine.workspace,
  event_path: machine.eventFile,
  action_path: "",
});

/** The `runner` context. */
export const runnerContext = (machine: Machine): Mapping => ({
  name: "local runner",
  os: "Linux",
  arch: process.arch === "arm64" ? "ARM64" : "X64",
  temp: machine.temp,
  tool_cache: machine.tools,
  environment: "github-hosted",
  workspace: `${machine.workspace}/..`,
});

/** The `job` context but for its status: whose file the job stands in. */
export const jobContext = ({ source, path }: PlannedWorkflow): Mapping => ({
  workflow_ref: `${source.repository}/${path}@${source.ref}`,
  workflow_sha: source.sha,
  workflow_repository: source.repository,
  workflow_file_path: path,
});
