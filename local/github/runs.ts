import type { GithubEvent, RunRecord } from "../contract.ts";
import { accountView } from "./accounts.ts";
import { notFound, ok } from "./answers.ts";
import { type Commit, commitAtOnce } from "./commits.ts";
import { tell } from "./events.ts";
import { gitAtOnce } from "./git.ts";
import { counted } from "./pages-of-lists.ts";
import { apiOf, minimalView, pageOf } from "./repositories.ts";
import { type Doing, numberParam, on, param, type Route, record } from "./routes.ts";
import { account, findRepository, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** A run of a workflow. */
export interface Run {
  readonly id: number;
  readonly number: number;
  readonly workflow: number;
  readonly record: RunRecord;
  readonly headSha: string;
  readonly commit: Commit | undefined;
  readonly headBranch: string | null;
  readonly headRepository: Repository | undefined;
  readonly pulls: readonly Record<string, unknown>[];
  readonly createdAt: string;
  startedAt: string;
  updatedAt: string;
  attempt: number;
  status: "in_progress" | "completed";
  conclusion: string | null;
}

/** The identifier of a workflow file. */
export function workflowId(world: World, repository: Repository, path: string): number {
  const known = repository.workflows.get(path);
  if (known !== undefined) return known;
  const id = nextId(world);
  repository.workflows.set(path, id);
  return id;
}

interface Head {
  readonly sha: string;
  readonly branch: string | null;
  readonly repository: Repository | undefined;
  readonly pulls: readonly Record<string, unknown>[];
}

/** What a run is about: the pull request's own head, not the merge commit that it runs on. */
function headOf(world: World, repository: Repository, event: GithubEvent): Head {
  const branch = event.ref.replace(/^refs\/(heads|tags)\//, "");
  const usual = { sha: event.sha, branch, repository, pulls: [] };
  if (!event.name.startsWith("pull_request")) return usual;
  const pull = record(event.payload.pull_request);
  const [head, base] = [record(pull.head), record(pull.base)];
  const from = findRepository(world, String(record(head.repo).full_name ?? ""));
  const side = (of: Readonly<Record<string, unknown>>): Record<string, unknown> => {
    const { id, url, name } = record(of.repo);
    return { ref: of.ref, sha: of.sha, repo: { id, url, name } };
  };
  const shown = { url: pull.url, id: pull.id, number: pull.number, head: side(head), base: side(base) };
  return {
    sha: String(head.sha),
    branch: String(head.ref),
    repository: from,
    // As on GitHub, a fork's run names no pull request.
    pulls: from === repository ? [shown] : [],
  };
}

/** Notes that a run began. */
export function startRun(world: World, started: RunRecord): Run {
  const repository = findRepository(world, started.event.repository);
  if (!repository) throw new Error(`there is no repository "${started.event.repository}"`);
  const head = headOf(world, repository, started.event);
  const workflow = workflowId(world, repository, started.path);
  const at = stamp(world);
  const run: Run = {
    id: nextId(world),
    number: [...repository.runs.values()].filter((run) => run.workflow === workflow).length + 1,
    workflow,
    record: started,
    headSha: head.sha,
    commit: commitAtOnce(repository, head.sha),
    headBranch: head.branch,
    headRepository: head.repository,
    pulls: head.pulls,
    createdAt: at,
    startedAt: at,
    updatedAt: at,
    attempt: 1,
    status: "in_progress",
    conclusion: null,
  };
  repository.runs.set(run.id, run);
  return run;
}

/** A run with its repository, wherever it is. */
export function findRun(
  world: World,
  id: number,
): { readonly repository: Repository; readonly run: Run } | undefined {
  for (const repository of world.repositories.values()) {
    const run = repository.runs.get(id);
    if (run) return { repository, run };
  }
  return undefined;
}

/** A run as the API shows it. */
export function runView(world: World, repository: Repository, run: Run): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/actions/runs/${run.id}`;
  const { commit } = run;
  const actor = accountView(world, account(world, run.record.event.actor));
  return {
    id: run.id,
    name: run.record.name,
    node_id: nodeId("WorkflowRun", run.id),
    head_branch: run.headBranch,
    head_sha: run.headSha,
    path: run.record.path,
    display_title: commit?.message.split("\n")[0] ?? run.record.name,
    run_number: run.number,
    run_attempt: run.attempt,
    event: run.record.event.name,
    status: run.status,
    conclusion: run.conclusion,
    workflow_id: run.workflow,
    check_suite_id: run.id + 1_000_000,
    check_suite_node_id: nodeId("CheckSuite", run.id + 1_000_000),
    url,
    html_url: `${pageOf(world, repository)}/actions/runs/${run.id}`,
    pull_requests: run.pulls,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
    run_started_at: run.startedAt,
    actor,
    triggering_actor: actor,
    referenced_workflows: [],
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${api}/check-suites/${run.id + 1_000_000}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: run.attempt > 1 ? `${url}/attempts/${run.attempt - 1}` : null,
    workflow_url: `${api}/actions/workflows/${run.workflow}`,
    head_commit: commit
      ? {
          id: commit.sha,
          tree_id: commit.tree,
          message: commit.message,
          timestamp: commit.committer.date,
          author: { name: commit.author.name, email: commit.author.email },
          committer: { name: commit.committer.name, email: commit.committer.email },
        }
      : null,
    repository: minimalView(world, repository),
    head_repository: run.headRepository ? minimalView(world, run.headRepository) : null,
  };
}

/** A workflow as the API shows it. */
export function workflowView(
  world: World,
  repository: Repository,
  path: string,
  name: string,
): Record<string, unknown> {
  const id = workflowId(world, repository, path);
  const page = pageOf(world, repository);
  return {
    id,
    node_id: nodeId("Workflow", id),
    name,
    path,
    state: "active",
    created_at: repository.createdAt,
    updated_at: repository.createdAt,
    url: `${apiOf(world, repository)}/actions/workflows/${id}`,
    html_url: `${page}/blob/${repository.defaultBranch}/${path}`,
    badge_url: `${page}/actions/workflows/${path.split("/").at(-1)}/badge.svg`,
  };
}

/** Tells that a run completed: the workflows that wait for it are those of the default branch. */
export function tellRun(doing: Doing, repository: Repository, run: Run, action: string): void {
  const { world } = doing;
  const ref = `refs/heads/${repository.defaultBranch}`;
  tell(doing, repository, {
    name: "workflow_run",
    payload: {
      action,
      workflow_run: runView(world, repository, run),
      workflow: workflowView(world, repository, run.record.path, run.record.name),
    },
    sha: gitAtOnce(repository.folder, ["rev-parse", ref]) ?? "",
    ref,
    startsWorkflows: true,
    lowTrust: false,
  });
}

const READ = [{ actions: "read" }] as const;

/** Runs of workflows. */
export const runRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/actions/runs", READ, (call) => {
    const { world, repository, query } = call;
    const { event, branch, head_sha, status, actor } = Object.fromEntries(query);
    const found = [...repository.runs.values()].filter(
      (run) =>
        run.record.event.name === (event ?? run.record.event.name) &&
        run.headBranch === (branch ?? run.headBranch) &&
        run.headSha === (head_sha ?? run.headSha) &&
        run.record.event.actor === (actor ?? run.record.event.actor) &&
        (status === undefined || run.status === status || run.conclusion === status),
    );
    return counted(call, "workflow_runs", found.reverse(), (run) => runView(world, repository, run));
  }),
  on("GET /repos/{owner}/{repo}/actions/runs/{run_id}", READ, (call) => {
    const run = call.repository.runs.get(numberParam(call, "run_id"));
    if (!run) throw notFound();
    return ok(runView(call.world, call.repository, run));
  }),
  on("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs", READ, (call) => {
    const { world, repository, query } = call;
    const asked = param(call, "workflow_id");
    const found = [...repository.runs.values()].filter(
      (run) =>
        (String(run.workflow) === asked || run.record.path === `.github/workflows/${asked}`) &&
        run.headSha === (query.get("head_sha") ?? run.headSha) &&
        run.headBranch === (query.get("branch") ?? run.headBranch) &&
        run.record.event.name === (query.get("event") ?? run.record.event.name),
    );
    return counted(call, "workflow_runs", found.reverse(), (run) => runView(world, repository, run));
  }),
];
