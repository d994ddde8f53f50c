import { join, relative, sep } from "node:path";
import { repositoryIn } from "../core/doctor/origin.ts";
import { EXIT, UserError } from "../errors.ts";
import type { ForgeAccess } from "../ports/forge.ts";
import type { Ledger } from "../ports/ledger.ts";
import type { Ports } from "../ports/ports.ts";
import type { Scene } from "../works/release/scene.ts";

/**
 * What a release is about: the commit that is checked out or laid out here, of the repository that the
 * surroundings name, else the one that `origin` is.
 *
 * @throws {UserError} outside of a repository, and before its first commit
 */
export async function releaseScene(ports: Ports, access: ForgeAccess): Promise<Scene> {
  const workspace = await ports.workspace(ports.folder);
  const { repo } = workspace;
  const commit = await repo?.head();
  if (repo === undefined || commit === undefined) {
    throw new UserError("there is no commit here whose desired states could be read", { exit: EXIT.usage });
  }
  const named = await namedAccess(ports, access);
  return {
    ports,
    forge: await ports.forge(named),
    ledger: await ports.ledger(named),
    workspace,
    top: repo.root,
    commit,
    run: ports.host.run?.url,
  };
}

/** The ledger of the same repository. */
export async function releaseLedger(ports: Ports, access: ForgeAccess): Promise<Ledger> {
  return ports.ledger(await namedAccess(ports, access));
}

async function namedAccess(ports: Ports, access: ForgeAccess): Promise<ForgeAccess> {
  if (access.repository !== undefined || ports.host.repository !== undefined) return access;
  const { repo, files } = await ports.workspace(ports.folder);
  const config = repo && (await files.read(join(repo.root, ".git", "config")));
  const repository = repositoryIn(config ?? "");
  return repository === undefined ? access : { ...access, repository };
}

/** A path from the tree's top as it is shown from where the stage was called. */
export function shownFrom(ports: Ports, { top }: Scene, path: string): string {
  return relative(ports.folder, join(top, path)).split(sep).join("/");
}
