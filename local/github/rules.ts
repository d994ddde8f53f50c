import { notFound, ok } from "./answers.ts";
import { commitView, readCommit } from "./commits.ts";
import { commitOf } from "./git.ts";
import { listed } from "./pages-of-lists.ts";
import { require } from "./permissions.ts";
import { apiOf, pageOf } from "./repositories.ts";
import { numberParam, on, param, type RepositoryCall, type Route } from "./routes.ts";
import { nodeId, type Repository, type World } from "./world.ts";

/** What a branch requires: one ruleset per branch. */
export interface Rules {
  readonly id: number;
  readonly branch: string;
  readonly checks: readonly { readonly context: string; readonly app?: number }[];
  readonly approvals: number;
  readonly codeOwners: boolean;
  readonly dismissStale: boolean;
  readonly mergeQueue: boolean;
  readonly createdAt: string;
}

/** Whether changes must come by pull request. */
export const needsPull = (rules: Rules): boolean =>
  rules.approvals > 0 || rules.codeOwners || rules.mergeQueue;

/** The rules of a ruleset, as GitHub writes them. */
function ruleViews(rules: Rules): readonly Record<string, unknown>[] {
  return [
    { type: "deletion" },
    { type: "non_fast_forward" },
    ...(needsPull(rules)
      ? [
          {
            type: "pull_request",
            parameters: {
              required_approving_review_count: rules.approvals,
              dismiss_stale_reviews_on_push: rules.dismissStale,
              require_code_owner_review: rules.codeOwners,
              require_last_push_approval: false,
              required_review_thread_resolution: false,
              allowed_merge_methods: ["merge", "squash", "rebase"],
            },
          },
        ]
      : []),
    ...(rules.checks.length > 0
      ? [
          {
            type: "required_status_checks",
            parameters: {
              strict_required_status_checks_policy: false,
              do_not_enforce_on_create: false,
              required_status_checks: rules.checks.map(({ context, app }) => ({
                context,
                ...(app === undefined ? {} : { integration_id: app }),
              })),
            },
          },
        ]
      : []),
    ...(rules.mergeQueue
      ? [
          {
            type: "merge_queue",
            parameters: {
              merge_method: "MERGE",
              max_entries_to_build: 5,
              min_entries_to_merge: 1,
              max_entries_to_merge: 5,
              min_entries_to_merge_wait_minutes: 5,
              grouping_strategy: "ALLGREEN",
              check_response_timeout_minutes: 60,
            },
          },
        ]
      : []),
  ];
}

function rulesetView(world: World, repository: Repository, rules: Rules): Record<string, unknown> {
  const self = `${apiOf(world, repository)}/rulesets/${rules.id}`;
  return {
    id: rules.id,
    name: `protect ${rules.branch}`,
    target: "branch",
    source_type: "Repository",
    source: repository.fullName,
    enforcement: "active",
    node_id: nodeId("RepositoryRuleset", rules.id),
    _links: { self: { href: self }, html: { href: `${pageOf(world, repository)}/rules/${rules.id}` } },
    created_at: rules.createdAt,
    updated_at: rules.createdAt,
  };
}

async function branchView(call: RepositoryCall, name: string): Promise<Record<string, unknown>> {
  const { world, repository } = call;
  const sha = await commitOf(repository.folder, `heads/${name}`);
  if (!sha) throw notFound("Branch not found");
  const api = `${apiOf(world, repository)}/branches/${name}`;
  return {
    name,
    commit: commitView(world, repository, await readCommit(repository, sha)),
    _links: { self: api, html: `${pageOf(world, repository)}/tree/${name}` },
    protected: repository.rules.has(name),
    protection: {
      enabled: false,
      required_status_checks: { enforcement_level: "off", contexts: [], checks: [] },
    },
    protection_url: `${api}/protection`,
  };
}

/** What branches are, and what protects them. Protection is by rulesets alone, as `protect` makes them. */
export const ruleRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/branches/{branch}/protection", [{ metadata: "read" }], (call) => {
    require(call.who, call.repository, [{ administration: "read" }], "admin");
    throw notFound("Branch not protected");
  }),
  on("GET /repos/{owner}/{repo}/branches/{branch}", [{ contents: "read" }], async (call) =>
    ok(await branchView(call, param(call, "branch"))),
  ),
  on("GET /repos/{owner}/{repo}/rules/branches/{branch}", [{ metadata: "read" }], (call) => {
    const { repository } = call;
    const rules = repository.rules.get(param(call, "branch"));
    const of = {
      ruleset_source_type: "Repository",
      ruleset_source: repository.fullName,
      ruleset_id: rules?.id,
    };
    return listed(call, rules ? ruleViews(rules) : [], (rule) => ({ ...rule, ...of }));
  }),
  on("GET /repos/{owner}/{repo}/rulesets", [{ metadata: "read" }], (call) =>
    listed(call, [...call.repository.rules.values()], (rules) =>
      rulesetView(call.world, call.repository, rules),
    ),
  ),
  on("GET /repos/{owner}/{repo}/rulesets/{ruleset_id}", [{ metadata: "read" }], (call) => {
    const { world, repository } = call;
    const rules = [...repository.rules.values()].find(({ id }) => id === numberParam(call, "ruleset_id"));
    if (!rules) throw notFound();
    return ok({
      ...rulesetView(world, repository, rules),
      conditions: { ref_name: { include: [`refs/heads/${rules.branch}`], exclude: [] } },
      rules: ruleViews(rules),
    });
  }),
];
