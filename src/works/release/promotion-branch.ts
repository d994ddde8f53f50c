import { environmentOf } from "../../core/deployments/desired.ts";
import { promotedBy } from "../../core/deployments/promotion.ts";
import { HeadMoved, type PullRequest } from "../../ports/forge.ts";
import type { Scene } from "./scene.ts";

/** One file that a branch of ours is to propose. */
export interface OnBranch {
  readonly branch: string;
  readonly open: PullRequest | undefined;
  /** The default branch's newest commit. */
  readonly base: string;
  readonly path: string;
  readonly text: string;
  /** The file as the default branch has it. */
  readonly current: string | undefined;
  readonly message: string;
}

/** What became of the branch. */
export type Put =
  | {
      readonly outcome: "put";
      readonly changed: boolean;
      /** Whether the open pull request still speaks for it; else another is to be opened. */
      readonly keep: boolean;
    }
  /** Somebody else wrote to it. */
  | { readonly outcome: "foreign"; readonly why: string };

/**
 * Has a branch propose one file and nothing else. While its pull request is open and the default branch
 * has the file as it was when the branch left it, a newer text is one more commit; else the branch begins
 * anew, since a merge would conflict.
 */
export async function putOnBranch(scene: Scene, wanted: OnBranch): Promise<Put> {
  const { forge } = scene;
  const { branch, base, path, text, current, message, open } = wanted;
  const head = await forge.branch(branch);
  if (head === undefined) {
    await forge.createBranch(branch, base);
    return commit(scene, wanted, base, true);
  }
  const left = head === base ? base : await forge.pulls.mergeBase(base, head);
  if (head !== left && !(await isOurs(scene, wanted, head))) {
    return { outcome: "foreign", why: `somebody else committed to "${branch}"` };
  }
  const there = await forge.file(path, head);
  const fresh = (await forge.file(path, left)) === current;
  if (fresh && there === text && head !== left) return { outcome: "put", changed: false, keep: true };
  if (open !== undefined && fresh) return commit(scene, wanted, head, true);
  if (open !== undefined) {
    // Its branch is about to hold nothing for a moment, which would end it without a word.
    await forge.pulls.update(open.number, { state: "closed" });
  }
  await forge.moveBranch(branch, base);
  return commit(scene, { ...wanted, message }, base, open === undefined);
}

/** Whether the branch's newest commit is a promotion of ours, and its pull request changes nothing else. */
async function isOurs({ forge }: Scene, { path, open }: OnBranch, head: string): Promise<boolean> {
  const [info, speaker] = await Promise.all([forge.commitInfo(head), forge.speaker()]);
  const place = environmentOf(path);
  if (info === undefined || place === undefined) return false;
  if (info.author !== speaker.login && info.author !== WORKFLOW) return false;
  if (promotedBy(info.message, place.environment, place.model) === undefined) return false;
  return open === undefined || (await forge.pulls.files(open.number)).every((one) => one === path);
}

/** Whoever spoke here before the team had an App. */
const WORKFLOW = "github-actions[bot]";

async function commit(scene: Scene, wanted: OnBranch, expectedHead: string, keep: boolean): Promise<Put> {
  const { branch, path, text, message } = wanted;
  try {
    const bytes = new TextEncoder().encode(text);
    await scene.forge.commit({ branch, expectedHead, message, write: [{ path, bytes }], remove: [] });
    return { outcome: "put", changed: true, keep };
  } catch (error) {
    if (!(error instanceof HeadMoved)) throw error;
    return { outcome: "foreign", why: `"${branch}" was written to at this very moment` };
  }
}
