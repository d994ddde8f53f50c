import { markdownText } from "../escape.ts";
import { OUTCOMES, outcomeOf } from "../outcome.ts";
import type { Report } from "../report.ts";
import type { Block } from "./blocks.ts";
import { changesBlock, comparisonBlock } from "./changes.ts";
import { chartsBlock } from "./charts.ts";
import { checksBlock, checksLine, warningsBlock, warningsLine } from "./checks.ts";
import { confusionBlock } from "./confusion.ts";
import { fairnessBlock, groupBlocks } from "./fairness.ts";
import { fit } from "./fit.ts";
import { gatesBlock } from "./gates.ts";
import { allMetricsBlock, metricsBlock } from "./metrics.ts";
import { subjectBlock } from "./subject.ts";

/** GitHub takes 65,536 characters; the rest is room for a marker and for what an action adds. */
export const COMMENT_LIMIT = 60_000;

/**
 * The report as the comment on a pull request.
 *
 * The first screen decides: verdict, the one sentence, gates, metrics, who is treated how. The rest is
 * folded. Whatever the input, it stays below {@link COMMENT_LIMIT}, and no text in it can format,
 * link, ping, or forge a marker.
 */
export function renderMarkdown(report: Report): string {
  const sections: readonly (Block | null)[] = [
    verdictBlock(report),
    comparisonBlock(report),
    gatesBlock(report),
    metricsBlock(report),
    fairnessBlock(report),
    checksLine(report),
    warningsLine(report),
    chartsBlock(report),
    changesBlock(report),
    ...groupBlocks(report),
    allMetricsBlock(report),
    confusionBlock(report),
    checksBlock(report),
    warningsBlock(report),
    subjectBlock(report),
  ];
  return fit(
    sections.filter((block) => block !== null),
    COMMENT_LIMIT,
  );
}

function verdictBlock(report: Report): Block {
  const { icon, word } = OUTCOMES[outcomeOf(report)];
  return {
    title: "verdict",
    versions: [
      `## ${icon} ${word} · ${markdownText(report.model, 80)}\n\n**${markdownText(report.sentence, 600)}**`,
    ],
  };
}
