import { markdownCode, markdownText } from "../escape.ts";
import { type Block, foldBlock, left, tableVersions } from "../markdown/blocks.ts";
import type { Report } from "../report.ts";
import { waiverState, waiversSaid } from "../sections/waivers.ts";

/** Which gates may be passed by, by whom, why and until when, folded. */
export function waiversBlock({ waivers = [] }: Pick<Report, "waivers">): Block | null {
  if (waivers.length === 0) return null;
  const headings = [left("Gate"), left("By"), left("Until"), left("Because"), left("What becomes of it")];
  const versions = tableVersions(headings, waivers, "waivers", (row) => [
    markdownCode(row.gate, 100),
    markdownText(row.by, 60),
    markdownText(row.until, 40),
    markdownText(row.because, 240),
    markdownText(waiverState(row), 160),
  ]);
  return foldBlock("Waivers", 82, versions, waiversSaid(waivers));
}
