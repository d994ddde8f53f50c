import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { Permissions } from "../contract.ts";
import { unauthorized } from "./answers.ts";
import type { App } from "./apps.ts";
import { type Account, account, type Repository, type World } from "./world.ts";

/** Who a token speaks for, and what it may do. */
export interface Identity {
  readonly kind: "user" | "job" | "app" | "nobody";
  readonly account: Account;
  /** Of an integration: where it may do what. */
  readonly repository: Repository | undefined;
  readonly permissions: Permissions;
  /** The app that checks and comments are attributed to. */
  readonly app: App | undefined;
  /** Whether what it does starts workflows. */
  readonly startsWorkflows: boolean;
  readonly expiresAt: number | undefined;
  /** What limits are counted by. */
  readonly key: string;
}

/** `pull-requests` of a workflow file is `pull_requests` to the API. */
export const underscored = (permissions: Permissions): Permissions =>
  Object.fromEntries(Object.entries(permissions).map(([name, may]) => [name.replaceAll("-", "_"), may]));

const register = (world: World, prefix: string, identity: Identity): string => {
  const token = `${prefix}_${randomBytes(18).toString("hex")}`;
  world.identities.set(token, identity);
  return token;
};

/** A person's token, which may do whatever the person may. */
export function userToken(world: World, login: string): string {
  const person = account(world, login);
  return register(world, "ghp", {
    kind: "user",
    account: person,
    repository: undefined,
    permissions: {},
    app: undefined,
    startsWorkflows: true,
    expiresAt: undefined,
    key: `user ${person.id}`,
  });
}

/** The token of one job of a workflow. What it does starts no workflow. */
export function jobToken(
  world: World,
  repository: Repository,
  actions: App,
  permissions: Permissions,
): string {
  return register(world, "ghs", {
    kind: "job",
    account: actions.bot,
    repository,
    permissions: { metadata: "read", ...underscored(permissions) },
    app: actions,
    startsWorkflows: false,
    expiresAt: undefined,
    key: `job ${repository.id}`,
  });
}

/** The token of an app's installation; gone after an hour. */
export function installationToken(
  world: World,
  app: App,
  repository: Repository,
  permissions: Permissions,
): string {
  return register(world, "ghs", {
    kind: "app",
    account: app.bot,
    repository,
    permissions: { metadata: "read", ...underscored(permissions) },
    app,
    startsWorkflows: true,
    expiresAt: world.now().getTime() + 3_600_000,
    key: `app ${app.id}`,
  });
}

/** Somebody who did not say who they are. */
export const nobody = (world: World): Identity => ({
  kind: "nobody",
  account: account(world, "ghost"),
  repository: undefined,
  permissions: {},
  app: undefined,
  startsWorkflows: false,
  expiresAt: undefined,
  key: "nobody",
});

/** The token within an `Authorization` header, in each of the forms that GitHub takes. */
export function tokenOf(header: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+)\s+(.+)$/.exec(header ?? "") ?? [];
  if (/^(bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return undefined;
  const [name = "", ...password] = Buffer.from(value, "base64").toString("utf8").split(":");
  return password.join(":") || name;
}

/** Whom a token speaks for. @throws {Refused} 401 for one that is unknown, revoked or too old */
export function identify(world: World, token: string | undefined): Identity {
  if (token === undefined) return nobody(world);
  const identity = world.identities.get(token);
  const old = identity?.expiresAt !== undefined && identity.expiresAt < world.now().getTime();
  if (!identity || old || world.revoked.has(token)) throw unauthorized();
  return identity;
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Signs a text with the world's own secret. */
export const signature = (world: World, value: string): string =>
  createHmac("sha256", world.secret).update(value).digest("base64url");

/** Whether a signature is the world's own. */
export function signedBy(world: World, value: string, given: string): boolean {
  const right = Buffer.from(signature(world, value));
  const found = Buffer.from(given);
  return right.length === found.length && timingSafeEqual(right, found);
}

/** What @actions/artifact is given: a web token whose scope names the run's attempt and the job. */
export function runtimeToken(world: World, run: string, job: string): string {
  const scp = `Actions.Results:${run}:${encodeURIComponent(job)}`;
  const head = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded({ scp, iss: world.url })}`;
  return `${head}.${signature(world, head)}`;
}

/** The run's attempt that a runtime token is for. @throws {Refused} 401 */
export function runOf(world: World, token: string | undefined): string {
  const [head = "", payload = "", sign = ""] = (token ?? "").split(".");
  if (!token || world.revoked.has(token) || !signedBy(world, `${head}.${payload}`, sign))
    throw unauthorized();
  const { scp } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { scp: string };
  return scp.split(":")[1] ?? "";
}
