import { mermaidText } from "../escape.ts";
import type { Fairness, Report } from "../report.ts";

/*
 * Charts that GitHub draws from Mermaid text, each beside a table of the same numbers: mail shows no
 * chart. `xychart-beta` is the spelling that both old and new versions know; GitHub does not say which
 * it has.
 */

/** More bars than this cannot be told apart in a comment's width; fewer are seen in the table as well. */
const [FEWEST, MOST] = [3, 12];

const percent = (share: number): string => (share * 100).toFixed(1);
const quoted = (text: string): string => `"${text}"`;

/** Half as high as it would be: a chart stands beside a table, not instead of one. */
const SIZE = '%%{init: {"xyChart": {"width": 720, "height": 280}}}%%';

function fence(lines: readonly string[]): string {
  return ["```mermaid", SIZE, "xychart-beta", ...lines.map((line) => `  ${line}`), "```"].join("\n");
}

/** How often each group is selected (bars) and found when it should be (line); the largest groups. */
export function ratesChart({ column, groups }: Fairness): string[] {
  const drawn = groups
    .filter(({ selection_rate }) => selection_rate.value !== null)
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST);
  if (drawn.length < FEWEST) return [];
  const found = drawn.map(({ true_positive_rate }) => true_positive_rate.value);
  const complete = found.every((value) => value !== null);
  const title = `Selected (bars)${complete ? " and true positive rate (line)" : ""} by ${mermaidText(column, 40)}`;
  return [
    fence([
      `title ${quoted(title)}`,
      `x-axis [${drawn.map(({ name }) => quoted(mermaidText(name, Math.floor(80 / drawn.length)))).join(", ")}]`,
      'y-axis "percent" 0 --> 100',
      `bar [${drawn.map(({ selection_rate }) => percent(selection_rate.value ?? 0)).join(", ")}]`,
      ...(complete ? [`line [${found.map((value) => percent(value ?? 0)).join(", ")}]`] : []),
    ]),
  ];
}

/** How often what was predicted came true, bin by bin (bars), against what was predicted (line). */
export function calibrationChart(bins: Report["curves"]["calibration"]): string[] {
  const drawn = bins.filter(({ predicted, observed }) =>
    [predicted, observed].every((share) => share >= 0 && share <= 1),
  );
  if (drawn.length < FEWEST || drawn.length > 2 * MOST) return [];
  return [
    fence([
      'title "Came true (bars) and predicted (line)"',
      `x-axis [${drawn.map(({ predicted }) => quoted(percent(predicted))).join(", ")}]`,
      'y-axis "percent" 0 --> 100',
      `bar [${drawn.map(({ observed }) => percent(observed)).join(", ")}]`,
      `line [${drawn.map(({ predicted }) => percent(predicted)).join(", ")}]`,
    ]),
  ];
}
