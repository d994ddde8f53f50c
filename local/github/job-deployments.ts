import { type Deployment, tellCreated, tellState } from "./deployments.ts";
import type { Doing } from "./routes.ts";
import type { Run } from "./runs.ts";
import { nextId, type Repository, stamp } from "./world.ts";

/**
 * The deployment that GitHub makes of a job that names an environment: without payload, in the name of
 * Actions. One that succeeds makes earlier ones there inactive, whoever made them.
 */
export function deployByJob(
  doing: Doing,
  repository: Repository,
  run: Run,
  environment: { readonly name: string; readonly url: string },
): (state: "queued" | "in_progress" | "success" | "failure" | "inactive") => void {
  const { world, who } = doing;
  const { sha, ref } = run.record.event;
  const deployment: Deployment = {
    id: nextId(world),
    sha,
    ref: ref.replace(/^refs\/(heads|tags)\//, ""),
    task: "deploy",
    environment: environment.name,
    description: null,
    payload: {},
    creator: who.account,
    transient: false,
    production: environment.name === "production",
    createdAt: stamp(world),
    states: [],
  };
  repository.deployments.set(deployment.id, deployment);
  tellCreated(doing, repository, deployment);
  const log = `${world.url}/${repository.fullName}/actions/runs/${run.id}`;
  return (state) =>
    void tellState(doing, repository, deployment, { state, environmentUrl: environment.url, logUrl: log });
}
