import { markdownCode, summaryCode } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import type { Change, Report } from "../report.ts";
import { changeText } from "../wording.ts";
import { type Block, foldBlock, left, tableVersions } from "./blocks.ts";

/** So many changes are named in the fold's line; the rest is counted. */
const NAMED = 3;
/** Longer values are in the table alone. */
const SHORT = 24;

/** Every change against the model in production, before and after; the first are named in the fold's line. */
export function changesBlock({ changes }: Pick<Report, "changes">): Block | null {
  if (changes.length === 0) return null;
  const named = changes.slice(0, NAMED).map(changeWords).join("; ");
  const more = changes.length > NAMED ? `; and ${formatCount(changes.length - NAMED)} more` : "";
  return foldBlock("What changed", 50, changesTables(changes), named + more);
}

function changeWords(change: Change): string {
  const { before, after } = changeText(change);
  const name = `${change.kind} ${summaryCode(change.name, 60)}`;
  const short = before.length <= SHORT && after.length <= SHORT && change.kind !== "data"; // digests say nothing
  return short ? `${name} ${summaryCode(before)} → ${summaryCode(after)}` : name;
}

/** The table of changes in ever shorter versions; `trainyard diff` shows it too. */
export function changesTables(changes: readonly Change[]): string[] {
  const headings = [left("What"), left("Name"), left("Before"), left("After")];
  return tableVersions(headings, changes, "changes", (change) => {
    const { before, after } = changeText(change);
    return [change.kind, markdownCode(change.name, 80), markdownCode(before, 80), markdownCode(after, 80)];
  });
}
