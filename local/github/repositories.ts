import { accountView } from "./accounts.ts";
import { ok } from "./answers.ts";
import { may, roleOf } from "./permissions.ts";
import { type Doing, on, type Route } from "./routes.ts";
import { nodeId, type Repository, type Role, type World } from "./world.ts";

/** Addresses that lead on from a repository: name, path, what may be filled in. */
const ADDRESSES: readonly (readonly [string, string])[] = [
  ["archive_url", "{archive_format}{/ref}"],
  ["assignees_url", "assignees{/user}"],
  ["blobs_url", "git/blobs{/sha}"],
  ["branches_url", "branches{/branch}"],
  ["collaborators_url", "collaborators{/collaborator}"],
  ["comments_url", "comments{/number}"],
  ["commits_url", "commits{/sha}"],
  ["compare_url", "compare/{base}...{head}"],
  ["contents_url", "contents/{+path}"],
  ["contributors_url", "contributors"],
  ["deployments_url", "deployments"],
  ["downloads_url", "downloads"],
  ["events_url", "events"],
  ["forks_url", "forks"],
  ["git_commits_url", "git/commits{/sha}"],
  ["git_refs_url", "git/refs{/sha}"],
  ["git_tags_url", "git/tags{/sha}"],
  ["hooks_url", "hooks"],
  ["issue_comment_url", "issues/comments{/number}"],
  ["issue_events_url", "issues/events{/number}"],
  ["issues_url", "issues{/number}"],
  ["keys_url", "keys{/key_id}"],
  ["labels_url", "labels{/name}"],
  ["languages_url", "languages"],
  ["merges_url", "merges"],
  ["milestones_url", "milestones{/number}"],
  ["notifications_url", "notifications{?since,all,participating}"],
  ["pulls_url", "pulls{/number}"],
  ["releases_url", "releases{/id}"],
  ["stargazers_url", "stargazers"],
  ["statuses_url", "statuses/{sha}"],
  ["subscribers_url", "subscribers"],
  ["subscription_url", "subscription"],
  ["tags_url", "tags"],
  ["teams_url", "teams"],
  ["trees_url", "git/trees{/sha}"],
];

/** Where the API keeps a repository. */
export const apiOf = (world: World, { fullName }: Repository): string => `${world.apiUrl}/repos/${fullName}`;

/** Where people look at a repository. */
export const pageOf = (world: World, { fullName }: Repository): string => `${world.url}/${fullName}`;

/** A repository as it is shown within other things. */
export function minimalView(world: World, repository: Repository): Record<string, unknown> {
  const url = apiOf(world, repository);
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: repository.fullName,
    private: repository.private,
    owner: accountView(world, repository.owner),
    html_url: pageOf(world, repository),
    description: null,
    fork: repository.parent !== undefined,
    url,
    ...Object.fromEntries(ADDRESSES.map(([name, path]) => [name, `${url}/${path}`])),
  };
}

/** A repository with its settings. */
export function repositoryView(world: World, repository: Repository): Record<string, unknown> {
  const page = pageOf(world, repository);
  const open = [...repository.issues.values()].filter(({ state }) => state === "open").length;
  return {
    ...minimalView(world, repository),
    created_at: repository.createdAt,
    updated_at: repository.pushedAt,
    pushed_at: repository.pushedAt,
    git_url: `git://${new URL(page).host}/${repository.fullName}.git`,
    ssh_url: `git@127.0.0.1:${repository.fullName}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repository.defaultBranch,
  };
}

function fullView(doing: Doing, repository: Repository): Record<string, unknown> {
  const { world, who } = doing;
  const role = who.kind === "user" ? (roleOf(repository, who.account.login) ?? "read") : undefined;
  const up = (roles: readonly Role[]): boolean => role !== undefined && roles.includes(role);
  const writing = may(who, repository, [{ contents: "write" }]);
  const administering = may(who, repository, [{ administration: "write" }]);
  return {
    ...repositoryView(world, repository),
    ...(who.kind === "nobody"
      ? {}
      : {
          permissions: {
            admin: up(["admin"]),
            maintain: up(["admin", "maintain"]),
            push: who.kind === "user" ? up(["admin", "maintain", "write"]) : writing,
            triage: up(["admin", "maintain", "write", "triage"]),
            pull: true,
          },
        }),
    ...(administering
      ? {
          allow_squash_merge: true,
          allow_merge_commit: true,
          allow_rebase_merge: true,
          allow_auto_merge: false,
          delete_branch_on_merge: false,
          allow_update_branch: false,
        }
      : {}),
    ...(repository.owner.type === "Organization"
      ? { organization: accountView(world, repository.owner) }
      : {}),
    ...(repository.parent
      ? { parent: repositoryView(world, repository.parent), source: repositoryView(world, repository.parent) }
      : {}),
    network_count: 0,
    subscribers_count: 0,
  };
}

/** What a repository is. */
export const repositoryRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}", [{ metadata: "read" }], (call) => ok(fullView(call, call.repository))),
];
