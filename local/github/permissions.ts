import { forbidden, notFound, unauthorized } from "./answers.ts";
import type { Needs } from "./routes.ts";
import type { Identity } from "./tokens.ts";
import type { Repository, Role } from "./world.ts";

const RANK: Readonly<Record<Role, number>> = { read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** What a login is to a repository; undefined where it is nothing, so that a public one can just be read. */
export function roleOf(repository: Repository, login: string): Role | undefined {
  if (repository.owner.type === "User" && repository.owner.login.toLowerCase() === login.toLowerCase()) {
    return "admin";
  }
  return repository.collaborators.get(login.toLowerCase());
}

/** Whether somebody is at least this to a repository. */
export const isAtLeast = (repository: Repository, login: string, role: Role): boolean =>
  RANK[roleOf(repository, login) ?? "read"] >= RANK[role] &&
  (roleOf(repository, login) !== undefined || role === "read");

/** Whether a token holds one of the sets of permissions, for an integration. */
const holds = (identity: Identity, needs: Needs): boolean =>
  needs.length === 0 ||
  needs.some((set) =>
    Object.entries(set).every(([name, level]) => {
      const may = identity.permissions[name];
      return may === "write" || may === level;
    }),
  );

const writes = (needs: Needs): boolean => needs.some((set) => Object.values(set).includes("write"));
const administers = (needs: Needs): boolean => needs.some((set) => "administration" in set);

/** Whether somebody can see a repository at all. */
export function sees(identity: Identity, repository: Repository): boolean {
  if (!repository.private) return true;
  if (identity.kind === "user") return roleOf(repository, identity.account.login) !== undefined;
  return identity.repository === repository;
}

/** `issues=write; pull_requests=write`, as the header on a refusal has it. */
const accepted = (needs: Needs): string =>
  needs
    .map((set) =>
      Object.entries(set)
        .map(([name, level]) => `${name}=${level}`)
        .join(","),
    )
    .join("; ");

/** Whether somebody may, without saying why not. */
export function may(identity: Identity, repository: Repository, needs: Needs, role?: Role): boolean {
  const reading = !writes(needs) && !administers(needs);
  if (identity.kind === "user") {
    const least = role ?? (administers(needs) ? "admin" : writes(needs) ? "write" : "read");
    return isAtLeast(repository, identity.account.login, least);
  }
  if (reading && !repository.private) return true;
  return identity.repository === repository && holds(identity, needs);
}

/**
 * Refuses what somebody may not do: 404 where the repository is not to be seen, 401 where nobody in
 * particular wants to write, 403 with the permissions that would do.
 */
export function require(identity: Identity, repository: Repository, needs: Needs, role?: Role): void {
  if (!sees(identity, repository)) throw notFound();
  if (may(identity, repository, needs, role)) return;
  if (identity.kind === "nobody") throw unauthorized("Requires authentication");
  const by = identity.kind === "user" ? "personal access token" : "integration";
  throw forbidden(`Resource not accessible by ${by}`, {
    "x-accepted-github-permissions": accepted(needs),
  });
}
