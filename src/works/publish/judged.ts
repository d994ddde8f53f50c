import { NoRemoteSet } from "../../core/artifacts/dvc-config.ts";
import type { Judgement } from "../../core/proposal/documents.ts";
import type { CommitBack } from "../../core/proposal/publish.ts";
import { heldStatus, type StatusDraft, status } from "../../core/proposal/status.ts";
import type { CommentFacts } from "../../core/report/comment.ts";
import { UserError } from "../../errors.ts";
import type { PullRequest } from "../../ports/forge.ts";
import { earlierVerdicts } from "../ledger-records.ts";
import { softly } from "../softly.ts";
import { publishBytes } from "./bytes.ts";
import { commitBack, type Planned, planBack } from "./commit-back.ts";
import { commentFacts, talkOf } from "./facts.ts";
import { readJudgement } from "./judgement.ts";
import { writeRecords } from "./records.ts";
import { type Said, sayComment, saySimply, sayVerdict } from "./say.ts";
import { attempt, type Published, type Scene, type Talk } from "./scene.ts";
import { nothingToJudge, skipped, stopped } from "./unjudged.ts";

/**
 * Publishes a judgement, in an order in which it may be killed after any step and done again:
 * bytes, record, check and status, comment, commit, check and status of that, comment.
 *
 * What a pass rests on comes first: without bytes or record there is no verdict, but a clear reason.
 */
export async function publishJudgement(scene: Scene, number: number): Promise<Published> {
  const pull = await scene.forge.pulls.get(number);
  if (pull === undefined || pull.state === "closed") return skipped(`pull request ${number} is not open`);
  const talk = await talkOf(scene, pull);
  if (scene.scored !== "success") {
    return stopped(scene, talk, `the job that scores the model ended with “${scene.scored}”`);
  }
  let judgement: Judgement;
  let kept: boolean;
  try {
    judgement = await readJudgement(scene);
    const idle = judgement.models.every(({ state }) => state === "unchanged");
    if (judgement.verdict === "pass" && idle && judgement.deployments.length === 0) {
      return await nothingToJudge(scene, talk, judgement);
    }
    kept = await keep(scene, talk, judgement);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    talk.refused.push(error.message);
    return stopped(scene, talk, error.message);
  }
  return speak(scene, talk, judgement, kept);
}

/**
 * Bytes and record. Where they cannot be kept, a verdict that is no pass anyway is told nonetheless.
 *
 * @returns false where there is no remote to keep bytes in: no record vouches for what nobody has
 */
async function keep(scene: Scene, talk: Talk, judgement: Judgement): Promise<boolean> {
  try {
    await publishBytes(scene, judgement);
    await writeRecords(scene, talk, judgement);
    return true;
  } catch (error) {
    if (error instanceof NoRemoteSet) return false;
    if (!(error instanceof UserError) || judgement.verdict !== "fail") throw error;
    talk.refused.push(error.message);
    return true;
  }
}

async function speak(scene: Scene, talk: Talk, judgement: Judgement, kept: boolean): Promise<Published> {
  const { head } = scene;
  const earlier = await softly(async () =>
    earlierVerdicts(await scene.ledger(), judgement, talk.pull.number),
  );
  const say = (back: CommitBack) => tell(scene, talk, { judgement, back, earlier: earlier ?? [] });
  const plans = await plan(scene, talk, judgement);
  const planned: Planned =
    !kept && plans.back.state === "coming" ? { ...plans, back: { state: "kept nowhere" }, files: [] } : plans;
  let back = await standing(scene, talk, judgement, planned);
  const held = (coming: boolean) =>
    planned.foreign.length === 0 ? undefined : heldStatus(planned.foreign, coming);
  const stands = await sayVerdict(scene, talk, head, judgement, held(planned.back.state === "coming"));

  if (back.state === "coming" && !stands) {
    back = { state: "refused", reason: "the status could not be set, and the new commit would have none" };
  }
  let said = await say(back);
  if (back.state === "coming") back = await commitBack(scene, talk, judgement, planned.files);
  if (back.state === "committed") await sayVerdict(scene, talk, back.sha, judgement);
  else if (back.state !== "moved") await keepHeld(scene, talk, judgement, held(false));
  said = await say(back);
  return {
    outcome: judgement.verdict,
    comment: said.url,
    commit: back.state === "committed" ? back.sha : undefined,
    markdown: said.markdown,
    refused: back.state === "refused" ? [...talk.refused, back.reason] : talk.refused,
  };
}

/** No commit corrects what the change wrote of its own: its author has to. */
async function keepHeld(
  scene: Scene,
  talk: Talk,
  judgement: Judgement,
  held: StatusDraft | undefined,
): Promise<void> {
  if (held === undefined) return;
  await sayVerdict(scene, talk, scene.head, judgement, held);
  if (!talk.refused.includes(held.description)) talk.refused.push(held.description);
}

async function plan(scene: Scene, talk: Talk, judgement: Judgement): Promise<Planned> {
  const planned = await attempt(talk.refused, () => planBack(scene, talk, judgement));
  const reason = "what the branch holds could not be read";
  if (planned !== undefined) return planned;
  const foreign = judgement.models.flatMap(({ files }) => files.map(({ path }) => path)); // nobody knows
  return { back: { state: "refused", reason }, files: [], foreign };
}

/**
 * What is planned; where the head is another than the one that was judged, it may be our own commit
 * upon it, which an earlier attempt made: the forge knows.
 */
async function standing(
  scene: Scene,
  talk: Talk,
  judgement: Judgement,
  { back, files }: Planned,
): Promise<CommitBack> {
  if (talk.pull.head.sha === scene.head || back.state !== "coming") return back;
  return commitBack(scene, talk, judgement, files);
}

async function tell(
  scene: Scene,
  talk: Talk,
  {
    judgement,
    back: planned,
    earlier,
  }: Pick<CommentFacts, "earlier"> & { readonly judgement: Judgement; readonly back: CommitBack },
): Promise<Said> {
  const newest = await newestHead(scene, talk.pull);
  const known = planned.state === "committed" ? planned.sha : scene.head;
  const moved = newest !== known && newest !== scene.head;
  const back: CommitBack = moved ? { state: "moved", head: newest } : planned;
  const facts = await commentFacts(scene, talk, earlier);
  return sayComment(scene, talk, { kind: "judged", judgement, back, facts }, newest);
}

async function newestHead({ forge }: Scene, pull: PullRequest): Promise<string> {
  return (await softly(() => forge.pulls.get(pull.number)))?.head.sha ?? pull.head.sha;
}

/** In a merge queue nothing is said but the status of the group's commit: what was judged is looked up. */
export async function publishVerification(scene: Scene): Promise<Published> {
  const refused: string[] = [];
  const { forge, head } = scene;
  const done = (outcome: Published["outcome"], markdown: string): Published => ({
    outcome,
    comment: undefined,
    commit: undefined,
    markdown,
    refused,
  });
  try {
    if (scene.scored !== "success") {
      throw new UserError(`the job that looks verdicts up ended with “${scene.scored}”`);
    }
    const judgement = await readJudgement(scene);
    const rules = await softly(async () => forge.rules((await forge.repositoryInfo()).defaultBranch));
    await sayVerdict(scene, { refused, approvals: rules?.approvals }, head, judgement);
    return done(judgement.verdict, `The merge group's verdict: ${judgement.verdict}.\n`);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    await saySimply(scene, refused, head, status("error", `Not verified: ${error.message}`));
    refused.push(error.message);
    return done("stopped", `Not verified; the log says why.\n`);
  }
}
