import { accountView } from "./accounts.ts";
import { created, invalid, notFound, ok, unprocessable } from "./answers.ts";
import { commitView, readCommit } from "./commits.ts";
import { tellOnDefault } from "./events.ts";
import { commitOf } from "./git.ts";
import { listed, pageOf } from "./pages-of-lists.ts";
import { settleQueue } from "./queue.ts";
import { apiOf, minimalView } from "./repositories.ts";
import { on, param, type RepositoryCall, type Route, text } from "./routes.ts";
import { type Account, inTurn, nextId, nodeId, type Repository, stamp, type World } from "./world.ts";

/** One status that somebody set on a commit. The newest of a context counts. */
export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly context: string;
  readonly state: "error" | "failure" | "pending" | "success";
  readonly description: string | null;
  readonly url: string | null;
  readonly creator: Account;
  /** The app in whose name it was set. */
  readonly app: number | undefined;
  readonly createdAt: string;
}

/** The newest status of each context on a commit. */
export function latestStatuses(repository: Repository, sha: string): readonly CommitStatus[] {
  const latest = new Map<string, CommitStatus>();
  for (const status of repository.statuses) if (status.sha === sha) latest.set(status.context, status);
  return [...latest.values()].reverse();
}

function view(world: World, repository: Repository, status: CommitStatus): Record<string, unknown> {
  return {
    url: `${apiOf(world, repository)}/statuses/${status.sha}`,
    avatar_url: `${world.url}/avatars/u/${status.creator.id}`,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.url,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    creator: accountView(world, status.creator),
  };
}

function combined(statuses: readonly CommitStatus[]): string {
  const states = statuses.map(({ state }) => state);
  if (states.includes("failure") || states.includes("error")) return "failure";
  return states.length === 0 || states.includes("pending") ? "pending" : "success";
}

async function commitNamed(call: RepositoryCall, name: string): Promise<string> {
  const sha = await commitOf(call.repository.folder, name);
  if (!sha) throw notFound();
  return sha;
}

const READ = [{ statuses: "read" }] as const;

/** Statuses of commits. */
export const statusRoutes: readonly Route[] = [
  on("POST /repos/{owner}/{repo}/statuses/{sha}", [{ statuses: "write" }], async (call) => {
    const { world, repository, who } = call;
    const sha = await commitOf(repository.folder, param(call, "sha"));
    if (!sha || !/^[0-9a-f]{40}$/.test(param(call, "sha"))) {
      throw unprocessable(`No commit found for SHA: ${param(call, "sha")}`);
    }
    const context = text(call, "context") ?? "default";
    const description = text(call, "description") ?? null;
    const wrong = (field: string, message: string): Error =>
      invalid([{ resource: "Status", field, code: "custom", message }]);
    if ((description ?? "").length > 140) {
      throw wrong("description", "description is too long (maximum is 140 characters)");
    }
    const same = repository.statuses.filter((one) => one.sha === sha && one.context === context);
    if (same.length >= 1000) {
      throw wrong("base", "This SHA and context has reached the maximum number of statuses.");
    }
    const status: CommitStatus = {
      id: nextId(world),
      sha,
      context,
      state: (text(call, "state") ?? "pending") as CommitStatus["state"],
      description,
      url: text(call, "target_url") ?? null,
      creator: who.account,
      app: who.app?.id,
      createdAt: stamp(world),
    };
    repository.statuses.push(status);
    await tellOnDefault(call, repository, "status", {
      ...view(world, repository, status),
      sha,
      name: repository.fullName,
      commit: commitView(world, repository, await readCommit(repository, sha)),
      branches: [],
    });
    await inTurn(world, repository, () => settleQueue(call, repository));
    return created(view(world, repository, status));
  }),
  on("GET /repos/{owner}/{repo}/commits/{ref}/statuses", READ, async (call) => {
    const sha = await commitNamed(call, param(call, "ref"));
    const found = call.repository.statuses.filter((status) => status.sha === sha).reverse();
    return listed(call, found, (status) => view(call.world, call.repository, status));
  }),
  on("GET /repos/{owner}/{repo}/commits/{ref}/status", READ, async (call) => {
    const { world, repository } = call;
    const sha = await commitNamed(call, param(call, "ref"));
    const latest = latestStatuses(repository, sha);
    const page = pageOf(call, latest);
    const api = `${apiOf(world, repository)}/commits/${sha}`;
    return ok(
      {
        state: combined(latest),
        statuses: page.items.map((status) => {
          const { creator: _, ...rest } = view(world, repository, status);
          return rest;
        }),
        sha,
        total_count: latest.length,
        repository: minimalView(world, repository),
        commit_url: api,
        url: `${api}/status`,
      },
      page.headers,
    );
  }),
];
