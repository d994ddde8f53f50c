import { markdownCode, summaryCode } from "../escape.ts";
import { formatCount, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { LabelRow } from "../sections/labels.ts";
import { shownThreshold } from "../sections/thresholds.ts";
import { rateText } from "../wording.ts";
import { type Block, foldBlock, left, right, tableVersions } from "./blocks.ts";

/** Each of several labels on its own: a table, and in one line which is found worst. */
export function labelsBlock({
  labels,
  baseline,
  subject,
}: Pick<Report, "labels" | "baseline" | "subject">): Block | null {
  if (labels === undefined || labels.length === 0) return null;
  const compared = baseline.state === "compared";
  const own = new Map(subject.thresholds?.map((one) => [one.label, shownThreshold(one)]));
  const headings = [
    left("Label"),
    right("Rows"),
    ...(own.size > 0 ? [right("Threshold")] : []),
    ...["Precision", "Recall", "F1"].map(right),
    ...(compared ? [right("F1 in production")] : []),
    ...["ROC AUC", "Average precision"].map(right),
  ];
  const bodies = tableVersions(headings, labels, "labels", (label) => [
    markdownCode(label.name, 60),
    formatCount(label.rows),
    ...(own.size > 0 ? [own.get(label.name) ?? "–"] : []),
    rateText(label.precision),
    rateText(label.recall),
    formatNumber(label.f1),
    ...(compared ? [formatNumber(label.baseline?.f1)] : []),
    formatNumber(label.roc_auc),
    formatNumber(label.average_precision),
  ]);
  const note =
    "“of n” is the denominator: of precision the rows that were decided to carry the label, of recall those that do.";
  return foldBlock(
    "Labels",
    70,
    bodies.map((text) => `${text}\n\n${note}`),
    finding(labels),
  );
}

/** How many labels there are, and the lowest and the highest F1. */
function finding(labels: readonly LabelRow[]): string {
  const known = labels
    .filter(({ rows }) => rows > 0)
    .flatMap(({ name, f1 }) => (f1 === null ? [] : [{ name, f1 }]))
    .sort((a, b) => a.f1 - b.f1);
  const [lowest] = known;
  const highest = known.at(-1);
  const count = `${formatCount(labels.length)} labels`;
  if (lowest === undefined || highest === undefined) return count;
  const say = ({ name, f1 }: typeof lowest) => `${summaryCode(name, 24)} ${formatNumber(f1)}`;
  const idle = labels.filter(({ rows }) => rows === 0).length;
  const none = idle === 0 ? "" : `; ${formatCount(idle)} on in no row`;
  return `${count}, F1 ${say(lowest)} … ${say(highest)}${none}`;
}
