import { unreachable } from "../../errors.ts";
import type { JudgedModel, Judgement } from "../proposal/documents.ts";
import type { CommitBack } from "../proposal/publish.ts";
import { headline, outcomeWords, toldOf } from "../proposal/status.ts";
import { artifactBlocks } from "./comment/artifacts.ts";
import { deploymentsBlock } from "./comment/deployments.ts";
import type { Comment, CommentFacts } from "./comment/facts.ts";
import { linked } from "./comment/links.ts";
import { type About, markerLines } from "./comment/marker.ts";
import { lineageBlock, modelBlocks, noteBlocks, paragraph } from "./comment/model.ts";
import { subjectLine } from "./comment/origin.ts";
import { markOutdated } from "./comment/outdated.ts";
import { reviewText } from "./comment/review.ts";
import { modelSections, modelsTable } from "./comment/several.ts";
import { nothingText, pendingText, stoppedText } from "./comment/states.ts";
import { markdownText } from "./escape.ts";
import { type Block, details } from "./markdown/blocks.ts";
import { fit } from "./markdown/fit.ts";
import { COMMENT_LIMIT } from "./markdown.ts";
import { counted } from "./numbers.ts";
import { OUTCOMES } from "./outcome.ts";

export type { Comment, CommentFacts } from "./comment/facts.ts";

/** Room for our marker and the notice that a comment is outdated. */
const SPARE = 600;
/** Notes that stand unfolded. */
const NOTES = 3;

/**
 * The comment on a pull request, from the first invisible line on.
 *
 * The first line that shows is the verdict, the first screen what decides and when to review; the rest
 * is folded. At most {@link COMMENT_LIMIT} characters, and no text in it can format, link, ping, or
 * forge our marker. It names no cell of the data.
 */
export function renderComment(comment: Comment): string {
  const body = `${markerLines(aboutWhat(comment))}\n\n${textOf(comment).trimEnd()}\n`;
  const moved = comment.kind === "judged" && comment.back.state === "moved" ? comment.back.head : undefined;
  return moved === undefined ? body : markOutdated(body, moved);
}

function aboutWhat(comment: Comment): About {
  if (comment.kind !== "judged") return { commit: comment.head, state: comment.kind };
  const { judgement, back } = comment;
  const committed = back.state === "committed" ? back.sha : undefined;
  return { commit: judgement.commit, state: "judged", committed };
}

function textOf(comment: Comment): string {
  switch (comment.kind) {
    case "judged":
      return judgedText(comment);
    case "pending":
      return pendingText(comment);
    case "stopped":
      return stoppedText(comment);
    case "nothing":
      return nothingText(comment);
    default:
      return unreachable(comment);
  }
}

function judgedText({
  judgement,
  back,
  facts,
}: {
  readonly judgement: Judgement;
  readonly back: CommitBack;
  readonly facts: CommentFacts;
}): string {
  const looked = judgement.models.filter(({ state }) => state !== "unchanged");
  const [first] = looked;
  const one = looked.length === 1 && first !== undefined ? first : undefined;
  const blocks: readonly (Block | null)[] = [
    paragraph("verdict", titleOf(judgement, one)),
    paragraph("subject", subjectLine(judgement, looked, facts)),
    paragraph("review", reviewText(back, judgement.verdict, facts, looked.length > 0)),
    ...refusals(facts),
    deploymentsBlock(judgement.deployments, facts, looked.length === 0 && judgement.deployments.length === 1),
    ...(one === undefined
      ? [looked.length === 0 ? null : modelsTable(looked, facts), ...notes(judgement, looked.length)]
      : [...noteBlocks(one, judgement, facts), ...notes(judgement, 1), ...modelBlocks(one, facts)]),
    ...artifactBlocks(judgement),
    one === undefined ? null : lineageBlock(one, judgement, facts),
  ];
  const above = blocks.filter((block) => block !== null);
  const room = COMMENT_LIMIT - SPARE;
  const page = linked("`report.html`", facts.page);
  if (one !== undefined) return fit(above, room, page);
  const taken = fit(above, room / 2, page).length;
  return fit([...above, ...modelSections(judgement, looked, facts, room - taken - SPARE)], room, page);
}

function titleOf(judgement: Judgement, one: JudgedModel | undefined): string {
  const { icon, word } =
    one?.verdict === judgement.verdict && toldOf(judgement.deployments).length === 0
      ? outcomeWords(one)
      : OUTCOMES[judgement.verdict];
  return `### ${icon} ${word} · ${markdownText(headline(judgement), 600)}`;
}

/** What could not be done and should have been. */
function refusals({ refused }: CommentFacts): (Block | null)[] {
  return refused.slice(0, 5).map((reason) => paragraph("rights", `✋ ${markdownText(reason, 600)}`));
}

function notes({ models, notes: said }: Judgement, looked: number): (Block | null)[] {
  const unchanged = models.length - looked;
  const texts = [
    ...said.map((note) => markdownText(note, 400)),
    ...(unchanged === 0 ? [] : [`${counted(unchanged, "other model")} unchanged.`]),
  ].filter((text) => text !== "");
  const list = texts.map((text) => `- ${text}`).join("\n");
  return [paragraph("notes", texts.length <= NOTES ? list : details(`Notes (${texts.length})`, list))];
}
