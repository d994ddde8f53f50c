import { forbidden, notFound, ok } from "./answers.ts";
import { type Call, param, type Route, route } from "./routes.ts";
import { type Account, nodeId, type World } from "./world.ts";

/** An account as the API shows it within other things. */
export function accountView(world: World, { id, login, type }: Account): Record<string, unknown> {
  const url = `${world.apiUrl}/users/${encodeURIComponent(login)}`;
  const page = type === "Bot" ? `apps/${login.replace(/\[bot\]$/, "")}` : login;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `${world.url}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${world.url}/${page}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** The address that GitHub writes into commits of an account. */
export const emailOf = ({ id, login }: Account): string => `${id}+${login}@users.noreply.github.com`;

function profile(call: Call, account: Account): Record<string, unknown> {
  return {
    ...accountView(call.world, account),
    name: null,
    company: null,
    blog: null,
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
  };
}

/** Who somebody is. */
export const accountRoutes: readonly Route[] = [
  route("GET /user", (call) => {
    if (call.who.kind === "user") return ok(profile(call, call.who.account), { "x-oauth-scopes": "repo" });
    throw forbidden("Resource not accessible by integration");
  }),
  route("GET /users/{username}", (call) => {
    const found = call.world.accounts.get(param(call, "username").toLowerCase());
    if (!found) throw notFound();
    return ok(profile(call, found));
  }),
  route("GET /orgs/{org}", (call) => {
    const { world } = call;
    const found = world.accounts.get(param(call, "org").toLowerCase());
    if (found?.type !== "Organization") throw notFound();
    const url = `${world.apiUrl}/orgs/${found.login}`;
    const { bio: _, hireable: __, ...shown } = profile(call, found);
    return ok({
      ...shown,
      name: found.login,
      company: "",
      blog: `${world.url}/${found.login}`,
      location: "",
      email: `${found.login}@example.com`,
      url,
      repos_url: `${url}/repos`,
      events_url: `${url}/events`,
      hooks_url: `${url}/hooks`,
      issues_url: `${url}/issues`,
      members_url: `${url}/members{/member}`,
      public_members_url: `${url}/public_members{/member}`,
      description: null,
      has_organization_projects: true,
      has_repository_projects: true,
      archived_at: null,
    });
  }),
];
