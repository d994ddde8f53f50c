import { terminalText } from "../escape.ts";
import { formatCount } from "../numbers.ts";
import type { Report } from "../report.ts";
import {
  lossText,
  lossTitle,
  sliceLists,
  sliceText,
  TOLD,
  unconfirmedText,
} from "../sections/slices-words.ts";
import { type Paint, wrap } from "./columns.ts";
import { note } from "./lines.ts";

/** Where the model is weak: a sentence for each slice that the holdout confirms. */
export function sliceLines({ slices }: Pick<Report, "slices">, width: number, ink: Paint): string[] {
  if (slices === undefined) return [];
  const word = lossTitle(slices.loss).toLowerCase();
  return sliceLists(slices).flatMap(({ title, other, rows }) => {
    const confirmed = rows.filter(({ confirmed }) => confirmed).slice(0, TOLD);
    const against = other === "Production" ? "against production's" : "against";
    const more = unconfirmedText(rows);
    return [
      ...(confirmed.length === 0 ? note(`${title}: no slice is confirmed`, width) : [`  ${title}:`]),
      ...confirmed.flatMap((row) => {
        const numbers =
          row.held === null
            ? ""
            : `: ${word} ${lossText(slices.loss, row.held.value)} ${against} ${lossText(slices.loss, row.held.other)}, n = ${formatCount(row.held.rows)}`;
        return wrap(`${terminalText(sliceText(row), 240)}${numbers}`, width - 4).map((line) => `    ${line}`);
      }),
      ...(more === null ? [] : note(more, width).map(ink.dim)),
    ];
  });
}
