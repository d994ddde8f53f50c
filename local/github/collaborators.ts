import { accountView } from "./accounts.ts";
import { notFound, ok } from "./answers.ts";
import { listed } from "./pages-of-lists.ts";
import { roleOf } from "./permissions.ts";
import { on, param, type RepositoryCall, type Route } from "./routes.ts";
import type { Account, Role } from "./world.ts";

const LEVELS: readonly Role[] = ["read", "triage", "write", "maintain", "admin"];
/** The old word for each role: `permission` knows four levels. */
const OLD: Readonly<Record<Role, string>> = {
  read: "read",
  triage: "read",
  write: "write",
  maintain: "write",
  admin: "admin",
};

function view(call: RepositoryCall, account: Account, role: Role | undefined): Record<string, unknown> {
  const rank = role === undefined ? 0 : LEVELS.indexOf(role);
  return {
    ...accountView(call.world, account),
    permissions: {
      admin: rank >= 4,
      maintain: rank >= 3,
      push: rank >= 2,
      triage: rank >= 1,
      pull: role !== undefined || !call.repository.private,
    },
    role_name: role ?? "none",
  };
}

/** Who may do what. */
export const collaboratorRoutes: readonly Route[] = [
  on("GET /repos/{owner}/{repo}/collaborators/{username}/permission", [{ metadata: "read" }], (call) => {
    const { world, repository } = call;
    const found = world.accounts.get(param(call, "username").toLowerCase());
    if (!found) throw notFound(`${param(call, "username")} is not a user`);
    // Anybody can read what is public.
    const role = roleOf(repository, found.login) ?? (repository.private ? undefined : "read");
    return ok({
      permission: role ? OLD[role] : "none",
      user: view(call, found, role),
      role_name: role ?? "none",
    });
  }),
  on("GET /repos/{owner}/{repo}/collaborators", [{ metadata: "read" }], (call) => {
    const { world, repository } = call;
    const all = [...repository.collaborators].flatMap(([login, role]) => {
      const found = world.accounts.get(login);
      return found ? [{ found, role }] : [];
    });
    return listed(call, all, ({ found, role }) => view(call, found, role));
  }),
];
