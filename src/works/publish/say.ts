import type { Judgement } from "../../core/proposal/documents.ts";
import { CHECK_NAME, STATUS_CONTEXT } from "../../core/proposal/publish.ts";
import { type StatusDraft, statusOf } from "../../core/proposal/status.ts";
import { type CheckDraft, checkOf } from "../../core/report/check.ts";
import { aboutOf, VERDICT_MARKER } from "../../core/report/comment/marker.ts";
import { type Comment, renderComment } from "../../core/report/comment.ts";
import type { Written } from "../../ports/forge.ts";
import { contractTexts } from "./facts.ts";
import { attempt, type Scene, type Talk } from "./scene.ts";

/** Sets our status on a commit. @returns whether it stands now */
export async function saySimply(
  { forge, run }: Scene,
  refused: string[],
  commit: string,
  status: StatusDraft,
): Promise<boolean> {
  const url = run === undefined ? {} : { url: run.url };
  const put = async () => {
    await forge.statuses.put(commit, { context: STATUS_CONTEXT, ...status, ...url });
    return true;
  };
  return (await attempt(refused, put)) === true;
}

/**
 * Sets check and status of a judgement on a commit.
 *
 * @param held what keeps this very commit from a verdict that would let it be merged
 * @returns whether the status stands now
 */
export async function sayVerdict(
  scene: Scene,
  talk: Pick<Talk, "refused" | "approvals">,
  commit: string,
  judgement: Judgement,
  held?: StatusDraft,
): Promise<boolean> {
  const { forge, run } = scene;
  const found = checkOf(judgement, await contractTexts(scene, judgement));
  const said = statusOf(judgement, talk.approvals);
  const holds = held !== undefined && said.state === "success" ? held : undefined;
  const draft = holds === undefined ? found : { ...found, ...heldCheck(holds) };
  const url = run === undefined ? {} : { url: run.url };
  await attempt(talk.refused, () => forge.checks.put({ name: CHECK_NAME, commit, ...draft, ...url }));
  return saySimply(scene, talk.refused, commit, holds ?? said);
}

const heldCheck = ({ state, description }: StatusDraft): Pick<CheckDraft, "conclusion" | "title"> => ({
  conclusion: state === "failure" ? "failure" : "action_required",
  title: description,
});

/** A comment that was written, or the one that was left as it is. */
export interface Said {
  readonly url: string | undefined;
  readonly markdown: string;
}

/**
 * Writes our one comment, unless it speaks of the head already and what is to be said does not.
 *
 * @param newest the pull request's head now
 */
export async function sayComment(
  { forge }: Scene,
  { pull, refused }: Talk,
  comment: Comment,
  newest: string,
): Promise<Said> {
  const markdown = renderComment(comment);
  const commit = comment.kind === "judged" ? comment.judgement.commit : comment.head;
  const there = await attempt(refused, () => forge.comments.find(pull.number, VERDICT_MARKER));
  const about = there === undefined ? undefined : aboutOf(there.body);
  const current = about?.commit === newest || about?.committed === newest;
  if (there !== undefined && current && about?.commit !== commit) return { url: there.url, markdown };
  const written: Written | undefined = await attempt(refused, () =>
    forge.comments.upsert(pull.number, VERDICT_MARKER, markdown),
  );
  return { url: written?.url, markdown };
}
