import { join } from "node:path";
import { repositoryIn } from "../core/doctor/origin.ts";
import { EXIT, UserError } from "../errors.ts";
import type { Ports } from "../ports/ports.ts";
import type { Workspace } from "../ports/workspace.ts";
import { checkoutSource, forgeSource, type Source } from "../works/serve/source.ts";
import { choice, list, text } from "./inputs.ts";

/*
 * What `serve` and `reconcile` follow: the newest approved deployments on the forge, or the desired
 * states of a checkout.
 */

/** Inputs that say whom to follow. */
export const followInputs = {
  from: choice(
    "What is followed: the deployments on GitHub, or deployments/ in this checkout",
    ["github", "checkout"],
    "github",
  ),
  repository: text("owner/name on GitHub; else the one that origin names", { placeholder: "name" }),
  by: list("Only deployments that this account made, such as acme-trainyard[bot]; else everybody's", {
    placeholder: "login",
  }),
  token: text("To ask GitHub with; else TRAINYARD_TOKEN, GITHUB_TOKEN or GH_TOKEN", { placeholder: "token" }),
} as const;

interface Followed {
  readonly from: "github" | "checkout";
  readonly repository: string | undefined;
  readonly by: readonly string[];
  readonly token: string | undefined;
}

/** Who says what an environment is to serve. @throws {UserError} exit 2 where no repository is named */
export async function sources(
  ports: Ports,
  workspace: Workspace,
  { from, repository: named, by, token }: Followed,
): Promise<(environment: string) => Source> {
  const { files, repo, root } = workspace;
  if (from === "checkout") {
    return (environment) => checkoutSource({ root: repo?.root ?? root, files }, environment);
  }
  const config = repo === undefined ? undefined : await files.read(join(repo.root, ".git", "config"));
  const repository = named ?? ports.host.repository ?? repositoryIn(config ?? "");
  if (repository === undefined) {
    throw new UserError(
      "origin is no repository on GitHub; name it with --repository owner/name, or follow this checkout with --from checkout",
      { exit: EXIT.usage },
    );
  }
  const access = { repository, ...(token === undefined ? {} : { token }) };
  return (environment) => forgeSource(() => ports.forge(access), { repository, environment, by });
}
