import { markdownCode, markdownText } from "../escape.ts";
import { type Block, foldBlock, left, right, tableVersions } from "../markdown/blocks.ts";
import { counted, formatCount, formatDifference, formatEstimate, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { CustomByGroup } from "../sections/custom.ts";

/** The contract's own metrics by group, folded. */
export function customBlock({ fairness, baseline }: Pick<Report, "fairness" | "baseline">): Block | null {
  const found = fairness.flatMap(({ column, custom = [] }) => custom.map((metric) => ({ column, metric })));
  if (found.length === 0) return null;
  const compared = baseline.state === "compared";
  const tables = found.map(({ column, metric }) => tableOf(column, metric, compared));
  const names = new Set(found.map(({ metric }) => metric.name));
  return foldBlock("Own metrics by group", 62, [tables.join("\n\n")], counted(names.size, "metric"));
}

function tableOf(column: string, { title, groups }: CustomByGroup, compared: boolean): string {
  const headings = [
    left(markdownText(`By ${column}`, 60)),
    right("n"),
    right(markdownText(title, 80)),
    ...(compared ? [right("Production"), right("Difference")] : []),
  ];
  const [table = ""] = tableVersions(headings, groups, "groups", (one) => [
    markdownCode(one.group, 60),
    formatCount(one.rows),
    one.value === null
      ? `– (${markdownText(one.reason ?? "no data", 160)})`
      : formatEstimate(one.value, one.interval),
    ...(compared
      ? [
          formatNumber(one.baseline),
          one.difference === null
            ? "–"
            : formatEstimate(one.difference.value, one.difference.interval, formatDifference),
        ]
      : []),
  ]);
  return table;
}
