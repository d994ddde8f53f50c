import { join } from "node:path";
import { LOCK_FILE } from "../../core/artifacts/lock-name.ts";
import { repositoryIn } from "../../core/doctor/origin.ts";
import type { LineageContext } from "../../core/lineage/openlineage.ts";
import { toolIngredient } from "../../pipeline/ingredients.ts";
import type { Workspace } from "../../ports/workspace.ts";

/**
 * What tells a repository's lineage from another's, and when its locks came to say what they say.
 *
 * @param now where no commit says when
 */
export async function lineageContext(
  { repo, files }: Workspace,
  revision: string | undefined,
  now: Date,
): Promise<LineageContext> {
  const version = String(toolIngredient().value);
  const told = { version, namespace: "trainyard", address: undefined, commit: undefined };
  const commit = revision === undefined ? await repo?.head() : await repo?.resolve(revision);
  if (repo === undefined || commit === undefined) return { ...told, at: now.toISOString() };
  const name = repositoryIn((await files.read(join(repo.root, ".git", "config"))) ?? "");
  const address = name === undefined ? undefined : `https://github.com/${name}`;
  const [newest] = await repo.commits(commit, [`**/${LOCK_FILE}`, "**/dvc.lock"]);
  const at = newest === undefined ? now : new Date(newest.at);
  return { ...told, namespace: address ?? "trainyard", address, commit, at: at.toISOString() };
}
