import { join, relative, sep } from "node:path";
import type { Content } from "../core/artifacts/digest.ts";
import type { Ingredient } from "../core/artifacts/ingredient.ts";
import { type Lock, parseLock } from "../core/artifacts/lock.ts";
import type { StageProject } from "./project.ts";
import { modelFolder } from "./train.ts";

/** What the model is compared with: the model that the base commit's lock names. */
export interface Baseline {
  readonly commit: string;
  readonly model: Content;
  readonly lock: Lock;
}

/**
 * The base commit: the one the caller names, else where the branch left the default branch, else,
 * on the default branch itself, the commit that is checked out.
 */
export async function baseCommit({ repo, base }: StageProject): Promise<string | undefined> {
  if (repo === undefined) return undefined;
  if (base !== undefined) return await repo.resolve(base);
  return (await repo.mergeBase()) ?? (await repo.head());
}

/** A contract's lock at a commit; undefined where it had none. */
export async function lockAt(project: StageProject, commit: string): Promise<Lock | undefined> {
  const { repo, folder } = project;
  if (repo === undefined) return undefined;
  const path = relative(repo.root, join(folder, "trainyard.lock")).split(sep).join("/");
  const bytes = await repo.show(commit, path);
  return bytes === undefined
    ? undefined
    : parseLock(Buffer.from(bytes).toString("utf8"), `${commit.slice(0, 7)}:${path}`);
}

/** The baseline, or undefined where the base has no model or the project is in no repository. */
export async function findBaseline(project: StageProject): Promise<Baseline | undefined> {
  const commit = await baseCommit(project);
  if (commit === undefined) return undefined;
  const lock = await lockAt(project, commit);
  const model = lock?.get("train")?.out.find(({ path }) => path === modelFolder(project.contract));
  return lock === undefined || model === undefined ? undefined : { commit, model, lock };
}

/**
 * The baseline as an ingredient of the evaluation. Once a change is merged, its model is the base's,
 * too; what it was compared with then stays what it was, since nothing about it has changed.
 */
export async function baselineIngredient(project: StageProject): Promise<Ingredient> {
  const baseline = await findBaseline(project);
  const reason = "the model is compared with it";
  const own = project.lock.get("train")?.out.find(({ path }) => path === modelFolder(project.contract));
  if (baseline !== undefined && baseline.model.md5 === own?.md5) {
    const before = project.lock.get("evaluate")?.in.find(({ name }) => name === "baseline");
    if (before !== undefined) return before;
  }
  if (baseline === undefined) return { kind: "stage", name: "baseline", value: null, reason };
  const { md5, sha256, size } = baseline.model;
  return { kind: "stage", name: "baseline", md5, sha256, size, reason };
}
