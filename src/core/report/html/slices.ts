import { htmlText } from "../escape.ts";
import { formatCount, formatNumber } from "../numbers.ts";
import { rateStrip } from "../plots/strip.ts";
import type { Report } from "../report.ts";
import type { Loss, SliceRow, Slices } from "../sections/slices.ts";
import {
  hiddenValues,
  lossDifference,
  lossText,
  lossTitle,
  type SliceList,
  searchText,
  sliceLists,
  sliceText,
} from "../sections/slices-words.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

/** Where the model is weak: every slice that was found, with what the holdout says of it. */
export function slicesCard({ slices }: Pick<Report, "slices">, rows?: number): string {
  if (slices === undefined) return "";
  const lists = sliceLists(slices).map((list, place) => listHtml(list, slices, place, rows));
  const hidden = hiddenValues(slices);
  const texts = [searchText(slices), ...(hidden === null ? [] : [hidden])];
  const said = texts.map((text) => `<p class="note">${htmlText(text, 600)}</p>`).join("");
  return card("Weak slices", lists.join("") + said, "found on some rows, confirmed on others");
}

function listHtml({ title, other, rows }: SliceList, { loss }: Slices, place: number, most?: number): string {
  if (rows.length === 0) return `<h3>${title}</h3><p class="note">No slice was found.</p>`;
  const bars = loss === "error";
  const headings = [
    { title: "Slice", kind: "text" } as const,
    ...(bars ? [{ title: `${lossTitle(loss)}, 0 to 100%`, optional: true } as const] : []),
    { title: lossTitle(loss), number: true } as const,
    { title: other, number: true } as const,
    { title: "Difference", number: true } as const,
    { title: "p, corrected", number: true, optional: true } as const,
  ];
  const table = tableHtml(
    title,
    headings,
    rows,
    (row, index) => [
      conditionsHtml(row) + standing(row),
      ...(bars
        ? [rateStrip(`slice-${place}-${index}`, sliceText(row), row.held?.value ?? null, null) ?? "–"]
        : []),
      row.held === null ? "–" : lossText(loss, row.held.value),
      row.held === null ? "–" : lossText(loss, row.held.other),
      row.held === null ? "–" : differenceHtml(loss, row.held),
      row.held === null ? "–" : formatNumber(row.held.p_adjusted),
    ],
    most,
  );
  return `<h3>${title}</h3>${table}`;
}

/** What the holdout says of a slice, and on how many rows. */
function standing({ held, confirmed }: SliceRow): string {
  if (held === null) return sub(tag("inconclusive", "too few holdout rows"));
  const said = confirmed ? tag("warn", "confirmed") : tag("no gates", "not confirmed");
  const worth = held.effective === undefined ? "" : `, worth ${formatCount(held.effective)} of equal weight`;
  return sub(`${said} · n ${formatCount(held.rows)}${worth}`);
}

function differenceHtml(loss: Loss, held: NonNullable<SliceRow["held"]>): string {
  const [value = "", range = ""] = lossDifference(loss, held).split(" (");
  return htmlText(value) + sub(htmlText(range.replace(")", "")));
}

function conditionsHtml({ conditions }: SliceRow): string {
  return conditions
    .map(({ column, place, text }) =>
      text === null ? `${codeHtml(column, 60)} ${htmlText(place, 80)}` : codeHtml(text, 120),
    )
    .join(" and ");
}
