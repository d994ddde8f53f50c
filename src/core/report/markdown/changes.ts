import { markdownCode, markdownText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import type { Change, Report } from "../report.ts";
import { baselineText, changeText, shortCommit } from "../wording.ts";
import { type Block, detailsBlock, left, tableVersions } from "./blocks.ts";

/** So many changes are named in the line at the top; the rest is counted. */
const NAMED = 3;

/** With what the model was compared, and what changed since, in one paragraph. */
export function comparisonBlock(report: Report): Block {
  const { baseline, changes } = report;
  const commit = shortCommit(baseline.commit);
  const reason = baseline.reason === null ? "" : ` (${markdownText(baseline.reason, 200)})`;
  const at = commit === null ? "" : `, commit \`${commit}\``;
  const sentence = `${baselineText(report)}${at}${reason}.`;
  const named = changes.slice(0, NAMED).map(changeWords).join("; ");
  const more = changes.length > NAMED ? `; and ${formatCount(changes.length - NAMED)} more` : "";
  const changed = changes.length === 0 ? "" : ` **Changed:** ${named}${more}.`;
  return { title: "comparison", versions: [sentence + changed] };
}

function changeWords(change: Change): string {
  const { before, after } = changeText(change);
  const name = `${change.kind} ${markdownCode(change.name, 60)}`;
  const short = before.length <= 24 && after.length <= 24;
  return short ? `${name} ${markdownCode(before)} → ${markdownCode(after)}` : name;
}

/** Every change against the model in production, before and after. */
export function changesBlock({ changes }: Pick<Report, "changes">): Block | null {
  if (changes.length === 0) return null;
  return detailsBlock(
    "what changed",
    50,
    changesTables(changes),
    `What changed (${formatCount(changes.length)})`,
  );
}

/** The table of changes in ever shorter versions; `trainyard diff` shows it too. */
export function changesTables(changes: readonly Change[]): string[] {
  const headings = [left("What"), left("Name"), left("Before"), left("After")];
  return tableVersions(headings, changes, "changes", (change) => {
    const { before, after } = changeText(change);
    return [change.kind, markdownCode(change.name, 80), markdownCode(before, 80), markdownCode(after, 80)];
  });
}
