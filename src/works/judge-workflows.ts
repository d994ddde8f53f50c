import type { JudgedModel } from "../core/proposal/documents.ts";
import type { Scene } from "./judge-scene.ts";

const WORKFLOWS = /^\.github\/workflows\/[^/]+\.ya?ml$/;

/**
 * What to say of a model that was trained by other workflows than the base's: those of a pull request are
 * its author's, who may have handed over a model of any making. Nothing where they are the same.
 */
export async function workflowNotes(
  { head, base }: Pick<Scene, "head" | "base">,
  models: readonly Pick<JudgedModel, "origin">[],
): Promise<readonly string[]> {
  if (!models.some(({ origin }) => origin === "trained here")) return [];
  const [ours, theirs] = await Promise.all(
    [head, base].map(async ({ workspace, commit }) => (await workspace.repo?.files(commit)) ?? []),
  );
  const paths = [...new Set([...(ours ?? []), ...(theirs ?? [])])].filter((path) => WORKFLOWS.test(path));
  const others: string[] = [];
  for (const path of paths.sort()) {
    if ((await head.committed(path)) !== (await base.committed(path))) others.push(path);
  }
  if (others.length === 0) return [];
  return [
    `the workflows are others than the base's (${others.slice(0, 5).join(", ")}), so that how the model was trained is the change's own word`,
  ];
}
