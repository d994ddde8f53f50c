import { markdownCode, markdownText, summaryCode } from "../escape.ts";
import { type Block, foldBlock, left, right, tableVersions } from "../markdown/blocks.ts";
import { formatCount } from "../numbers.ts";
import type { Report } from "../report.ts";
import type { SliceRow, Slices } from "../sections/slices.ts";
import {
  confirmedText,
  hiddenValues,
  lossDifference,
  lossText,
  lossTitle,
  type SliceList,
  searchText,
  sliceLists,
  TOLD,
  unconfirmedText,
} from "../sections/slices-words.ts";

/** Where the model is weak, folded: what the holdout confirms, with its numbers. */
export function slicesBlock({ slices }: Pick<Report, "slices">): Block | null {
  if (slices === undefined) return null;
  const full = sliceLists(slices).map((list) => listText(list, slices));
  const hidden = hiddenValues(slices);
  const said = hidden === null ? searchText(slices) : `${searchText(slices)} ${hidden}`;
  const body = [...full, said].join("\n\n");
  const alarm = (slices.worse ?? []).some(({ confirmed }) => confirmed) ? "⚠️ " : "";
  return foldBlock("Weak slices", 65, [body], `${alarm}${confirmedText(slices)}${weakest(slices)}`);
}

/** The slice that stands out most, in one line: what got worse is news, what is weak is known. */
function weakest({ weak, worse, loss }: Slices): string {
  const first = [...(worse ?? []), ...weak].find(({ confirmed }) => confirmed);
  if (first?.held == null) return "";
  const { value, other, rows } = first.held;
  const against = worse?.includes(first) ? "in production" : "elsewhere";
  const numbers = `${lossText(loss, value)} against ${lossText(loss, other)} ${against}`;
  return ` · ${conditionsText(first, summaryCode)}: ${lossTitle(loss).toLowerCase()} ${numbers}, n ${formatCount(rows)}`;
}

function listText({ title, other, rows }: SliceList, { loss }: Slices): string {
  const confirmed = rows.filter(({ confirmed }) => confirmed).slice(0, TOLD);
  const headings = [left(title), right("n"), right(lossTitle(loss)), right(other), left("Difference")];
  const [table = ""] = tableVersions(headings, confirmed, "slices", (row) => [
    conditionsText(row),
    formatCount(row.held?.rows),
    row.held === null ? "–" : lossText(loss, row.held.value),
    row.held === null ? "–" : lossText(loss, row.held.other),
    row.held === null ? "–" : lossDifference(loss, row.held),
  ]);
  const shown = confirmed.length === 0 ? `**${title}:** no slice is confirmed.` : table;
  const more = unconfirmedText(rows);
  return more === null ? shown : `${shown}\n\n${more}`;
}

function conditionsText({ conditions }: SliceRow, code: typeof markdownCode = markdownCode): string {
  return conditions
    .map(({ column, place, text }) =>
      text === null ? `${code(column, 60)} ${markdownText(place, 80)}` : code(text, 120),
    )
    .join(" and ");
}
