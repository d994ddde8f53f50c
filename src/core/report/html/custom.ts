import { htmlText } from "../escape.ts";
import { formatCount, formatDifference, formatInterval, formatNumber } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { CustomByGroup, CustomGroup } from "../sections/custom.ts";
import { card, codeHtml, sub, tableHtml } from "./markup.ts";

/** The contract's own metrics by group. */
export function customCard({ fairness, baseline }: Pick<Report, "fairness" | "baseline">): string {
  const compared = baseline.state === "compared";
  const tables = fairness.flatMap(({ column, custom = [] }) =>
    custom.map((metric) => tableOf(column, metric, compared)),
  );
  return card(
    "Own metrics by group",
    tables.join("\n"),
    "what the contract defines, for each group on its own",
  );
}

function tableOf(column: string, { title, groups }: CustomByGroup, compared: boolean): string {
  const caption = `${title} by ${column}`;
  const headings = [
    { title: "Group" },
    { title: "n", number: true },
    { title, number: true },
    ...(compared
      ? ([
          { title: "Production", number: true },
          { title: "Difference", number: true },
        ] as const)
      : []),
  ] as const;
  const table = tableHtml(caption, headings, groups, (one) => [
    codeHtml(one.group, 60),
    formatCount(one.rows),
    valueHtml(one),
    ...(compared ? [formatNumber(one.baseline), differenceHtml(one)] : []),
  ]);
  return `<h3>${htmlText(caption, 120)}</h3>${table}`;
}

function valueHtml({ value, interval, reason }: CustomGroup): string {
  if (value === null) return `–${sub(htmlText(reason ?? "no data", 160))}`;
  return formatNumber(value) + sub(interval === null ? "" : formatInterval(interval));
}

function differenceHtml({ difference }: CustomGroup): string {
  if (difference === null) return "–";
  const { value, interval } = difference;
  return formatDifference(value) + sub(interval === null ? "" : formatInterval(interval, formatDifference));
}
