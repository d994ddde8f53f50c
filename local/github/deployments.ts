import { accountView } from "./accounts.ts";
import { conflict, created, invalid, notFound, nothing, ok, unprocessable } from "./answers.ts";
import { checksPassed, latestChecks } from "./checks.ts";
import { tell } from "./events.ts";
import { commitOf } from "./git.ts";
import { listed } from "./pages-of-lists.ts";
import { apiOf } from "./repositories.ts";
import { type Doing, numberParam, on, type RepositoryCall, type Route, text, texts } from "./routes.ts";
import { latestStatuses } from "./statuses.ts";
import { type Account, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** What became of a deployment at one time. */
export interface DeploymentState {
  readonly id: number;
  readonly state: string;
  readonly description: string;
  readonly environment: string;
  readonly environmentUrl: string;
  readonly logUrl: string;
  readonly creator: Account;
  readonly at: string;
}

/** That a commit was to be brought to an environment, and what became of it. */
export interface Deployment {
  readonly id: number;
  readonly sha: string;
  readonly ref: string;
  readonly task: string;
  readonly environment: string;
  readonly description: string | null;
  readonly payload: unknown;
  readonly creator: Account;
  readonly transient: boolean;
  readonly production: boolean;
  readonly createdAt: string;
  readonly states: DeploymentState[];
}

function view(world: World, repository: Repository, deployment: Deployment): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.states.at(-1)?.at ?? deployment.createdAt,
    statuses_url: `${url}/statuses`,
    repository_url: api,
    creator: accountView(world, deployment.creator),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
    performed_via_github_app: null,
  };
}

function stateView(
  world: World,
  repository: Repository,
  deployment: Deployment,
  status: DeploymentState,
): Record<string, unknown> {
  const api = apiOf(world, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: accountView(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.at,
    updated_at: status.at,
    deployment_url: url,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

/** Tells that there is a deployment. */
export function tellCreated(doing: Doing, repository: Repository, deployment: Deployment): void {
  const { sha, ref } = deployment;
  const shown = view(doing.world, repository, deployment);
  const payload = { action: "created", deployment: shown, workflow: null, workflow_run: null };
  tell(doing, repository, { name: "deployment", payload, sha, ref });
}

/**
 * Gives a deployment a state, and tells of it. With a success, earlier ones of the environment that had
 * one become inactive, unless they are transient or of a production environment.
 *
 * @returns the state as the API shows it
 */
export function tellState(
  doing: Doing,
  repository: Repository,
  deployment: Deployment,
  given: Partial<Omit<DeploymentState, "id" | "creator" | "at">> & {
    readonly state: string;
    readonly autoInactive?: boolean;
  },
): Record<string, unknown> {
  const { world, who } = doing;
  const { autoInactive = true, ...said } = given;
  const { environment } = deployment;
  const empty = { description: "", environment, environmentUrl: "", logUrl: "" };
  const status = { ...empty, ...said, id: nextId(world), creator: who.account, at: stamp(world) };
  deployment.states.push(status);
  for (const other of status.state === "success" && autoInactive ? repository.deployments.values() : []) {
    const earlier = other.id < deployment.id && other.environment === environment;
    if (!earlier || other.transient || other.production || other.states.at(-1)?.state !== "success") continue;
    const kept = { ...empty, environmentUrl: other.states.at(-1)?.environmentUrl ?? "" };
    other.states.push({ ...status, ...kept, id: nextId(world), state: "inactive" });
  }
  const shown = stateView(world, repository, deployment, status);
  const payload = {
    action: "created",
    deployment_status: shown,
    deployment: view(world, repository, deployment),
  };
  const { sha, ref } = deployment;
  tell(doing, repository, { name: "deployment_status", payload, sha, ref });
  return shown;
}

const READ = [{ deployments: "read" }] as const;
const WRITE = [{ deployments: "write" }] as const;

function found(call: RepositoryCall): Deployment {
  const deployment = call.repository.deployments.get(numberParam(call, "deployment_id"));
  if (!deployment) throw notFound();
  return deployment;
}

/** Refuses a deployment whose commit has checks that did not pass: those named, or else all. */
function checkContexts(call: RepositoryCall, sha: string, ref: string): void {
  const { repository, body } = call;
  const all = [
    ...latestChecks(repository, sha).map(({ name }) => name),
    ...latestStatuses(repository, sha).map(({ context }) => context),
  ];
  const contexts = Array.isArray(body.required_contexts) ? texts(body.required_contexts) : all;
  if (
    checksPassed(
      repository,
      sha,
      contexts.map((context) => ({ context })),
    )
  )
    return;
  throw conflict(`Conflict: Commit status checks failed for ${ref}.`);
}

/** Deployments and their states. */
export const deploymentRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/deployments", READ, (call) => {
    const { sha, ref, task, environment } = Object.fromEntries(call.query);
    const all = [...call.repository.deployments.values()].filter(
      (one) =>
        one.sha === (sha ?? one.sha) &&
        one.ref === (ref ?? one.ref) &&
        one.task === (task ?? one.task) &&
        one.environment === (environment ?? one.environment),
    );
    return listed(call, all.reverse(), (one) => view(call.world, call.repository, one));
  }),
  on("POST /repos/{owner}/{repo}/deployments", WRITE, async (call) => {
    const { world, repository, body } = call;
    const ref = text(call, "ref") ?? "";
    const sha = await commitOf(repository.folder, ref);
    if (!sha) throw unprocessable(`No ref found for: ${ref}`);
    checkContexts(call, sha, ref);
    const environment = text(call, "environment") ?? "production";
    const deployment: Deployment = {
      id: nextId(world),
      sha,
      ref,
      task: text(call, "task") ?? "deploy",
      environment,
      description: text(call, "description") ?? null,
      payload: body.payload ?? "",
      creator: call.who.account,
      transient: body.transient_environment === true,
      production: (body.production_environment ?? environment === "production") === true,
      createdAt: stamp(world),
      states: [],
    };
    repository.deployments.set(deployment.id, deployment);
    tellCreated(call, repository, deployment);
    return created(view(world, repository, deployment));
  }),
  on("GET /repos/{owner}/{repo}/deployments/{deployment_id}", READ, (call) =>
    ok(view(call.world, call.repository, found(call))),
  ),
  on("DELETE /repos/{owner}/{repo}/deployments/{deployment_id}", WRITE, (call) => {
    const deployment = found(call);
    const active = deployment.states.length > 0 && deployment.states.at(-1)?.state !== "inactive";
    if (active && call.repository.deployments.size > 1) {
      throw unprocessable(
        "We cannot delete an active deployment unless it is the only deployment in a given environment.",
      );
    }
    call.repository.deployments.delete(deployment.id);
    return nothing;
  }),
  on("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", READ, (call) => {
    const deployment = found(call);
    return listed(call, deployment.states.toReversed(), (status) =>
      stateView(call.world, call.repository, deployment, status),
    );
  }),
  on("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", WRITE, (call) => {
    const { repository, body } = call;
    const deployment = found(call);
    const description = text(call, "description") ?? "";
    if (description.length > 140) {
      const message = "description is too long (maximum is 140 characters)";
      throw invalid([{ resource: "DeploymentStatus", field: "description", code: "custom", message }]);
    }
    const shown = tellState(call, repository, deployment, {
      state: text(call, "state") ?? "",
      description,
      environment: text(call, "environment") ?? deployment.environment,
      environmentUrl: text(call, "environment_url") ?? "",
      logUrl: text(call, "log_url") ?? text(call, "target_url") ?? "",
      autoInactive: body.auto_inactive !== false,
    });
    return created(shown);
  }),
];
