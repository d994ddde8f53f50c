import { markdownText } from "./escape.ts";
import type { Block } from "./markdown/blocks.ts";
import { fit } from "./markdown/fit.ts";
import { decidingBlocks, foldedBlocks } from "./markdown/parts.ts";
import { subjectBlock } from "./markdown/subject.ts";
import { OUTCOMES, outcomeOf } from "./outcome.ts";
import type { Report } from "./report.ts";

/** GitHub takes 65,536 characters; the rest is room for a marker and for what an action adds. */
export const COMMENT_LIMIT = 60_000;

/**
 * The report as the comment on a pull request.
 *
 * The first screen decides: verdict, the one sentence, the gates that do not pass, three figures. The rest is
 * folded. Whatever the input, it stays below {@link COMMENT_LIMIT}, and no text in it can format,
 * link, ping, or forge a marker.
 */
export function renderMarkdown(report: Report): string {
  const sections = [
    verdictBlock(report),
    ...decidingBlocks(report),
    ...foldedBlocks(report),
    subjectBlock(report),
  ];
  return fit(
    sections.filter((block) => block !== null),
    COMMENT_LIMIT,
  );
}

function verdictBlock(report: Report): Block {
  const said = markdownText(report.sentence, 600);
  const { icon, word } = OUTCOMES[outcomeOf(report)];
  return {
    title: "verdict",
    versions: [
      `## ${icon} ${word} · ${markdownText(report.model, 80)}${said === "" ? "" : `\n\n**${said}**`}`,
    ],
  };
}
