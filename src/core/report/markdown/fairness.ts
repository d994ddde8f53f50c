import { predictsNumbers } from "../../measures/task.ts";
import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { groupGates } from "../gate-words.ts";
import { formatCount, formatEstimate, formatNumber, formatShare } from "../numbers.ts";
import { gravestFirst, OUTCOMES, tally } from "../outcome.ts";
import type { Fairness, Report } from "../report.ts";
import {
  columnText,
  extremes,
  firstGaps,
  type Group,
  hiddenText,
  type Rate,
  rateText,
  withoutText,
} from "../wording.ts";
import { type Block, foldBlock, type Heading, left, right, tableVersions } from "./blocks.ts";
import { ratesChart } from "./charts.ts";

/** So many columns are named in the fold's line, and so many have a table of their groups. */
const NAMED = 2;
const COLUMNS = 20;

/** Who is treated how: for each sensitive column the groups that stand furthest apart, then all of them. */
export function fairnessBlock(report: Report): Block | null {
  const { fairness, task } = report;
  if (fairness.length === 0) return null;
  const regression = predictsNumbers(task);
  const overview = overviewTables(fairness, regression);
  const columns = fairness.slice(0, COLUMNS).map((column) => columnVersions(column, regression));
  const most = Math.max(overview.length, ...columns.map((versions) => versions.length));
  const bodies = Array.from({ length: most }, (_, place) =>
    [overview, ...columns].map((versions) => versions[place] ?? versions.at(-1) ?? "").join("\n\n"),
  );
  return foldBlock("Fairness", 80, [...bodies, ...overview.slice(-1)], finding(report));
}

/** In one line: what gates say of groups, and who stands furthest apart. */
function finding({ fairness, gates, task }: Report): string {
  const about = gravestFirst(groupGates(gates));
  const [worst] = about;
  const gated = worst === undefined ? "not gated" : `${OUTCOMES[worst.verdict].icon} gates: ${tally(about)}`;
  const told = fairness
    .slice(0, NAMED)
    .map((column) => `${summaryCode(columnText(column), 60)} ${rangeText(column, predictsNumbers(task))}`);
  const more = fairness.length > NAMED ? `; and ${formatCount(fairness.length - NAMED)} more` : "";
  return `${gated} · ${told.join("; ")}${more}`;
}

/** The rate that differs most between groups, with those that stand furthest apart. */
function rangeText({ groups }: Fairness, regression: boolean): string {
  const say = ({ name }: Group, value: string): string => `${summaryCode(name, 24)} ${value}`;
  if (regression) {
    const found = extremes(groups, ({ error }) => error);
    if (found === null) return "too few rows";
    const { lowest, highest } = found;
    return `mean error ${say(lowest, formatNumber(lowest.error))} … ${say(highest, formatNumber(highest.error))}`;
  }
  const ranges = (["selection_rate", "true_positive_rate"] as const).flatMap((rate) => {
    const found = extremes(groups, (group) => group[rate].value);
    if (found === null) return [];
    const [low, high] = [found.lowest[rate].value ?? 0, found.highest[rate].value ?? 0];
    const word = rate === "selection_rate" ? "selected" : "true positives found";
    const text = `${word} ${say(found.lowest, formatShare(low))} … ${say(found.highest, formatShare(high))}`;
    return [{ width: high - low, text }];
  });
  return ranges.sort((a, b) => b.width - a.width)[0]?.text ?? "too few rows";
}

function overviewTables(fairness: readonly Fairness[], regression: boolean): string[] {
  const headings = regression
    ? [left("By"), left("Mean error, lowest to highest"), left("Gaps")]
    : [
        left("By"),
        left("Selected, lowest to highest"),
        left("True positives found, lowest to highest"),
        left("Gaps"),
      ];
  return tableVersions(headings, fairness, "sensitive columns", (column) => [
    `${markdownCode(columnText(column), 90)}, ${formatCount(column.groups.length)} groups`,
    ...(regression
      ? [errorRange(column)]
      : [
          rateRange(column, (group) => group.selection_rate),
          rateRange(column, (group) => group.true_positive_rate),
        ]),
    gaps(column),
  ]);
}

function rateRange({ groups }: Fairness, rateOf: (group: Group) => Rate): string {
  const found = extremes(groups, (group) => rateOf(group).value);
  if (found === null) return "–";
  const say = (group: Group): string => `${markdownCode(group.name, 40)} ${rateText(rateOf(group), false)}`;
  return `${say(found.lowest)} … ${say(found.highest)}`;
}

function errorRange({ groups }: Fairness): string {
  const found = extremes(groups, (group) => group.error);
  if (found === null) return "–";
  const say = (group: Group): string =>
    `${markdownCode(group.name, 40)} ${formatNumber(group.error)} on ${formatCount(group.size)}`;
  return `${say(found.lowest)} … ${say(found.highest)}`;
}

function gaps({ measures }: Fairness): string {
  const told = firstGaps(measures).map(
    (measure) => `${markdownText(measure.title, 60)} ${measureText(measure)}`,
  );
  return told.length === 0 ? "–" : told.join("; ");
}

function measureText(measure: Fairness["measures"][number]): string {
  if (measure.value === null && measure.reason !== null) return `– (${markdownText(measure.reason, 80)})`;
  const without = withoutText(measure.without, (name) => markdownCode(name, 40));
  const numbers = formatEstimate(measure.value, measure.interval);
  return without === "" ? numbers : `${numbers}, ${without}`;
}

/** Every group of one sensitive column with its denominators, and a chart where there are enough to compare. */
function columnVersions(column: Fairness, regression: boolean): string[] {
  const hidden = hiddenText(column);
  const above = [
    `**By ${markdownCode(columnText(column), 120)}** (“of n” is the denominator: the rows a rate was counted on)`,
  ];
  const under = [
    ...measuresLine(column),
    ...(hidden === null ? [] : [hidden]),
    ...(regression ? [] : ratesChart(column)),
  ];
  return groupTables(column, regression).map((text) => [...above, text, ...under].join("\n\n"));
}

function measuresLine({ measures }: Fairness): string[] {
  const told = measures
    .slice(0, 30)
    .map((measure) => `${markdownText(measure.title, 60)} ${measureText(measure)}`);
  return told.length === 0 ? [] : [told.join(" · ")];
}

function groupTables(column: Fairness, regression: boolean): string[] {
  const headings: readonly Heading[] = regression
    ? [left("Group"), right("n"), right("Mean absolute error")]
    : [
        left("Group"),
        right("n"),
        ...["Selected", "True positive rate", "False positive rate", "Accuracy"].map(right),
      ];
  return tableVersions(headings, column.groups, "groups", (group) => [
    markdownCode(group.name, 60),
    formatCount(group.size),
    ...(regression
      ? [formatNumber(group.error)]
      : [group.selection_rate, group.true_positive_rate, group.false_positive_rate, group.accuracy].map(
          (rate) => rateText(rate),
        )),
  ]);
}
