import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { accountView } from "./accounts.ts";
import { ok } from "./answers.ts";
import { git } from "./git.ts";
import { may, roleOf } from "./permissions.ts";
import { type Doing, on, type Route } from "./routes.ts";
import {
  account,
  findRepository,
  nextId,
  nodeId,
  type Repository,
  type Role,
  stamp,
  type World,
} from "./world.ts";

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

/** Refuses refs that rules protect, and workflow files from tokens that may not write them. */
const UPDATE_HOOK = `#!/bin/sh
case " $LOCAL_GITHUB_PROTECTED " in
  *" $1 "*)
    echo "error: GH013: Repository rule violations found for $1." >&2
    echo "- Changes must be made through a pull request." >&2
    exit 1 ;;
esac
zero=0000000000000000000000000000000000000000
if [ -n "$LOCAL_GITHUB_NO_WORKFLOWS" ] && [ "$3" != "$zero" ]; then
  before="$2"
  [ "$before" = "$zero" ] && before=$(git merge-base "$3" HEAD 2>/dev/null || git hash-object -t tree /dev/null)
  found=$(git diff --name-only "$before" "$3" -- .github/workflows | head -n 1)
  if [ -n "$found" ]; then
    echo "refusing to allow a GitHub App to create or update workflow \\\`$found\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  fi
fi
exit 0
`;

const SETTINGS: readonly (readonly [string, string])[] = [
  ["uploadpack.allowAnySHA1InWant", "true"],
  ["uploadpack.allowFilter", "true"],
  ["http.receivepack", "true"],
  ["receive.hideRefs", "refs/pull"],
  ["receive.autogc", "false"],
  ["receive.advertisePushOptions", "true"],
  ["gc.auto", "0"],
  ["core.logAllRefUpdates", "false"],
];

async function bare(folder: string, branch: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await git(folder, ["init", "--quiet", "--bare", `--initial-branch=${branch}`, folder]);
  const settings = SETTINGS.map(([name, value]) => {
    const [section = "", key = ""] = name.split(".");
    return `[${section}]\n\t${key} = ${value}\n`;
  });
  await writeFile(join(folder, "config"), `[core]\n\tbare = true\n${settings.join("")}`);
  await mkdir(join(folder, "hooks"), { recursive: true });
  await writeFile(join(folder, "hooks", "update"), UPDATE_HOOK, { mode: 0o755 });
}

interface Options {
  readonly private?: boolean;
  readonly from?: string;
  readonly defaultBranch?: string;
  readonly collaborators?: Readonly<Record<string, Role>>;
}

function registered(
  world: World,
  fullName: string,
  options: Options & { readonly branch: string; readonly parent?: Repository },
): Repository {
  const [owner = "", name = ""] = fullName.split("/");
  const made: Repository = {
    id: nextId(world),
    owner: account(world, owner, "Organization"),
    name,
    fullName,
    private: options.private ?? false,
    defaultBranch: options.branch,
    folder: join(world.folder, "repositories", `${fullName}.git`),
    parent: options.parent,
    collaborators: new Map(
      Object.entries(options.collaborators ?? {}).map(([login, role]) => [login.toLowerCase(), role]),
    ),
    issues: new Map(),
    labels: new Map(),
    checks: [],
    statuses: [],
    releases: new Map(),
    deployments: new Map(),
    runs: new Map(),
    workflows: new Map(),
    artifacts: new Map(),
    rules: new Map(),
    queue: [],
    signed: new Set(),
    createdAt: stamp(world),
    pushedAt: stamp(world),
  };
  for (const login of Object.keys(options.collaborators ?? {})) account(world, login);
  return made;
}

/** Makes a repository with one empty commit, or with the branches and tags of a folder's repository. */
export async function makeRepository(world: World, fullName: string, options: Options = {}): Promise<void> {
  if (!/^[\w.-]+\/[\w.-]+$/.test(fullName)) throw new Error(`"${fullName}" is not OWNER/NAME`);
  if (findRepository(world, fullName)) throw new Error(`there is a repository "${fullName}" already`);
  const theirs = options.from ? join(options.from, ".git") : "";
  const branch =
    options.defaultBranch ??
    (options.from ? await git(theirs, ["symbolic-ref", "--short", "HEAD"]) : undefined) ??
    "main";
  const repository = registered(world, fullName, { ...options, branch });
  const { folder } = repository;
  await bare(folder, branch);
  if (options.from) {
    await git(folder, [
      "fetch",
      "--quiet",
      options.from,
      "+refs/heads/*:refs/heads/*",
      "+refs/tags/*:refs/tags/*",
    ]);
  } else {
    const tree = await git(folder, ["hash-object", "-w", "-t", "tree", "--stdin"]);
    const author = {
      NAME: repository.owner.login,
      EMAIL: "noreply@github.com",
      DATE: `${repository.createdAt}`,
    };
    const env = Object.entries(author).flatMap(([key, value]) => [
      [`GIT_AUTHOR_${key}`, value],
      [`GIT_COMMITTER_${key}`, value],
    ]);
    const first = await git(folder, ["commit-tree", tree, "-m", "Initial commit"], {
      env: Object.fromEntries(env),
    });
    await git(folder, ["update-ref", `refs/heads/${branch}`, first]);
  }
  world.repositories.set(fullName.toLowerCase(), repository);
}

/** Copies a repository to another owner; both keep their objects in one place, as GitHub's forks do. */
export async function forkRepository(world: World, from: Repository, owner: string): Promise<string> {
  const fullName = `${account(world, owner).login}/${from.name}`;
  if (findRepository(world, fullName)) return fullName;
  const fork = registered(world, fullName, {
    private: from.private,
    branch: from.defaultBranch,
    parent: from,
  });
  await bare(fork.folder, from.defaultBranch);
  await rm(join(fork.folder, "objects"), { recursive: true });
  await symlink(join(from.folder, "objects"), join(fork.folder, "objects"));
  await git(fork.folder, [
    "fetch",
    "--quiet",
    from.folder,
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
  ]);
  world.repositories.set(fullName.toLowerCase(), fork);
  return fullName;
}

/** What a repository is. */
export const repositoryRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}", [{ metadata: "read" }], (call) => ok(fullView(call, call.repository))),
];
