import type { Judgement } from "../../core/proposal/documents.ts";
import { type BranchFile, type CommitBack, commitMessage, planCommit } from "../../core/proposal/publish.ts";
import { UserError } from "../../errors.ts";
import { HeadMoved } from "../../ports/forge.ts";
import type { Scene, Talk } from "./scene.ts";

/** What is to become of pointer and lock, before anything is written. */
export interface Planned {
  readonly back: CommitBack;
  /** What the judged commit lacks. */
  readonly files: readonly BranchFile[];
  /** Those of them that the change wrote itself, otherwise than was judged: merged as it is, it would bring these. */
  readonly foreign: readonly string[];
}

/** Looks at what the judged commit holds already, and plans the rest. */
export async function planBack({ forge, head }: Scene, talk: Talk, judgement: Judgement): Promise<Planned> {
  const { base } = talk.pull;
  let fork: Promise<string> | undefined;
  const leftAt = async (): Promise<string> => {
    fork ??= forge.branch(base.ref).then((tip) => forge.pulls.mergeBase(tip ?? base.sha, head));
    return fork;
  };
  const plan = planCommit(judgement, {
    fork: talk.pull.head.repository !== forge.repository,
    triggersWorkflows: talk.speaker.triggersWorkflows,
    required: talk.required ?? [],
  });
  if ("back" in plan && plan.back.state !== "fork" && plan.back.state !== "left without checks") {
    return { back: plan.back, files: [], foreign: [] };
  }
  const wanted = "files" in plan ? plan.files : judgement.models.flatMap(({ files }) => files);
  const files: BranchFile[] = [];
  const foreign: string[] = [];
  for (const file of wanted) {
    const there = await forge.file(file.path, head);
    if (there === file.text) continue;
    files.push(file);
    if (there !== (await forge.file(file.path, await leftAt()))) foreign.push(file.path);
  }
  if (files.length === 0) return { back: { state: "stands" }, files, foreign };
  return "back" in plan
    ? { back: plan.back, files: [], foreign }
    : { back: { state: "coming" }, files, foreign };
}

/**
 * Commits what is planned upon the judged commit and nothing else. Asked again after it was done, the
 * forge answers with the same commit.
 */
export async function commitBack(
  { forge, head }: Scene,
  { pull }: Talk,
  judgement: Judgement,
  files: readonly BranchFile[],
): Promise<CommitBack> {
  try {
    const { sha } = await forge.commit({
      branch: pull.head.ref,
      expectedHead: head,
      message: commitMessage(judgement),
      write: files.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text) })),
      remove: [],
    });
    return { state: "committed", sha };
  } catch (error) {
    if (error instanceof HeadMoved) return { state: "moved", head: error.found ?? "gone" };
    if (error instanceof UserError) return { state: "refused", reason: error.message };
    throw error;
  }
}
