import { markdownCode, markdownText } from "../escape.ts";
import { formatCount, formatEstimate, formatNumber } from "../numbers.ts";
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
import { type Block, detailsBlock, type Heading, left, right, tableVersions } from "./blocks.ts";

/** Who is treated how: for each sensitive column the groups that stand furthest apart. */
export function fairnessBlock({ fairness, task }: Report): Block | null {
  if (fairness.length === 0) return null;
  const regression = task === "regression";
  const headings = regression
    ? [left("Who is treated how"), left("Mean error, lowest to highest"), left("Gaps")]
    : [
        left("Who is treated how"),
        left("Selected, lowest to highest"),
        left("True positives found, lowest to highest"),
        left("Gaps"),
      ];
  const versions = tableVersions(headings, fairness, "sensitive columns", (column) => [
    `${markdownCode(columnText(column), 90)}, ${formatCount(column.groups.length)} groups`,
    ...(regression
      ? [errorRange(column)]
      : [
          rateRange(column, (group) => group.selection_rate),
          rateRange(column, (group) => group.true_positive_rate),
        ]),
    gaps(column),
  ]);
  return { title: "fairness", importance: 80, versions };
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

/** Every group of every sensitive column with its denominators, folded. */
export function groupBlocks({ fairness, task }: Report): Block[] {
  return fairness.slice(0, 20).map((column, index) => {
    const tables = groupTables(column, task === "regression");
    const hidden = hiddenText(column);
    const told = [`Sensitive column: ${markdownCode(columnText(column), 120)}`];
    const under = [
      ...measuresLine(column),
      ...(hidden === null ? [] : [hidden]),
      "“of n” is the denominator: the rows a rate was counted on.",
    ];
    return detailsBlock(
      "groups",
      40 - index,
      tables.map((text) => [...told, text, ...under].join("\n\n")),
      `Groups of sensitive column ${index + 1}: who is treated how (${formatCount(column.groups.length)})`,
    );
  });
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
