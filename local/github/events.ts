import type { GithubEvent } from "../contract.ts";
import { accountView } from "./accounts.ts";
import { refOf } from "./git.ts";
import { repositoryView } from "./repositories.ts";
import type { Doing } from "./routes.ts";
import { nodeId, type Repository } from "./world.ts";

interface Happening {
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly sha: string;
  readonly ref: string;
  readonly workflowSha?: string;
  readonly startsWorkflows?: boolean;
  readonly lowTrust?: boolean;
}

/** Tells of something that happened, with the parts that each payload has. */
export function tell(doing: Doing, repository: Repository, happening: Happening): void {
  const { world, who } = doing;
  const { owner } = repository;
  const event: GithubEvent = {
    name: happening.name,
    repository: repository.fullName,
    payload: {
      ...happening.payload,
      repository: repositoryView(world, repository),
      ...(owner.type === "Organization"
        ? {
            organization: {
              login: owner.login,
              id: owner.id,
              node_id: nodeId("Organization", owner.id),
              url: `${world.apiUrl}/orgs/${owner.login}`,
              repos_url: `${world.apiUrl}/orgs/${owner.login}/repos`,
              events_url: `${world.apiUrl}/orgs/${owner.login}/events`,
              hooks_url: `${world.apiUrl}/orgs/${owner.login}/hooks`,
              issues_url: `${world.apiUrl}/orgs/${owner.login}/issues`,
              members_url: `${world.apiUrl}/orgs/${owner.login}/members{/member}`,
              public_members_url: `${world.apiUrl}/orgs/${owner.login}/public_members{/member}`,
              avatar_url: `${world.url}/avatars/u/${owner.id}`,
              description: "",
            },
          }
        : {}),
      sender: accountView(world, who.account),
    },
    sha: happening.sha,
    ref: happening.ref,
    workflowSha: happening.workflowSha ?? happening.sha,
    actor: who.account.login,
    // A fork's own workflows are off until its owner turns them on.
    startsWorkflows: happening.startsWorkflows ?? (who.startsWorkflows && repository.parent === undefined),
    lowTrust: happening.lowTrust ?? who.account.login === "dependabot[bot]",
  };
  doing.emit(structuredClone(event));
}

/** Tells of something whose workflows are those of the default branch. */
export async function tellOnDefault(
  doing: Doing,
  repository: Repository,
  name: string,
  payload: Readonly<Record<string, unknown>>,
  more: Partial<Happening> = {},
): Promise<void> {
  const ref = `refs/heads/${repository.defaultBranch}`;
  const sha = (await refOf(repository.folder, ref)) ?? "";
  tell(doing, repository, { name, payload, sha, ref, ...more });
}
