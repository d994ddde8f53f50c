import { retrainBody, retrainBranch, retrainTitle } from "../../core/retrain/pull.ts";
import { UserError } from "../../errors.ts";
import { type Forge, HeadMoved, type PullRequest } from "../../ports/forge.ts";
import type { Taken } from "./take.ts";

/** What a proposal is told. */
export interface Proposal {
  /** Commit of the default branch that the data were taken upon. */
  readonly base: string;
  /** The open issue that says why, if there is one. */
  readonly issue: number | undefined;
  /** Who asked, in words: `the label on #7`. */
  readonly asked: string;
  /** Whether a person asked now: what somebody closed is proposed again then. */
  readonly person: boolean;
}

/** What became of it. */
export type Proposed =
  | { readonly did: "proposed" | "updated" | "stands"; readonly pull: PullRequest; readonly head: string }
  | { readonly did: "nothing"; readonly why: string };

/**
 * Commits new pointers to the model's own branch and opens ONE pull request, or brings the open one up
 * to date. A branch to which anybody else has committed is theirs.
 *
 * @param forge in whose name is written
 */
export async function propose(forge: Forge, taken: Taken, proposal: Proposal): Promise<Proposed> {
  const { model, changed, write } = taken;
  if (write.length === 0) return nothing("the newest rows are those that the model was trained on");
  const branch = retrainBranch(model);
  const owner = forge.repository.split("/")[0] ?? "";
  const speaker = await forge.speaker();
  const { defaultBranch } = await forge.repositoryInfo();
  const [newest] = await forge.pulls.of(`${owner}:${branch}`);
  const open = newest?.state === "open" ? newest : undefined;
  const found = await forge.branch(branch);
  if (found !== undefined && !(await isOurs(forge, defaultBranch, found, speaker.login))) {
    return nothing(
      `somebody else committed to "${branch}", which is theirs now; merge it or delete it, and ask again`,
    );
  }
  const same = found !== undefined && (await holds(forge, found, write));
  if (same && open === undefined && newest !== undefined && !proposal.person) {
    return nothing(`#${newest.number} with these very rows was closed`);
  }
  let head = found;
  if (!same) {
    if (open === undefined || found === undefined) await forge.moveBranch(branch, proposal.base);
    const expectedHead = open === undefined || found === undefined ? proposal.base : found;
    try {
      const message = `Bring the newest rows for ${model}\n\nBy retrain.refresh of its contract.`;
      head = (await forge.commit({ branch, expectedHead, message, write, remove: [] })).sha;
    } catch (error) {
      if (error instanceof HeadMoved) return nothing(`somebody was quicker: ${error.message}`);
      throw error;
    }
  }
  if (head === undefined) throw new UserError(`"${branch}" is gone`);
  const body = retrainBody(model, changed, { ...proposal, starts: speaker.triggersWorkflows });
  if (open !== undefined) {
    await forge.pulls.update(open.number, { body }); // the issue may be newer than the pull request
    return { did: same ? "stands" : "updated", pull: open, head };
  }
  const pull = await forge.pulls.create({
    title: retrainTitle(model),
    body,
    head: branch,
    base: defaultBranch,
  });
  return { did: "proposed", pull, head };
}

const nothing = (why: string): Proposed => ({ did: "nothing", why });

/** More commits than a retraining and its verdicts make on one branch. */
const MOST = 100;

/** Whether all that a branch has beyond the default branch was committed in our name. */
async function isOurs(forge: Forge, base: string, head: string, me: string): Promise<boolean> {
  const fork = await forge.pulls.mergeBase(base, head);
  let at = head;
  for (let count = 0; count < MOST && at !== fork; count++) {
    const commit = await forge.commitInfo(at);
    if (commit === undefined || !OURS(me).includes(commit.author ?? "") || commit.parents.length !== 1)
      return false;
    at = commit.parents[0] ?? fork;
  }
  return at === fork;
}

/** An App may have come later than the workflow's own token. */
const OURS = (me: string): readonly string[] => [me, "github-actions[bot]"];

/** Whether a commit holds these very files. */
async function holds(forge: Forge, commit: string, write: Taken["write"]): Promise<boolean> {
  for (const { path, bytes } of write) {
    const there = await forge.file(path, commit);
    if (there === undefined || !Buffer.from(there).equals(bytes)) return false;
  }
  return true;
}
