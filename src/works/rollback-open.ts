import {
  type RollbackFacts,
  rollbackBody,
  rollbackBranch,
  rollbackBranches,
  rollbackTitle,
} from "../core/deployments/rollback.ts";
import { UserError } from "../errors.ts";
import type { Forge, PullRequest } from "../ports/forge.ts";
import { type RollbackPlan, stateIn } from "./rollback.ts";

/** The default branch, which a rollback on the forge begins from. */
export interface ForgeBase {
  readonly branch: string;
  readonly commit: string;
}

/** @throws {UserError} where the default branch is gone */
export async function forgeBase(forge: Forge): Promise<ForgeBase> {
  const { defaultBranch } = await forge.repositoryInfo();
  const commit = await forge.branch(defaultBranch);
  if (commit === undefined) throw new UserError(`the default branch "${defaultBranch}" is gone`);
  return { branch: defaultBranch, commit };
}

/**
 * Opens the pull request of a rollback: one branch, one commit, one file. Asked again, or after it was
 * killed at any moment, there is still one. A person merges it.
 *
 * @returns undefined where the default branch wants these bytes already
 */
export async function openRollback(
  forge: Forge,
  plan: RollbackPlan,
  base: ForgeBase,
): Promise<PullRequest | undefined> {
  const { path, text, to, model, environment } = plan;
  const now = stateIn(await forge.file(path, base.commit), path);
  if (now?.digest.sha256 === to.digest.sha256) return undefined;
  const facts: RollbackFacts = { model, environment, to, from: now };
  const there = await openAlready(forge, facts, base, path);
  if (there !== undefined) return there;
  const branch = rollbackBranch(facts, base.commit);
  const message = rollbackTitle(facts);
  const head = await forge.branch(branch);
  if (head === undefined) await forge.createBranch(branch, base.commit);
  if (head === undefined || head === base.commit) {
    const write = [{ path, bytes: new TextEncoder().encode(text) }];
    await forge.commit({ branch, expectedHead: base.commit, message, write, remove: [] });
  } else if (!(await wantsThese(forge, facts, head, path))) {
    throw new UserError(`the branch "${branch}" holds something else; delete it, and ask again`);
  }
  return forge.pulls.create({ title: message, body: rollbackBody(facts), head: branch, base: base.branch });
}

/** An open pull request of this repository that brings the same bytes back. */
async function openAlready(
  forge: Forge,
  facts: RollbackFacts,
  base: ForgeBase,
  path: string,
): Promise<PullRequest | undefined> {
  for (const pull of await forge.pulls.open()) {
    const { head } = pull;
    if (pull.base.ref !== base.branch || head.repository !== forge.repository) continue;
    if (!head.ref.startsWith(rollbackBranches(facts))) continue;
    if (await wantsThese(forge, facts, head.sha, path)) return pull;
  }
  return undefined;
}

async function wantsThese(
  forge: Forge,
  { to }: RollbackFacts,
  commit: string,
  path: string,
): Promise<boolean> {
  return stateIn(await forge.file(path, commit), path)?.digest.sha256 === to.digest.sha256;
}
