import { htmlText } from "../escape.ts";
import type { Report } from "../report.ts";
import { waiverState } from "../sections/waivers.ts";
import { card, codeHtml, sub, tableHtml, tag } from "./markup.ts";

/** Which gates may be passed by, by whom, why and until when. */
export function waiversCard({ waivers = [] }: Pick<Report, "waivers">): string {
  if (waivers.length === 0) return "";
  const headings = [
    { title: "Gate", kind: "text" },
    { title: "By" },
    { title: "Until" },
    { title: "What becomes of it" },
  ] as const;
  const table = tableHtml("Waivers", headings, waivers, (row) => [
    codeHtml(row.gate, 120) + sub(htmlText(row.because, 500)),
    htmlText(row.by, 100),
    htmlText(row.until),
    row.state === "holds" ? tag("waived", "waived") : htmlText(waiverState(row)),
  ]);
  return card(
    "Waivers",
    table,
    "gates that may be passed by, as the base branch has it; none of them is a pass",
  );
}
