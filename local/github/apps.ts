import { createVerify, generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import type { Permissions } from "../contract.ts";
import { accountView } from "./accounts.ts";
import { created, notFound, ok, unauthorized, unprocessable } from "./answers.ts";
import { listed } from "./pages-of-lists.ts";
import { minimalView, repositoryView } from "./repositories.ts";
import { type Call, numberParam, on, param, type Route, record, route } from "./routes.ts";
import { installationToken, underscored } from "./tokens.ts";
import {
  type Account,
  account,
  findRepository,
  nextId,
  nodeId,
  type Repository,
  stamp,
  type World,
} from "./world.ts";

/** A GitHub App with its one installation. */
export interface App {
  readonly id: number;
  readonly slug: string;
  readonly bot: Account;
  readonly owner: Account;
  readonly permissions: Permissions;
  readonly publicKey: string;
  readonly installation: number;
  readonly repository: Repository | undefined;
  readonly createdAt: string;
}

/** Makes the app that workflows' own tokens speak for. */
export function actionsApp(world: World): App {
  const app: App = {
    id: 15368,
    slug: "github-actions",
    bot: account(world, "github-actions[bot]", "Bot"),
    owner: account(world, "github", "Organization"),
    permissions: { metadata: "read", checks: "write", contents: "write" },
    publicKey: "",
    installation: 0,
    repository: undefined,
    createdAt: stamp(world),
  };
  world.apps.set(app.id, app);
  return app;
}

/** Makes an app of a team and installs it on a repository. */
export async function makeApp(
  world: World,
  slug: string,
  repository: Repository,
  permissions: Permissions,
): Promise<{ readonly id: number; readonly privateKey: string }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const app: App = {
    id: nextId(world),
    slug,
    bot: account(world, `${slug}[bot]`, "Bot"),
    owner: repository.owner,
    permissions: { metadata: "read", ...underscored(permissions) },
    publicKey,
    installation: nextId(world),
    repository,
    createdAt: stamp(world),
  };
  world.apps.set(app.id, app);
  return { id: app.id, privateKey };
}

/** An app as the API shows it. */
export function appView(world: World, app: App): Record<string, unknown> {
  return {
    id: app.id,
    client_id: `Iv23li${app.id}`,
    slug: app.slug,
    node_id: nodeId("Integration", app.id),
    owner: accountView(world, app.owner),
    name: app.slug === "github-actions" ? "GitHub Actions" : app.slug,
    description: "",
    external_url: `${world.url}/apps/${app.slug}/about`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: [],
  };
}

function installationView(world: World, app: App): Record<string, unknown> {
  const api = `${world.apiUrl}/app/installations/${app.installation}`;
  return {
    id: app.installation,
    account: accountView(world, app.owner),
    access_tokens_url: `${api}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${app.installation}`,
    app_id: app.id,
    client_id: `Iv23li${app.id}`,
    app_slug: app.slug,
    target_id: app.owner.id,
    target_type: app.owner.type,
    repository_selection: "selected",
    permissions: app.permissions,
    events: [],
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    created_at: app.createdAt,
    updated_at: app.createdAt,
    suspended_by: null,
    suspended_at: null,
  };
}

const MESSAGE = "A JSON web token could not be decoded";

/** What a web token says of itself. @throws {Refused} 401 where it is none */
export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return record(JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8")));
  } catch {
    throw unauthorized(MESSAGE);
  }
}

/** The app that signed the request's web token. @throws {Refused} 401 */
function signer(call: Call): App {
  const token = (call.headers.authorization ?? "").replace(/^\w+\s+/, "");
  const [head = "", payload = "", sign = ""] = token.split(".");
  const { iss, exp, iat } = claimsOf(token);
  const app = [...call.world.apps.values()].find(
    ({ id }) => String(iss) === String(id) || iss === `Iv23li${id}`,
  );
  if (!app?.publicKey) throw notFound("Integration not found");
  const right = createVerify("RSA-SHA256")
    .update(`${head}.${payload}`)
    .verify(app.publicKey, sign, "base64url");
  if (!right) throw unauthorized(MESSAGE);
  const now = call.world.now().getTime() / 1000;
  if (Number(exp) < now)
    throw unauthorized(
      "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
    );
  if (Number(iat) > now + 60)
    throw unauthorized(
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  if (Number(exp) - now > 660) throw unauthorized("'Expiration time' claim ('exp') is too far in the future");
  return app;
}

function installed(call: Call, repository: Repository | undefined): Record<string, unknown> {
  const app = signer(call);
  if (!repository || app.repository !== repository) throw notFound();
  return installationView(call.world, app);
}

function narrowed(app: App, asked: unknown): Permissions {
  if (asked === undefined) return app.permissions;
  for (const [name, level] of Object.entries(record(asked))) {
    const has = app.permissions[name];
    if (has === undefined || (level === "write" && has === "read")) {
      throw unprocessable("The permissions requested are not granted to this installation.");
    }
  }
  return { metadata: "read", ...(record(asked) as Permissions) };
}

/** Apps, and the tokens of their installations. */
export const appRoutes: readonly Route[] = [
  route("GET /app", (call) => ok(appView(call.world, signer(call)))),
  route("GET /apps/{app_slug}", (call) => {
    const app = [...call.world.apps.values()].find(({ slug }) => slug === param(call, "app_slug"));
    if (!app) throw notFound();
    return ok(appView(call.world, app));
  }),
  route("GET /app/installations", (call) =>
    listed(call, [signer(call)], (app) => installationView(call.world, app)),
  ),
  route("GET /app/installations/{installation_id}", (call) => {
    const app = signer(call);
    if (app.installation !== numberParam(call, "installation_id")) throw notFound();
    return ok(installationView(call.world, app));
  }),
  on("GET /repos/{owner}/{repo}/installation", [], (call) => {
    const name = `${param(call, "owner")}/${param(call, "repo")}`;
    return ok(installed(call, findRepository(call.world, name)));
  }),
  route("POST /app/installations/{installation_id}/access_tokens", (call) => {
    const app = signer(call);
    const { world, body } = call;
    const { repository } = app;
    if (app.installation !== numberParam(call, "installation_id") || !repository) throw notFound();
    const wanted = Array.isArray(body.repositories) ? body.repositories : [repository.name];
    const ids = Array.isArray(body.repository_ids) ? body.repository_ids : [repository.id];
    if (wanted.some((name) => name !== repository.name) || ids.some((id) => id !== repository.id)) {
      throw unprocessable(
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    }
    const permissions = narrowed(app, body.permissions);
    const token = installationToken(world, app, repository, permissions);
    const expires = new Date(world.now().getTime() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    return created({
      token,
      expires_at: expires,
      permissions,
      repository_selection: "selected",
      ...(body.repositories || body.repository_ids
        ? { repositories: [repositoryView(world, repository)] }
        : {}),
    });
  }),
  route("DELETE /installation/token", (call) => {
    const token = (call.headers.authorization ?? "").replace(/^\w+\s+/, "");
    call.world.revoked.add(token);
    return { status: 204 };
  }),
  route("GET /installation/repositories", (call) => {
    const { repository } = call.who;
    if (!repository) throw unauthorized("Requires authentication");
    const repositories = [
      { ...repositoryView(call.world, repository), ...minimalView(call.world, repository) },
    ];
    return ok({ total_count: 1, repositories });
  }),
];
