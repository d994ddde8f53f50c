import type { Judgement } from "../../core/proposal/documents.ts";
import { CHECK_NAME } from "../../core/proposal/publish.ts";
import { headline, status } from "../../core/proposal/status.ts";
import { checkOf } from "../../core/report/check.ts";
import { aboutOf, VERDICT_MARKER } from "../../core/report/comment/marker.ts";
import { markOutdated } from "../../core/report/comment/outdated.ts";
import { type Comment, renderComment } from "../../core/report/comment.ts";
import type { PullRequest } from "../../ports/forge.ts";
import { talkOf } from "./facts.ts";
import { sayComment, saySimply } from "./say.ts";
import { attempt, type Published, type Scene, type Talk } from "./scene.ts";

/** Nothing was done, for there is nobody to tell. */
export function skipped(reason: string): Published {
  return {
    outcome: "skipped",
    comment: undefined,
    commit: undefined,
    markdown: `Nothing was published: ${reason}.\n`,
    refused: [],
  };
}

/** There is no verdict, for a reason that is not the model's: an error on the commit, never a pass. */
export async function stopped(scene: Scene, talk: Talk, reason: string): Promise<Published> {
  const { head, run } = scene;
  await saySimply(scene, talk.refused, head, status("error", `Not judged: ${reason}`));
  const comment: Comment = { kind: "stopped", head, reason, run: run?.url };
  const { sha } = talk.pull.head; // of a commit that is not the head nobody need hear
  const said = sha === head ? await sayComment(scene, talk, comment, sha) : undefined;
  return {
    outcome: "stopped",
    comment: said?.url,
    commit: undefined,
    markdown: said?.markdown ?? renderComment(comment),
    refused: talk.refused,
  };
}

/** No model changed: a status, and a comment only in the place of an older one. */
export async function nothingToJudge(scene: Scene, talk: Talk, judgement: Judgement): Promise<Published> {
  const { forge, head, run } = scene;
  const { pull, refused } = talk;
  const url = run === undefined ? {} : { url: run.url };
  const check = { name: CHECK_NAME, commit: head, ...checkOf(judgement, new Map()), ...url };
  await attempt(refused, () => forge.checks.put(check));
  await saySimply(scene, refused, head, status("success", headline(judgement)));
  const comment: Comment = { kind: "nothing", head, models: judgement.models.length };
  const there = await attempt(refused, () => forge.comments.find(pull.number, VERDICT_MARKER));
  const about = there === undefined ? undefined : aboutOf(there.body);
  const older = about !== undefined && about.committed !== head && pull.head.sha === head;
  const said = older ? await sayComment(scene, talk, comment, head) : undefined;
  return {
    outcome: "nothing",
    comment: said?.url ?? there?.url,
    commit: undefined,
    markdown: said?.markdown ?? renderComment(comment),
    refused,
  };
}

/** It waits: a pending status and why, unless that very commit has its verdict already. */
export async function publishPending(scene: Scene, number: number): Promise<Published> {
  const { forge, head } = scene;
  const pull = await forge.pulls.get(number);
  if (pull === undefined || pull.state === "closed") return skipped(`pull request ${number} is not open`);
  if (pull.head.sha !== head)
    return skipped("the head has moved, and the newer commit is looked at by itself");
  const talk = await talkOf(scene, pull);
  const there = await attempt(talk.refused, () => forge.comments.find(number, VERDICT_MARKER));
  const about = there === undefined ? undefined : aboutOf(there.body);
  if (about?.committed === head || (about?.commit === head && about.state === "judged")) {
    return skipped("this commit has its verdict already");
  }
  await saySimply(scene, talk.refused, head, status("pending", scene.reason));
  const said = await sayComment(scene, talk, { kind: "pending", head, reason: scene.reason }, head);
  return {
    outcome: "pending",
    comment: said.url,
    commit: undefined,
    markdown: said.markdown,
    refused: talk.refused,
  };
}

/** The run was for a commit that is no longer the head: an older comment says so, a newer one stays. */
export async function publishMoved({ forge }: Scene, number: number): Promise<Published> {
  const pull: PullRequest | undefined = await forge.pulls.get(number);
  if (pull === undefined || pull.state === "closed") return skipped(`pull request ${number} is not open`);
  const there = await forge.comments.find(number, VERDICT_MARKER);
  const about = there === undefined ? undefined : aboutOf(there.body);
  const { sha } = pull.head;
  if (there === undefined || about === undefined)
    return skipped("the head has moved, and nothing was said yet");
  if (about.commit === sha || about.committed === sha) return skipped("the comment is for the newest commit");
  const refused: string[] = [];
  const markdown = markOutdated(there.body, sha);
  const written = await attempt(refused, () => forge.comments.upsert(number, VERDICT_MARKER, markdown));
  return { outcome: "skipped", comment: written?.url ?? there.url, commit: undefined, markdown, refused };
}
