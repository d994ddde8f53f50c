import { markdownCode } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import type { Report } from "../report.ts";
import { type Block, detailsBlock, left, right, table } from "./blocks.ts";

/** A table of more classes than this is read by nobody. */
const CLASSES = 15;

/** What was predicted for what it was, as counts of holdout rows. */
export function confusionBlock({ confusion }: Pick<Report, "confusion">): Block | null {
  if (confusion === null || confusion.labels.length === 0) return null;
  const { labels, counts } = confusion;
  const shown = labels.slice(0, CLASSES);
  const headings = [left("Truth ↓ · predicted →"), ...shown.map((label) => right(markdownCode(label, 24)))];
  const rows = shown.map((label, row) => [
    markdownCode(label, 24),
    ...shown.map((_, column) => formatCount(counts[row]?.[column] ?? null)),
  ]);
  const more =
    labels.length > CLASSES
      ? `\n\nThe first ${CLASSES} of ${formatCount(labels.length)} classes; \`report.html\` has more.`
      : "";
  return detailsBlock(
    "confusion matrix",
    45,
    [table(headings, rows) + more],
    "Confusion matrix (holdout rows)",
  );
}
