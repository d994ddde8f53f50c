import { randomBytes } from "node:crypto";
import type { App } from "./apps.ts";
import type { Artifact } from "./artifacts.ts";
import type { CheckRun } from "./checks.ts";
import type { Deployment } from "./deployments.ts";
import type { Issue } from "./issues.ts";
import type { Label } from "./labels.ts";
import type { Queued } from "./queue.ts";
import type { Release } from "./releases.ts";
import type { Rules } from "./rules.ts";
import type { Run } from "./runs.ts";
import type { CommitStatus } from "./statuses.ts";
import type { Identity } from "./tokens.ts";

/** What somebody is to a repository. */
export type Role = "admin" | "maintain" | "write" | "triage" | "read";

/** A person, an organization or a bot. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
}

/** One repository, with all that hangs on it. */
export interface Repository {
  readonly id: number;
  readonly owner: Account;
  readonly name: string;
  /** `acme/wages` */
  readonly fullName: string;
  readonly private: boolean;
  defaultBranch: string;
  /** The bare repository. */
  readonly folder: string;
  readonly parent: Repository | undefined;
  readonly collaborators: Map<string, Role>;
  readonly issues: Map<number, Issue>;
  readonly labels: Map<string, Label>;
  readonly checks: CheckRun[];
  readonly statuses: CommitStatus[];
  readonly releases: Map<number, Release>;
  readonly deployments: Map<number, Deployment>;
  readonly runs: Map<number, Run>;
  readonly workflows: Map<string, number>;
  readonly artifacts: Map<number, Artifact>;
  readonly rules: Map<string, Rules>;
  readonly queue: Queued[];
  /** Commits that GitHub made and signed. */
  readonly signed: Set<string>;
  readonly createdAt: string;
  pushedAt: string;
}

/** Everything that the server knows. */
export interface World {
  /** Where bare repositories and artifacts are kept. */
  readonly folder: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly apiUrl: string;
  readonly now: () => Date;
  readonly accounts: Map<string, Account>;
  readonly repositories: Map<string, Repository>;
  readonly identities: Map<string, Identity>;
  readonly apps: Map<number, App>;
  /** Signs the runtime tokens and the links to blobs. */
  readonly secret: Buffer;
  readonly revoked: Set<string>;
  readonly counter: { next: number };
  /** One after the other, what touches refs of one network of forks. */
  readonly turns: Map<string, Promise<unknown>>;
}

/** An empty world. */
export const newWorld = (folder: string, url: string, now: () => Date): World => ({
  folder,
  url,
  apiUrl: `${url}/api/v3`,
  now,
  accounts: new Map(),
  repositories: new Map(),
  identities: new Map(),
  apps: new Map(),
  secret: randomBytes(32),
  revoked: new Set(),
  counter: { next: 1000 },
  turns: new Map(),
});

/** The next identifier: unique over all kinds of things. */
export const nextId = (world: World): number => ++world.counter.next;

/** Now, to the second, as GitHub writes times. */
export const stamp = (world: World): string =>
  world
    .now()
    .toISOString()
    .replace(/\.\d+Z$/, "Z");

/** The identifier that GraphQL uses. */
export const nodeId = (kind: string, id: number | string): string =>
  Buffer.from(`${kind}:${id}`).toString("base64url");

/** Finds an account, or makes it: a bot by its name, else a person unless told otherwise. */
export function account(world: World, login: string, otherwise: Account["type"] = "User"): Account {
  const known = world.accounts.get(login.toLowerCase());
  if (known) return known;
  const type = login.endsWith("[bot]") ? "Bot" : otherwise;
  const made: Account = { id: login === "github-actions[bot]" ? 41898282 : nextId(world), login, type };
  world.accounts.set(login.toLowerCase(), made);
  return made;
}

/** A repository by its full name; letter case does not matter, nor a `.git` at the end. */
export const findRepository = (world: World, fullName: string): Repository | undefined =>
  world.repositories.get(fullName.toLowerCase().replace(/\.git$/, ""));

/** The repository from which all of a network were forked. */
export const rootOf = (repository: Repository): Repository =>
  repository.parent ? rootOf(repository.parent) : repository;

/** Does one thing after the other within a network of forks, for they share their objects. */
export function inTurn<T>(world: World, repository: Repository, work: () => Promise<T>): Promise<T> {
  const root = rootOf(repository).folder;
  const before = world.turns.get(root) ?? Promise.resolve();
  const mine = before.then(work, work);
  world.turns.set(
    root,
    mine.catch(() => undefined),
  );
  return mine;
}
