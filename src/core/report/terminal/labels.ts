import { terminalText } from "../escape.ts";
import { formatCount, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import { rateText } from "../wording.ts";
import { type Cell, columns, type Paint } from "./columns.ts";
import { capped } from "./lines.ts";

/** Each of several labels on its own. */
export function labelLines(
  { labels = [], baseline }: Pick<Report, "labels" | "baseline">,
  width: number,
  ink: Paint,
): string[] {
  if (labels.length === 0) return [];
  const compared = baseline.state === "compared";
  const titles = ["", "rows", "precision", "recall", "F1", ...(compared ? ["production"] : []), "ROC AUC"];
  const head = titles.map(
    (text, at): Cell => ({ text, colour: ink.dim, ...(at === 0 ? {} : { align: "right" }) }),
  );
  return capped(labels, "labels", width, (shown) =>
    columns(
      [
        head,
        ...shown.map((label): Cell[] => [
          { text: terminalText(label.name, 40) },
          ...[
            formatCount(label.rows),
            rateText(label.precision, false),
            rateText(label.recall, false),
            formatNumber(label.f1),
            ...(compared ? [formatNumber(label.baseline?.f1)] : []),
            formatNumber(label.roc_auc),
          ].map((text): Cell => ({ text, align: "right" })),
        ]),
      ],
      width,
    ),
  );
}
