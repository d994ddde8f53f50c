import { markdownCode, summaryCode } from "../escape.ts";
import { formatCount, formatShare } from "../numbers.ts";
import type { Report } from "../report.ts";
import { type Block, foldBlock, left, right, table } from "./blocks.ts";

/** A table of more classes than this is read by nobody. */
const CLASSES = 15;

type Confusion = NonNullable<Report["confusion"]>;

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
  return foldBlock("Confusion matrix", 45, [table(headings, rows) + more], finding(confusion));
}

/** How many are right, and which mistake is the commonest. */
function finding({ labels, counts }: Confusion): string {
  let [right, all, most, from, to] = [0, 0, 0, 0, 0];
  for (const [truth, row] of counts.entries()) {
    for (const [predicted, count] of row.entries()) {
      all += count;
      if (truth === predicted) right += count;
      else if (count > most) [most, from, to] = [count, truth, predicted];
    }
  }
  const share = `${formatCount(right)} of ${formatCount(all)} right (${formatShare(all === 0 ? null : right / all)})`;
  if (most === 0) return share;
  const [was, is] = [from, to].map((place) => summaryCode(labels[place] ?? "", 24));
  return `${share}, most often wrong: ${was} taken for ${is}, ${formatCount(most)} times`;
}
