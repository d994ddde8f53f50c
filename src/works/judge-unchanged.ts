import { LOCK_FILE } from "../core/artifacts/lock-name.ts";
import { joinPath } from "../core/artifacts/path.ts";
import type { RulesChange } from "../core/proposal/documents.ts";
import { UserError } from "../errors.ts";
import type { BaseContract } from "./given-base.ts";
import { changedWorks } from "./given-run.ts";
import { digestText, type Judged, type Scene } from "./judge-scene.ts";
import type { StageProject } from "./project.ts";
import { toldRules } from "./rules.ts";
import { modelFolder } from "./train.ts";
import { WORKS } from "./works.ts";

/** Whether the change leaves the model, its lock and its pointer as they are on the base. */
export async function isUnchanged(
  { head, base: tree }: Scene,
  folder: string,
  project: StageProject,
  base: BaseContract,
): Promise<boolean> {
  const lock = base.project?.lock;
  if (lock === undefined || lock.size < WORKS.length || base.folder !== folder) return false;
  for (const path of [LOCK_FILE, `models/${project.contract.model}.dvc`]) {
    const place = joinPath(folder, path);
    if ((await head.read(place)) !== (await tree.read(place))) return false;
  }
  return (await changedWorks(project, lock)).length === 0;
}

/** What is said of such a model. Where waivers change, and nothing else, a person has to agree. */
export function unchanged(
  folder: string,
  project: StageProject,
  base: BaseContract,
  behind: boolean,
  waivers: readonly RulesChange[],
): Judged {
  const entry = base.project?.lock.get("train");
  const content = entry?.out.find(({ path }) => path === modelFolder(project.contract));
  return {
    model: {
      model: project.contract.model,
      folder,
      state: "unchanged",
      verdict: waivers.length === 0 ? "pass" : "inconclusive",
      origin: "unchanged",
      fingerprint: entry?.fingerprint ?? null,
      digest: content === undefined ? null : digestText(content),
      problem: null,
      report: null,
      proposed: null,
      rules: toldRules(waivers),
      behind,
      files: [],
    },
    bytes: undefined,
    notes: waivers.map(
      ({ name, before, after }) => `${project.contract.model}: ${waiverNote(name, before, after)}`,
    ),
  };
}

function waiverNote(name: string, before: string | null, after: string | null): string {
  if (after === null) return `this change takes away ${name}: ${before}`;
  const does = before === null ? "adds" : "alters";
  return `this change ${does} ${name}: ${after}; it holds once a code owner has agreed and it is merged`;
}

/** Whether the base got another lock since the change left it. */
export async function isBehind(
  { head, base: tree, mergeBase }: Scene,
  base: BaseContract | undefined,
): Promise<boolean> {
  if (mergeBase === undefined || base === undefined) return false;
  const path = joinPath(base.folder, LOCK_FILE);
  for (const { repo } of [tree.workspace, head.workspace]) {
    try {
      const before = await repo?.show(mergeBase, path);
      const text = before === undefined ? undefined : Buffer.from(before).toString("utf8");
      return text !== (await tree.read(path));
    } catch (error) {
      if (!(error instanceof UserError)) throw error; // this repository does not hold the commit
    }
  }
  return false;
}
